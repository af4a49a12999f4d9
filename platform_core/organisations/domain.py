"""What people do to organisations and to who works in them. The only place that changes them (with `handover`).

Every verb locks the row of the organisation first, so that two people who manage the same one take turns.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from platform_core.activity.domain import record
from platform_core.base.errors import Refusal

from .events import InvitationRevoked, MemberAdded, MemberInvited, MembershipEnded, RoleChanged
from .models import Invitation, Membership, MembershipRole, Organisation
from .permissions import can_manage_members, can_override
from .queries import has_email, other_referents, person_with_email

if TYPE_CHECKING:
    from platform_core.accounts.models import User
    from platform_core.activity.events import Event

INVITATION_LIFE = timedelta(days=14)
MOST_PENDING_INVITATIONS = 30
FURTHEST_END = timedelta(days=366)


def add_member(
    *, actor: User | None, organisation: Organisation, email: str, role: MembershipRole, since: date | None = None
) -> Membership | Invitation:
    """Give the person behind `email` a seat; someone we do not know gets an invitation by mail instead.

    `since` is the first day, in the service's time zone: today, or an earlier one for who has been there for a while.
    `actor` is None when a command does it. Raises Refusal when the actor may not, the address is not one, its account
    is closed, the person already has a seat, or had one on that day.
    """
    email = _checked_email(email)
    with transaction.atomic():
        organisation = locked(organisation)
        guard_manager(actor, organisation)
        person = person_with_email(email)
        if person is None:
            return _invite(actor=actor, organisation=organisation, email=email, role=role)
        if not person.is_active:
            closed = _("The account of this person is closed. Write to the service to open it again.")
            raise Refusal(closed, field="email")
        since = since or timezone.localdate()
        _guard_no_seat(person, organisation, since)
        return _seat(person, organisation, role, since=since, actor=actor, by_invitation=False)


def invite(*, actor: User | None, organisation: Organisation, email: str, role: MembershipRole) -> Invitation:
    """Ask whoever reads `email` to join, whether or not they have an account: who asks is not told, and nobody gets a
    seat without a word. Asking again renews the invitation that is open.

    Raises Refusal when the actor may not, the address is not one, and when too many invitations wait for an answer.
    """
    email = _checked_email(email)
    with transaction.atomic():
        organisation = locked(organisation)
        guard_manager(actor, organisation)
        return _invite(actor=actor, organisation=organisation, email=email, role=role)


def _invite(*, actor: User | None, organisation: Organisation, email: str, role: MembershipRole) -> Invitation:
    """Asking again renews the open invitation: the link in the first mail goes on working."""
    now = timezone.now()
    invitation = Invitation.objects.filter(
        organisation=organisation, email__iexact=email, accepted_at=None, revoked_at=None
    ).first()
    if invitation is None:
        if organisation.invitations.pending().count() >= MOST_PENDING_INVITATIONS:
            raise Refusal(
                _("There are too many invitations without an answer. Cancel some before sending another one.")
            )
        invitation = Invitation(email=email, organisation=organisation)
    invitation.role = role
    invitation.invited_by = actor
    invitation.created_at = now
    invitation.expires_at = now + INVITATION_LIFE
    invitation.save()
    _record(MemberInvited(invitation_id=invitation.pk, role=role), organisation, actor=actor)
    return invitation


def accept_invitation(*, person: User, invitation: Invitation) -> Membership:
    """Turn an invitation into a seat. It works once; who already has a seat keeps the one they have.

    Raises Refusal when it was accepted, cancelled or has expired, and when it was sent to somebody else.
    """
    with transaction.atomic():
        organisation = locked(invitation.organisation)
        invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if not invitation.is_pending():
            raise Refusal(_("This invitation is no longer valid. Ask your organisation for another one."))
        if not person.is_active or not has_email(person, invitation.email):
            raise Refusal(_("This invitation was sent to another address. Sign in with the account of that address."))
        invitation.accepted_at = timezone.now()
        invitation.save(update_fields=["accepted_at"])
        seat: Membership | None = organisation.memberships.current().filter(person=person).first()
        if seat is None:
            role, today = MembershipRole(invitation.role), timezone.localdate()
            seat = _seat(person, organisation, role, since=today, actor=person, by_invitation=True)
    return seat


def revoke_invitation(*, actor: User, invitation: Invitation) -> None:
    """Cancel an invitation: its link stops working. Raises Refusal when it was accepted meanwhile."""
    with transaction.atomic():
        organisation = locked(invitation.organisation)
        guard_manager(actor, organisation)
        invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if invitation.accepted_at:
            raise Refusal(_("This invitation has just been accepted."))
        if invitation.revoked_at:
            return
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at"])
        event = InvitationRevoked(invitation_id=invitation.pk, role=MembershipRole(invitation.role))
        _record(event, organisation, actor=actor)


def change_role(
    *, actor: User | None, membership: Membership, role: MembershipRole, leave_without_referent: bool = False
) -> Membership:
    """Close the seat and open another with the new role, so that the history keeps both. Returns the seat in force.

    Raises Refusal when the seat is not in force, or when the organisation would be left without a referent
    (see `guard_referent`).
    """
    with transaction.atomic():
        organisation = locked(membership.organisation)
        guard_manager(actor, organisation)
        membership = current_seat(membership)
        if membership.role == role:
            return membership
        if role != MembershipRole.REFERENT:
            guard_referent(actor, membership, leave_without_referent=leave_without_referent)
        event = RoleChanged(person_id=membership.person_id, before=MembershipRole(membership.role), after=role)
        seat = switch_role(membership, role)
        _record(event, organisation, actor=actor, person_id=membership.person_id)
    return seat


def end_membership(
    *, actor: User | None, membership: Membership, until: date | None = None, leave_without_referent: bool = False
) -> Membership:
    """Close a seat. `until` is the first day out in the service's time zone; today when None.

    Managers end anyone's, and everyone may end their own. Raises Refusal when the seat is not in force, the day is
    before its start or more than a year away, or no referent would be left (see `guard_referent`).
    """
    day = until or timezone.localdate()
    with transaction.atomic():
        organisation = locked(membership.organisation)
        if actor is None or actor.pk != membership.person_id:
            guard_manager(actor, organisation)
        membership = current_seat(membership)
        _guard_end(membership, day)
        guard_referent(actor, membership, leave_without_referent=leave_without_referent)
        membership.until = day
        membership.save(update_fields=["until"])
        event = MembershipEnded(person_id=membership.person_id, role=MembershipRole(membership.role), until=day)
        _record(event, organisation, actor=actor, person_id=membership.person_id)
    return membership


def guard_referent(actor: User | None, membership: Membership, *, leave_without_referent: bool) -> None:
    """An organisation keeps a referent: only a coordinator who says so may leave it without one."""
    if membership.role != MembershipRole.REFERENT or other_referents(membership).exists():
        return
    if leave_without_referent and (actor is None or can_override(actor)):
        return
    raise Refusal(
        _("%(name)s is the only referent of %(organisation)s. Name another one first, or hand everything over.")
        % {"name": membership.person, "organisation": membership.organisation}
    )


def switch_role(membership: Membership, role: MembershipRole) -> Membership:
    """Give a seat in force another role from today. Part of a verb that guards, holds the lock and records."""
    today = timezone.localdate()
    if membership.since == today:
        membership.role = role
        membership.save(update_fields=["role"])
        return membership
    end = membership.until
    membership.until = today
    membership.save(update_fields=["until"])
    seat: Membership = Membership.objects.create(
        person_id=membership.person_id, organisation_id=membership.organisation_id, role=role, since=today, until=end
    )
    return seat


def _seat(
    person: User,
    organisation: Organisation,
    role: MembershipRole,
    *,
    since: date,
    actor: User | None,
    by_invitation: bool,
) -> Membership:
    membership: Membership = Membership.objects.create(person=person, organisation=organisation, role=role, since=since)
    event = MemberAdded(membership_id=membership.pk, person_id=person.pk, role=role, by_invitation=by_invitation)
    _record(event, organisation, actor=actor, person_id=person.pk)
    return membership


def locked(organisation: Organisation) -> Organisation:
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


def current_seat(membership: Membership) -> Membership:
    fresh: Membership = Membership.objects.select_related("person", "organisation").get(pk=membership.pk)
    if not fresh.is_current():
        raise Refusal(_("This person is no longer a member of the organisation."))
    return fresh


def guard_manager(actor: User | None, organisation: Organisation) -> None:
    if actor is not None and not can_manage_members(actor, organisation):
        raise Refusal(_("Only the referents of the organisation and the coordination of the service can do this."))


def _guard_no_seat(person: User, organisation: Organisation, since: date) -> None:
    if since > timezone.localdate():
        raise Refusal(_("The first day cannot be in the future."), field="since")
    if organisation.memberships.filter(person=person).not_over(since).exists():
        raise Refusal(_("%(name)s is already a member of the organisation.") % {"name": person}, field="email")


def _guard_end(membership: Membership, day: date) -> None:
    if day < membership.since:
        raise Refusal(_("The day is before this person joined the organisation."), field="until")
    if day > timezone.localdate() + FURTHEST_END:
        raise Refusal(_("The day is more than a year away."), field="until")


def _checked_email(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Refusal(_("Write a whole e-mail address, such as name@example.org."), field="email") from None
    return email


def _record(event: Event, organisation: Organisation, *, actor: User | None, person_id: int | None = None) -> None:
    streams = [f"org:{organisation.pk}"] + ([f"user:{person_id}"] if person_id else [])
    record(event, actor=actor, subject=organisation, streams=streams)
