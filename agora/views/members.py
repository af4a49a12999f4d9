"""Who is in a community, who asks to be, and who is invited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from agora.forms_communities import ExperienceForm, InviteForm
from platform_core.accounts.models import User
from platform_core.base.errors import Refusal
from platform_core.participation import public as participation
from platform_core.participation.public import SpaceRole

from .communities import moderated
from .doors import me, number_in, refuse, space_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from platform_core.participation.public import Space


@never_cache
@require_GET
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """The directory, for who is signed in and may enter: people are not shown to everybody."""
    return _page(request, space_of(request, slug))


def _page(request: HttpRequest, space: Space, invite: InviteForm | None = None) -> HttpResponse:
    signed_in = request.user.is_authenticated
    moderates = participation.can_moderate(request.user, space)
    text = request.GET.get("q", "")[:100]
    standing = participation.standing_of(request.user, space)
    context = {
        "space": space,
        "tab": "members",
        "text": text,
        "directory": participation.directory(space, text=text, after=request.GET.get("despres", ""))
        if signed_in
        else None,
        "total": participation.counts_of_members([space.pk]).get(space.pk, 0),
        "moderates": moderates,
        "requests": list(participation.waiting_requests(space)) if moderates else [],
        "invitations": list(participation.pending_invitations(space)) if moderates else [],
        "invite": (invite or InviteForm()) if moderates and not space.is_closed else None,
        "seat": standing.seat,
        "experience": ExperienceForm(initial={"experience": standing.seat.experience}) if standing.seat else None,
    }
    return render(request, "agora/members.html", context, status=422 if invite and invite.errors else 200)


@login_required
@require_POST
def experience(request: HttpRequest, slug: str) -> HttpResponse:
    space = space_of(request, slug)
    form = ExperienceForm(request.POST)
    if form.is_valid():
        participation.describe_experience(person=me(request), space=space, text=form.cleaned_data["experience"])
        messages.success(request, _("Done."))
    else:
        messages.error(request, _("This text is too long: at most 600 characters."))
    return redirect("agora:members", slug)


@login_required
@require_POST
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    space, form = moderated(request, slug), InviteForm(request.POST)
    if form.is_valid():
        try:
            participation.invite(actor=me(request), space=space, email=form.cleaned_data["email"])
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("We have sent the invitation."))
            return redirect("agora:members", slug)
    return _page(request, space, form)


@login_required
@require_POST
def manage(request: HttpRequest, slug: str) -> HttpResponse:
    """What who moderates does (`fes`) with a `person`, a `request` or an `invitation`."""
    space = moderated(request, slug)
    verbs: dict[str, Callable[[], object]] = {
        "aprova": lambda: _answer(request, space, is_approved=True),
        "denega": lambda: _answer(request, space, is_approved=False),
        "anul·la": lambda: _revoke(request, space),
        "treu": lambda: participation.remove_member(actor=me(request), space=space, person=_person(request)),
        "modera": lambda: _appoint(request, space, SpaceRole.MODERATOR),
        "membre": lambda: _appoint(request, space, SpaceRole.MEMBER),
    }
    wanted = request.POST.get("fes", "")
    if wanted not in verbs:
        raise Http404
    try:
        verbs[wanted]()
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Done."))
    return redirect("agora:members", slug)


def _answer(request: HttpRequest, space: Space, *, is_approved: bool) -> None:
    pk = number_in(request.POST.get("request", ""), otherwise=0)
    found = participation.JoinRequest.objects.filter(space=space, pk=pk).first()
    if found is None:
        raise Http404
    reason = request.POST.get("reason", "")
    participation.answer_request(actor=me(request), request=found, is_approved=is_approved, reason=reason)


def _revoke(request: HttpRequest, space: Space) -> None:
    pk = number_in(request.POST.get("invitation", ""), otherwise=0)
    found = participation.SpaceInvitation.objects.filter(space=space, pk=pk).first()
    if found is None:
        raise Http404
    participation.revoke_invitation(actor=me(request), invitation=found)


def _appoint(request: HttpRequest, space: Space, role: SpaceRole) -> None:
    participation.change_role(actor=me(request), space=space, person=_person(request), role=role)


def _person(request: HttpRequest) -> User:
    found: User | None = User.objects.filter(pk=number_in(request.POST.get("person", ""), otherwise=0)).first()
    if found is None:
        raise Http404
    return found
