"""The communities: all that one may see, what each is, and coming in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Max, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from agora import queue, solved
from agora.forms_communities import DocumentForm, JoinForm, OpenForm, SpaceForm
from agora.models import Topic
from platform_core.base.errors import Refusal
from platform_core.files.public import kept, serve
from platform_core.participation import public as participation
from platform_core.participation.public import Joining, OrganKind, Visibility

from .doors import PAGES, me, number_in, refuse, space_of

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from platform_core.participation.public import Space, Standing


@never_cache
@require_GET
def communities(request: HttpRequest) -> HttpResponse:
    """Those that one may see: one's own first. The same queries whatever their number."""
    spaces = list(participation.spaces_visible_to(request.user).order_by("closed_at", "name", "pk"))
    mine = participation.memberships_in_spaces(me(request)) if request.user.is_authenticated else {}
    members = participation.counts_of_members([space.pk for space in spaces])
    entered = set(participation.spaces_entered_by(request.user).values_list("pk", flat=True))
    alive = {
        pk: (topics, last)
        for pk, topics, last in Topic.objects.filter(space__in=entered, hidden_at=None, merged_into=None)
        .order_by()
        .values_list("space")
        .annotate(topics=Count("pk"), last=Max("last_post_at"))
    }
    moderates = participation.spaces_moderated_by(request.user).exists()
    cards = [(space, mine.get(space.pk), members.get(space.pk, 0), *alive.get(space.pk, (0, None))) for space in spaces]
    context = {
        "mine": [card for card in cards if card[1]],
        "others": [card for card in cards if not card[1]],
        "may_open": participation.can_open_space(request.user),
        "sees_found": solved.can_see_found(request.user),
        "moderates": moderates,
        "waiting": queue.count_waiting(me(request)) if moderates else 0,
    }
    return render(request, "agora/communities.html", context)


@never_cache
@login_required
@require_http_methods(PAGES)
def open_community(request: HttpRequest) -> HttpResponse:
    """For the coordination of the service; 404 for the rest."""
    if not participation.can_open_space(request.user):
        raise Http404
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            space = participation.open_space(
                actor=me(request), name=sent["name"], slug=sent["slug"], summary=sent["summary"],
                charter=sent["charter"], organ_kind=OrganKind(sent["organ_kind"]), moderators=sent["moderators"],
                visibility=Visibility(sent["visibility"]), joining=Joining(sent["joining"]),
            )  # fmt: skip
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The community is open."))
            return redirect("agora:about", space.slug)
    return render(request, "agora/open.html", {"form": form}, status=422 if form.errors else 200)


def seen_space(request: HttpRequest, slug: str) -> Space:
    """A community whose name the person may see. 404 for the rest."""
    found: Space | None = participation.spaces_visible_to(request.user).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


@never_cache
@require_http_methods(PAGES)
def about(request: HttpRequest, slug: str) -> HttpResponse:
    """What it is, its charter, who moderates it, and how to join. Sent to it, what the person does (`fes`)."""
    space = seen_space(request, slug)
    standing = participation.standing_of(request.user, space)
    form = _join_form(space, standing)
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect(f"{space.get_absolute_url()}qui-som/")
        form = _join_form(space, standing, request)
        try:
            if done := _do(request, space, form):
                messages.success(request, done)
                return redirect("agora:about", slug)
        except Refusal as refusal:
            refuse(form, refusal)
    context = {
        "space": space,
        "tab": "about",
        "standing": standing,
        "must_accept": standing.must_accept(space),
        "asks": space.joining == Joining.REQUEST and not standing.invitation,
        "may_join": not standing.seat
        and not space.is_closed
        and (space.joining != Joining.INVITATION or standing.invitation),
        "enters": participation.can_enter(request.user, space),
        "moderates": participation.can_moderate(request.user, space),
        "moderators": list(participation.moderators_of(space)),
        "members": participation.counts_of_members([space.pk]).get(space.pk, 0),
        "form": form,
    }
    return render(request, "agora/about.html", context, status=422 if form.errors else 200)


def _join_form(space: Space, standing: Standing, request: HttpRequest | None = None) -> JoinForm:
    asks = not standing.seat and not standing.invitation and space.joining == Joining.REQUEST
    return JoinForm(
        request.POST if request else None,
        has_charter=bool(space.charter),
        asks=asks,
        initial={"charter": space.charter_version, "message": standing.request.message if standing.request else ""},
    )


def _do(request: HttpRequest, space: Space, form: JoinForm) -> str:
    """What was done, in words; nothing when the form has errors. Raises Refusal."""
    person, wanted = me(request), request.POST.get("fes", "")
    if wanted == "surt":
        participation.leave(person=person, space=space)
        return _("You are not a member of this community any more.")
    if wanted == "retira":
        participation.withdraw_request(person=person, space=space)
        return _("You have taken your request back.")
    if not form.is_valid():
        return ""
    charter = (form.cleaned_data["charter"] or 0) if space.charter else 0
    if wanted == "accepta":
        participation.accept_charter(person=person, space=space, charter_version=charter)
        return _("Done: you can write in this community.")
    if wanted == "demana":
        participation.request_to_join(
            person=person, space=space, message=form.cleaned_data.get("message", ""), charter_version=charter
        )
        return _("We have told who moderates it. You will have an answer by mail.")
    if wanted == "entra":
        participation.join(person=person, space=space, charter_version=charter)
        return _("Welcome! You can read and write in this community.")
    raise Http404


@require_safe
def image(request: HttpRequest, slug: str) -> HttpResponseBase:
    space = seen_space(request, slug)
    if not space.image:
        raise Http404
    return serve(space.image, name=space.slug, content_type=space.image_type, inline=True)


@never_cache
@login_required
@require_http_methods(PAGES)
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Its texts and its doors, for who moderates it."""
    space = moderated(request, slug)
    initial = {name: getattr(space, name) for name in ("name", "summary", "about", "charter", "visibility", "joining")}
    form = SpaceForm(request.POST or None, request.FILES or None, initial=initial)
    form.fields["image"].actor = request.user  # type: ignore[attr-defined]  # it is one of platform_core.files
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, space, dict(form.cleaned_data))
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Done."))
            return redirect("agora:about", slug)
    context = {"space": space, "tab": "about", "form": form}
    return render(request, "agora/settings.html", context, status=422 if form.errors else 200)


def _save(request: HttpRequest, space: Space, sent: dict[str, Any]) -> None:
    uploads = sent.pop("image")[:1]
    if uploads and not uploads[0].content_type.startswith("image/"):
        raise Refusal(_("This is not an image."), field="image")
    with kept(uploads) as files:
        participation.change_space(actor=me(request), space=space, image=files[0] if files else None, **sent)


def moderated(request: HttpRequest, slug: str) -> Space:
    """A community that the person moderates. 404 for the rest."""
    found: Space | None = participation.spaces_moderated_by(request.user).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


@never_cache
@require_http_methods(PAGES)
def documents(request: HttpRequest, slug: str) -> HttpResponse:
    space = space_of(request, slug)
    moderates = participation.can_moderate(request.user, space)
    form = DocumentForm(request.POST or None, request.FILES or None) if moderates else None
    if request.method == "POST":
        if form is None:
            raise Http404
        form.fields["documents"].actor = request.user  # type: ignore[attr-defined]  # as above
        if form.is_valid():
            sent = form.cleaned_data
            try:
                participation.add_documents(
                    actor=me(request), space=space, uploads=sent["documents"], title=sent["title"]
                )
            except Refusal as refusal:
                refuse(form, refusal)
            else:
                messages.success(request, _("Done."))
                return redirect("agora:documents", slug)
    context = {
        "space": space,
        "tab": "documents",
        "documents": list(
            participation.documents_visible_to(request.user).filter(space=space).select_related("added_by")
        ),
        "form": form,
        "moderates": moderates,
    }
    return render(request, "agora/documents.html", context, status=422 if form and form.errors else 200)


@require_safe
def document(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    found = participation.documents_visible_to(request.user).filter(Q(space__slug=slug), pk=pk).first()
    if found is None:
        raise Http404
    return serve(found.file, name=found.name, content_type=found.content_type, inline="veure" in request.GET)


@login_required
@require_POST
def remove_document(request: HttpRequest, slug: str) -> HttpResponse:
    space = moderated(request, slug)
    pk = number_in(request.POST.get("document", ""), otherwise=0)
    found = participation.documents_visible_to(request.user).filter(space=space, pk=pk).first()
    if found is not None:
        participation.remove_document(actor=me(request), document=found)
        messages.success(request, _("The document is not here any more."))
    return redirect("agora:documents", slug)
