"""Flagging a post; what waits for who moderates, what they decide, and the register of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agora import audit, domain, forms_moderation, permissions, queue
from agora.models import Appeal, Post
from agora.references import shown_to
from platform_core.accounts.models import User
from platform_core.activity.queries import head
from platform_core.base.errors import Refusal
from platform_core.participation import public as participation

from .communities import moderated
from .doors import PAGES, me, number_in, post_of, reading_of, refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpRequest, HttpResponse

    from agora.queries import Reading
    from platform_core.participation.public import Sanction, Space


@never_cache
@login_required
@require_http_methods(PAGES)
def flag(request: HttpRequest, slug: str, pk: int, number: int) -> HttpResponse:
    """Tell who moderates that a post should not stand so."""
    read = reading_of(request, slug, pk)
    post = post_of(request, read, number)
    if not permissions.can_flag(request.user, post):
        raise Http404
    form = forms_moderation.FlagForm(request.POST or None)
    return _about_post(
        request, read, post, form,
        lambda sent: domain.flag(actor=me(request), post=post, **sent),
        what=_("Flag this post"), button=_("Send it to who moderates"),
        done=_("Thank you: who moderates the community will look at it."),
    )  # fmt: skip


@never_cache
@login_required
@require_http_methods(PAGES)
def hide(request: HttpRequest, slug: str, pk: int, number: int) -> HttpResponse:
    read = reading_of(request, slug, pk)
    post = post_of(request, read, number)
    if not read.moderates:
        raise Http404
    form = forms_moderation.HideForm(request.POST or None, is_first=number == 1)
    return _about_post(
        request, read, post, form,
        lambda sent: domain.hide(actor=me(request), post=post, **sent),
        what=_("Hide this post"), button=_("Hide it"), done=_("It is hidden. Its author has been told why."),
    )  # fmt: skip


def _about_post(
    request: HttpRequest,
    read: Reading,
    post: Post,
    form: forms.Form,
    save: Callable[[dict[str, Any]], object],
    *,
    what: str,
    button: str,
    done: str,
) -> HttpResponse:
    """One form about a post, which is shown above it."""
    if request.method == "POST" and form.is_valid():
        try:
            save(form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, done)
            return redirect(_back(request) or read.topic.url_of(post.number))
    context = {
        "topic": read.topic,
        "space": read.topic.space,
        "post": post,
        "html": shown_to(request.user, read.topic.space, [post.html])[0],
        "form": form,
        "what": what,
        "button": button,
        "back": request.GET.get("cua", ""),
    }
    return render(request, "agora/about_post.html", context, status=422 if form.errors else 200)


def _back(request: HttpRequest) -> str:
    """The queue, for who came from it: `?cua=tot` is that of all communities, `?cua=SLUG` that of one."""
    where = request.GET.get("cua", "")
    if not where:
        return ""
    space = participation.spaces_moderated_by(request.user).filter(slug=where).first()
    return reverse("agora:moderation", args=[space.slug]) if space else reverse("agora:all_moderation")


@never_cache
@login_required
@require_GET
def everywhere(request: HttpRequest) -> HttpResponse:
    """What waits in all the communities that the person moderates. 404 for who moderates none."""
    if not participation.spaces_moderated_by(request.user).exists():
        raise Http404
    return render(request, "agora/moderation.html", {"waiting": queue.waiting_for(me(request)), "here": "tot"})


@never_cache
@login_required
@require_GET
def waiting(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits in one community."""
    space = moderated(request, slug)
    cursor = head(f"moderation:{space.pk}")  # before anything is read: news are told twice rather than never
    found = queue.waiting_for(me(request), space)
    context = {
        "cursor": cursor,
        "space": space,
        "tab": "moderation",
        "part": "queue",
        "waiting": found,
        "here": space.slug,
    }
    return render(request, "agora/moderation.html", context)


@never_cache
@login_required
@require_GET
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """What was done, the newest first, by page (`?abans=CURSOR`)."""
    space = moderated(request, slug)
    before = number_in(request.GET.get("abans", ""), otherwise=0) or None
    context = {"space": space, "tab": "moderation", "part": "register", "page": audit.page(space, before=before)}
    return render(request, "agora/moderation_register.html", context)


@login_required
@require_POST
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """What is done with a post of the queue at once (`fes`): nothing is wrong, or it has been seen to."""
    space = moderated(request, slug)
    pk = number_in(request.POST.get("post", ""), otherwise=0)
    post = Post.objects.filter(topic__space=space, pk=pk).first()
    if post is None:
        raise Http404
    verbs: dict[str, Callable[[], object]] = {
        "res": lambda: domain.answer_flags(actor=me(request), post=post, is_upheld=False),
        "vist": lambda: domain.answer_flags(actor=me(request), post=post, is_upheld=True),
    }
    if request.POST.get("fes", "") not in verbs:
        raise Http404
    try:
        verbs[request.POST["fes"]]()
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Done."))
    if request.POST.get("cua") == "tot":
        return redirect("agora:all_moderation")
    return redirect("agora:moderation", slug)


@never_cache
@login_required
@require_http_methods(PAGES)
def person(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What is known of somebody in the community, and warning or suspending them (`fes`)."""
    space = moderated(request, slug)
    found = User.objects.filter(pk=pk).first()
    wrote_or_was_here = found is not None and (
        participation.is_known_in(found, space) or Post.objects.filter(author=found, topic__space=space).exists()
    )
    if found is None or not wrote_or_was_here:
        raise Http404
    done = request.POST.get("fes", "") if request.method == "POST" else ""
    warn = forms_moderation.WarnForm(request.POST if done == "avisa" else None, prefix="avis")
    suspend = forms_moderation.SuspendForm(request.POST if done == "suspen" else None, prefix="suspensio")
    verbs: dict[str, tuple[forms.Form, Callable[..., object]]] = {
        "avisa": (warn, participation.warn),
        "suspen": (suspend, participation.suspend),
    }
    if done and done not in verbs:
        raise Http404
    if done and _decide(request, space, found, *verbs[done]):
        return redirect("agora:moderate_person", slug, pk)
    sanctions, hidings, standing = queue.record_of(found, space)
    context = {
        "space": space,
        "tab": "moderation",
        "person": found,
        "sanctions": sanctions,
        "hidings": hidings,
        "standing": standing,
        "may_sanction": participation.is_member(found, space) and not participation.can_moderate(found, space),
        "warn": warn,
        "suspend": suspend,
    }
    return render(
        request, "agora/moderation_person.html", context, status=422 if warn.errors or suspend.errors else 200
    )


def _decide(request: HttpRequest, space: Space, person: User, form: forms.Form, verb: Callable[..., object]) -> bool:
    if not form.is_valid():
        return False
    try:
        verb(actor=me(request), space=space, person=person, **form.cleaned_data)
    except Refusal as refusal:
        refuse(form, refusal)
        return False
    messages.success(request, _("Done. The person has been told why."))
    return True


@never_cache
@login_required
@require_http_methods(PAGES)
def lift(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a warning or a suspension back."""
    space = moderated(request, slug)
    sanction: Sanction | None = space.sanctions.select_related("person").filter(pk=pk, lifted_at=None).first()
    if sanction is None:
        raise Http404
    form = forms_moderation.LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            participation.lift(actor=me(request), sanction=sanction, because=form.cleaned_data["reason"])
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Done. The person has been told why."))
            return redirect("agora:moderate_person", slug, sanction.person_id)
    context = {"space": space, "tab": "moderation", "sanction": sanction, "form": form}
    return render(request, "agora/moderation_lift.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_http_methods(PAGES)
def appeal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What somebody says against a decision, and the answer."""
    space = moderated(request, slug)
    appeals = Appeal.objects.select_related(
        "space", "person", "hiding__by", "hiding__post__topic__space", "hiding__post__author", "sanction__given_by"
    )
    found = appeals.filter(space=space, pk=pk).first()
    if found is None:
        raise Http404
    form = forms_moderation.AnswerAppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            domain.answer_appeal(actor=me(request), appeal=found, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Done. The person has been told why."))
            return redirect("agora:moderation", slug)
    post = found.hiding.post if found.hiding else None
    context = {
        "space": space,
        "tab": "moderation",
        "appeal": found,
        "html": shown_to(request.user, space, [post.html])[0] if post else "",
        "may_answer": found.answered_at is None and domain.can_answer(me(request), found),
        "form": form,
    }
    return render(request, "agora/moderation_appeal.html", context, status=422 if form.errors else 200)
