"""Changing what is there: a post, its history, the head of a topic; splitting, moving, merging."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from agora import domain, forms, permissions
from agora.models import Topic
from agora.references import shown_to
from platform_core.base.errors import Refusal
from platform_core.participation.public import spaces_moderated_by

from .doors import PAGES, me, post_of, reading_of, refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms as django_forms
    from django.http import HttpRequest, HttpResponse

    from agora.queries import Reading


@never_cache
@login_required
@require_http_methods(PAGES)
def edit(request: HttpRequest, slug: str, pk: int, number: int) -> HttpResponse:
    read = reading_of(request, slug, pk)
    post = post_of(request, read, number)
    if not permissions.can_edit(request.user, post):
        raise Http404
    form = forms.EditForm(
        request.POST or None,
        preview=reverse("agora:preview", args=[slug]),
        initial={"text": post.text, "version": post.version},
    )
    newer = None
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            domain.edit_post(
                actor=me(request), post=post, text=sent["text"], reason=sent["reason"], expected_version=sent["version"]
            )
        except domain.Changed as changed:
            refuse(form, changed)
            newer = changed.post
            # What was typed stays; sent again, it is meant for what the post says now.
            form.data = {**request.POST.dict(), "version": str(newer.version)}
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return redirect(read.topic.url_of(number))
    context = {"read": read, "topic": read.topic, "space": read.topic.space, "post": post, "form": form, "newer": newer}
    return render(request, "agora/edit.html", context, status=422 if form.errors else 200)


@never_cache
@require_GET
def history(request: HttpRequest, slug: str, pk: int, number: int) -> HttpResponse:
    """What a post said before, the newest first; for who may read the post."""
    read = reading_of(request, slug, pk)
    post = post_of(request, read, number)
    earlier = list(post.revisions.select_related("by").order_by("-version"))
    html = shown_to(request.user, read.topic.space, [post.html, *(domain.render(one.text) for one in earlier)])
    # A revision says who replaced it and when: that is whose the next version is.
    times = [(one.at, one.by, one.reason) for one in earlier] + [(post.created_at, post.author, "")]
    versions = [
        (version, at, by, reason, words)
        for version, (at, by, reason), words in zip(range(post.version, 0, -1), times, html, strict=False)
    ]
    context = {"topic": read.topic, "space": read.topic.space, "post": post, "versions": versions}
    return render(request, "agora/history.html", context)


@never_cache
@login_required
@require_http_methods(PAGES)
def change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Title, kind and tags."""
    read = reading_of(request, slug, pk)
    if not read.may_rename:
        raise Http404
    topic = read.topic
    tags = ", ".join(tag.name for tag in topic.tags.all())
    initial = {"title": topic.title, "kind": topic.kind, "tags": tags, "version": topic.version}
    form = forms.ChangeForm(request.POST or None, initial=initial)

    def save(sent: dict[str, Any]) -> Topic:
        version = sent.pop("version")
        return domain.change_topic(actor=me(request), topic=topic, expected_version=version, **sent)

    return _change(request, read, form, save, title=_("Change the topic"), button=_("Save"))


@never_cache
@login_required
@require_http_methods(PAGES)
def pin(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    read = _managed(request, slug, pk)

    def save(sent: dict[str, Any]) -> Topic:
        return domain.pin(actor=me(request), topic=read.topic, until=sent["until"])

    return _change(
        request, read, forms.PinForm(request.POST or None), save, title=_("Pin it above the others"), button=_("Pin it")
    )


@never_cache
@login_required
@require_http_methods(PAGES)
def split(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    read = _managed(request, slug, pk)
    form = forms.SplitForm(request.POST or None, initial={"numbers": request.GET.get("n", "")})

    def save(sent: dict[str, Any]) -> Topic:
        return domain.split(actor=me(request), topic=read.topic, **sent)

    return _change(request, read, form, save, title=_("Take posts to a topic of their own"), button=_("Split"))


@never_cache
@login_required
@require_http_methods(PAGES)
def move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    read = _managed(request, slug, pk)
    others = list(spaces_moderated_by(request.user).exclude(pk=read.topic.space_id).order_by("name"))

    def save(sent: dict[str, Any]) -> Topic:
        return domain.move(actor=me(request), topic=read.topic, space=sent["space"])

    form = forms.MoveForm(request.POST or None, spaces=others)
    return _change(request, read, form, save, title=_("Move it to another community"), button=_("Move"))


@never_cache
@login_required
@require_http_methods(PAGES)
def merge(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    read = _managed(request, slug, pk)

    def save(sent: dict[str, Any]) -> Topic:
        into = permissions.topics_visible_to(me(request)).select_related("space").filter(pk=sent["into"]).first()
        if into is None:
            raise Refusal(_("There is no such topic."), field="into")
        return domain.merge(actor=me(request), topic=read.topic, into=into)

    form = forms.MergeForm(request.POST or None)
    return _change(request, read, form, save, title=_("Merge it with another topic"), button=_("Merge"))


def _managed(request: HttpRequest, slug: str, pk: int) -> Reading:
    read = reading_of(request, slug, pk)
    if not read.moderates or read.topic.merged_into_id:
        raise Http404
    return read


def _change(
    request: HttpRequest,
    read: Reading,
    form: django_forms.Form,
    save: Callable[[dict[str, Any]], Topic],
    *,
    title: str,
    button: str,
) -> HttpResponse:
    """One form about the topic: done, or shown with what is wrong and all that was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            changed = save(dict(form.cleaned_data))
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Done."))
            return redirect(changed)
    context = {
        "topic": read.topic,
        "space": read.topic.space,
        "form": form,
        "what": title,
        "button": button,
    }
    return render(request, "agora/change.html", context, status=422 if form.errors else 200)
