"""The pages under /ens/: permission, form, domain, template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from platform_core.base.errors import Refusal
from platform_core.base.spreadsheets import csv_response

from . import domain, handover, listing, queries
from .forms import EndForm, HandoverForm, MemberForm, RoleForm
from .models import Invitation, Membership, Organisation
from .permissions import can_manage_members, can_override, is_staff, manageable_by, visible_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django import forms
    from django.http import StreamingHttpResponse

    from platform_core.accounts.models import User

PAGES = ["GET", "HEAD", "POST"]


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All of them for who works for the service; a member sees their own."""
    organisations = visible_to(request.user)
    filters = listing.Filters.from_query(request.GET)
    page = listing.page(
        organisations, filters, after=request.GET.get("despres", ""), before=request.GET.get("abans", "")
    )
    return render(
        request,
        "organisations/list.html",
        {
            "page": page,
            "filters": filters,
            "comarques": listing.comarques(organisations),
            "orders": listing.ORDER_LABELS.items(),
            "joined_choices": listing.JOINED.items(),
            "is_staff": is_staff(request.user),
        },
    )


@login_required
@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The filtered list as CSV."""
    filters = listing.Filters.from_query(request.GET)
    rows = filters.apply(visible_to(request.user))
    counts = queries.counts_of_members(rows.order_by().values_list("pk", flat=True))
    head = [_("INE code"), _("name"), _("comarca"), _("kind"), _("joined"), _("referents"), _("members")]
    return csv_response("ens.csv", head, _cells(rows.iterator(), counts))


@login_required
@require_GET
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = get_object_or_404(visible_to(request.user), slug=slug)
    manages = can_manage_members(request.user, organisation)
    members = list(queries.current_members(organisation))
    return render(
        request,
        "organisations/detail.html",
        {
            "organisation": organisation,
            "manages": manages,
            "staff": is_staff(request.user),
            "members": members,
            "mine": next((item for item in members if item.person_id == request.user.pk), None),
            "past": list(queries.past_members(organisation)) if manages else [],
            "invitations": list(queries.pending_invitations(organisation)) if manages else [],
        },
    )


@login_required
@require_http_methods(PAGES)
def add_member(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = get_object_or_404(manageable_by(request.user), slug=slug)
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = domain.add_member(actor=_me(request), organisation=organisation, **form.cleaned_data)
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            if isinstance(added, Invitation):
                messages.success(request, _("We have sent an invitation to %(email)s.") % {"email": added.email})
            else:
                messages.success(request, _("%(name)s is now a member.") % {"name": added.person})
            return redirect(organisation)
    return _page(request, "organisations/add_member.html", {"organisation": organisation, "form": form})


@login_required
@require_http_methods(PAGES)
def change_role(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation = get_object_or_404(manageable_by(request.user), slug=slug)
    membership = _seat(organisation, pk)
    form = RoleForm(request.POST or None, initial={"role": membership.role}, may_override=can_override(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            domain.change_role(
                actor=_me(request),
                membership=membership,
                role=form.cleaned_data["role"],
                leave_without_referent=form.leaves_without_referent,
            )
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("The role of %(name)s has changed.") % {"name": membership.person})
            return redirect(_after(request, organisation))
    context = {"organisation": organisation, "membership": membership, "form": form}
    return _page(request, "organisations/change_role.html", context)


@login_required
@require_http_methods(PAGES)
def end_membership(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """For those who manage members, and for anyone who leaves."""
    organisation = get_object_or_404(visible_to(request.user), slug=slug)
    membership = _seat(organisation, pk)
    own = membership.person_id == request.user.pk
    if not own and not can_manage_members(request.user, organisation):
        raise Http404
    form = EndForm(request.POST or None, may_override=can_override(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            domain.end_membership(
                actor=_me(request),
                membership=membership,
                until=form.cleaned_data["until"],
                leave_without_referent=form.leaves_without_referent,
            )
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _("The seat of %(name)s has been closed.") % {"name": membership.person})
            return redirect(_after(request, organisation))
    context = {"organisation": organisation, "membership": membership, "form": form, "own": own}
    return _page(request, "organisations/end_membership.html", context)


@login_required
@require_POST
def revoke_invitation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    organisation = get_object_or_404(manageable_by(request.user), slug=slug)
    invitation = get_object_or_404(organisation.invitations.all(), pk=pk)
    try:
        domain.revoke_invitation(actor=_me(request), invitation=invitation)
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("The invitation to %(email)s has been cancelled.") % {"email": invitation.email})
    return redirect(organisation)


@login_required
@require_http_methods(PAGES)
def hand_over(request: HttpRequest, slug: str) -> HttpResponse:
    """First who leaves (`?de=`, a seat), then what will move and who takes it."""
    organisation = get_object_or_404(manageable_by(request.user), slug=slug)
    members = list(queries.current_members(organisation))
    leaving = _leaving(request, members)
    context: dict[str, Any] = {
        "organisation": organisation,
        "members": members,
        "leaving": leaving,
        "staff": is_staff(request.user),
    }
    if leaving is None:
        return render(request, "organisations/hand_over_who.html", context)
    form = HandoverForm(request.POST or None, successors=queries.possible_successors(leaving))
    if request.method == "POST" and form.is_valid():
        successor = form.cleaned_data["successor"]
        try:
            handover.hand_over(actor=_me(request), membership=leaving, successor=successor)
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            names = {"name": leaving.person, "successor": successor.person}
            messages.success(request, _("Done: %(successor)s takes over from %(name)s.") % names)
            return redirect(_after(request, organisation))
    context |= {
        "form": form,
        "moving": handover.preview(person=leaving.person, organisation=organisation),
        "alone": len(members) == 1,
    }
    return _page(request, "organisations/hand_over.html", context)


@never_cache
@require_http_methods(PAGES)
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of the mail leads, with or without an account."""
    found = queries.invitation_of_token(token)
    if found is None:
        raise Http404
    user = request.user
    mine = user.is_authenticated and queries.has_email(user, found.email)
    context = {"invitation": found, "mine": mine, "token": token}
    if request.method == "POST" and user.is_authenticated:
        try:
            seat = domain.accept_invitation(person=user, invitation=found)
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
            return redirect("organisations:invitation", token=token)
        messages.success(request, _("Welcome to %(organisation)s.") % {"organisation": seat.organisation})
        return redirect(seat.organisation)
    if found.is_pending() and not user.is_authenticated:
        # Whoever follows the link reads that mailbox: no second mail to prove it.
        get_adapter(request).stash_verified_email(request, found.email)
    return render(request, "organisations/invitation.html", context)


def _me(request: HttpRequest) -> User:
    """Who is signed in: the views that ask have sent visitors away already."""
    return cast("User", request.user)


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A form to fill in, or to correct (422)."""
    context["staff"] = is_staff(request.user)
    return render(request, template, context, status=422 if context["form"].errors else 200)


def _seat(organisation: Organisation, pk: int) -> Membership:
    seats = organisation.memberships.current().select_related("person", "organisation")
    seat: Membership = get_object_or_404(seats, pk=pk)
    return seat


def _leaving(request: HttpRequest, members: list[Membership]) -> Membership | None:
    wanted = request.GET.get("de", "")
    return next((member for member in members if str(member.pk) == wanted), None)


def _after(request: HttpRequest, organisation: Organisation) -> Any:
    """Who has just left can no longer see the organisation."""
    return organisation if visible_to(request.user).filter(pk=organisation.pk).exists() else "home"


def _refuse(form: forms.Form, refusal: Refusal) -> None:
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, str(refusal.message))


def _cells(organisations: Iterator[Organisation], counts: dict[int, tuple[int, int]]) -> Iterator[list[object]]:
    for item in organisations:
        yield [
            item.ine_code or "",
            item.index_name,
            item.comarca,
            item.get_kind_display(),
            item.joined_on.isoformat() if item.joined_on else "",
            *counts.get(item.pk, (0, 0)),
        ]
