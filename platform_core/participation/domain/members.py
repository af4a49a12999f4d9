"""People come in, accept the charter, change their role, and go."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from platform_core.base.errors import Refusal
from platform_core.organisations.public import person_with_email
from platform_core.participation.events import (
    CharterAccepted,
    InvitationRevoked,
    Invited,
    Joined,
    JoinRequestAnswered,
    JoinRequested,
    JoinRequestWithdrawn,
    Left,
    RoleChanged,
)
from platform_core.participation.models import (
    LONGEST_EXPERIENCE,
    Joining,
    JoinRequest,
    Sanction,
    Space,
    SpaceInvitation,
    SpaceMember,
    SpaceRole,
)
from platform_core.participation.permissions import can_view_space
from platform_core.realtime.public import recheck

from .ground import guard_moderator, guard_open, locked, log_of, seat_of, tell

if TYPE_CHECKING:
    from platform_core.accounts.models import User
    from platform_core.activity.events import Event

INVITATION_LIFE = timedelta(days=30)
MOST_PENDING_INVITATIONS = 100


def join(*, person: User, space: Space, charter_version: int = 0) -> SpaceMember:
    """Come into a space that is open to all, or that one is invited to. `charter_version` is that of the charter that
    the person has accepted. Who is in already stays as they are.

    Raises Refusal when the space does not take people so, or its charter was not accepted.
    """
    with transaction.atomic():
        space = locked(space)
        if seat := seat_of(space, person):
            return seat
        guard_open(space)
        if not can_view_space(person, space):
            raise Refusal(_("You cannot join this community."))
        invitation = SpaceInvitation.objects.pending().filter(space=space, person=person).first()
        if space.joining != Joining.OPEN and invitation is None:
            raise Refusal(_("This community is joined by request or by invitation."))
        _guard_charter(space, charter_version)
        if invitation is not None:
            invitation.accepted_at = timezone.now()
            invitation.save(update_fields=["accepted_at"])
        JoinRequest.objects.filter(space=space, person=person, answered_at=None).delete()
        seat, event = _seat(space, person, charter_version=charter_version)
        tell(space, event, actor=person)
    return seat


def seat(*, space: Space, person: User) -> SpaceMember:
    """Put somebody in, as a command does: they have accepted the charter of today. Who is in already stays."""
    with transaction.atomic():
        space = locked(space)
        if known := seat_of(space, person):
            return known
        made, event = _seat(space, person, charter_version=space.charter_version)
        tell(space, event, actor=None)
    return made


def accept_charter(*, person: User, space: Space, charter_version: int) -> SpaceMember:
    """A member accepts the charter of today. Raises Refusal when they read an older one, or are not a member."""
    with transaction.atomic():
        space = locked(space)
        seat = seat_of(space, person)
        if seat is None:
            raise Refusal(_("You are not a member of this community."))
        _guard_charter(space, charter_version)
        if seat.charter_version == charter_version:
            return seat
        seat.charter_version, seat.charter_accepted_at = charter_version, timezone.now()
        seat.save(update_fields=["charter_version", "charter_accepted_at"])
        tell(space, CharterAccepted(person_id=person.pk, version=charter_version), actor=person)
    return seat


def leave(*, person: User, space: Space) -> None:
    """Go. Raises Refusal when nobody would moderate the space."""
    with transaction.atomic():
        space = locked(space)
        if seat := seat_of(space, person):
            _end(seat, is_removed=False, actor=person)


def remove_member(*, actor: User, space: Space, person: User) -> None:
    """Take somebody out: what they have open of it stops at once. Raises Refusal when the actor may not."""
    with transaction.atomic():
        space = locked(space)
        guard_moderator(actor, space)
        if seat := seat_of(space, person):
            _end(seat, is_removed=True, actor=actor)


def change_role(*, actor: User | None, space: Space, person: User, role: SpaceRole) -> SpaceMember:
    """Another role from now on; the former one stays in the history.

    Raises Refusal when the actor may not, the person is no member, or nobody would moderate the space.
    """
    with transaction.atomic():
        space = locked(space)
        guard_moderator(actor, space)
        seat = seat_of(space, person)
        if seat is None:
            raise Refusal(_("This person is not a member any more."))
        if seat.role == role:
            return seat
        if role == SpaceRole.MODERATOR and Sanction.objects.in_force().filter(space=space, person=person).exists():
            raise Refusal(_("This person is suspended here: lift the suspension first."))
        if role != SpaceRole.MODERATOR:
            _guard_last_moderator(seat)
        now, before = timezone.now(), SpaceRole(seat.role)
        SpaceMember.objects.filter(pk=seat.pk).update(until=max(now, seat.since))
        seat.pk, seat.role, seat.since = None, role, now
        seat._state.adding = True
        seat.save(force_insert=True)
        tell(space, RoleChanged(person_id=person.pk, before=before, after=role), actor=actor, also=[log_of(space)])
        recheck(person.pk)
    return seat


def describe_experience(*, person: User, space: Space, text: str) -> None:
    """What a member says that they have run, for the directory. Raises Refusal when it is too long."""
    text = " ".join(text.split())
    if len(text) > LONGEST_EXPERIENCE:
        message = _("This text is too long: at most %(most)s characters.") % {"most": LONGEST_EXPERIENCE}
        raise Refusal(message, field="experience")
    SpaceMember.objects.current().filter(space=space, person=person).update(experience=text)


def request_to_join(*, person: User, space: Space, message: str = "", charter_version: int = 0) -> JoinRequest:
    """Ask to be let in. Asked again, the message of the request that waits is the new one.

    Raises Refusal when the space takes nobody so, or its charter was not accepted.
    """
    with transaction.atomic():
        space = locked(space)
        guard_open(space)
        if not can_view_space(person, space) or space.joining != Joining.REQUEST:
            raise Refusal(_("This community is not joined by request."))
        if seat_of(space, person):
            raise Refusal(_("You are a member of this community already."))
        _guard_charter(space, charter_version)
        waiting: JoinRequest | None = JoinRequest.objects.filter(space=space, person=person, answered_at=None).first()
        request = waiting or JoinRequest(space=space, person=person)
        request.message, request.charter_version = message.strip()[:1000], charter_version
        request.save()
        if waiting is None:
            tell(space, JoinRequested(request_id=request.pk), actor=person)
    return request


def withdraw_request(*, person: User, space: Space) -> None:
    with transaction.atomic():
        space = locked(space)
        waiting = JoinRequest.objects.filter(space=space, person=person, answered_at=None).first()
        if waiting is None:
            return
        event = JoinRequestWithdrawn(request_id=waiting.pk)
        waiting.delete()
        tell(space, event, actor=person)


def answer_request(*, actor: User, request: JoinRequest, is_approved: bool, reason: str = "") -> JoinRequest:
    """Let somebody in, or say why not. Raises Refusal when the actor may not, or somebody else answered meanwhile."""
    with transaction.atomic():
        space = locked(request.space_id)
        guard_moderator(actor, space)
        request = JoinRequest.objects.select_for_update().select_related("person").get(pk=request.pk)
        if request.answered_at is not None:
            raise Refusal(_("Somebody else has answered this request meanwhile."))
        if not is_approved and not reason.strip():
            raise Refusal(_("Say why: the person reads it."), field="reason")
        request.answered_at, request.answered_by = timezone.now(), actor
        request.is_approved, request.reason = is_approved, reason.strip()[:300]
        request.save(update_fields=["answered_at", "answered_by", "is_approved", "reason"])
        events: list[Event] = [JoinRequestAnswered(request_id=request.pk, is_approved=is_approved)]
        if is_approved and seat_of(space, request.person) is None:
            _member, event = _seat(space, request.person, charter_version=request.charter_version)
            events.append(event)
        tell(space, *events, actor=actor, also=[log_of(space)])
    return request


def invite(*, actor: User | None, space: Space, email: str) -> SpaceInvitation:
    """Invite somebody who has an account. Asking again renews the invitation that is open.

    Raises Refusal when the actor may not, nobody has that address, or they are a member.
    """
    with transaction.atomic():
        space = locked(space)
        guard_moderator(actor, space)
        guard_open(space)
        person = person_with_email(email.strip())
        if person is None or not person.is_active:
            raise Refusal(_("Nobody has an account with this address."), field="email")
        if seat_of(space, person):
            raise Refusal(_("This person is a member already."), field="email")
        open_ones = SpaceInvitation.objects.filter(space=space, accepted_at=None, revoked_at=None)
        invitation = open_ones.filter(person=person).first()
        if invitation is None and open_ones.count() >= MOST_PENDING_INVITATIONS:
            raise Refusal(_("There are too many invitations without an answer. Cancel some first."), field="email")
        invitation = invitation or SpaceInvitation(space=space, person=person)
        invitation.invited_by, invitation.created_at = actor, timezone.now()
        invitation.expires_at = invitation.created_at + INVITATION_LIFE
        invitation.save()
        tell(space, Invited(invitation_id=invitation.pk), actor=actor)
    return invitation


def revoke_invitation(*, actor: User, invitation: SpaceInvitation) -> None:
    """Raises Refusal when the actor may not, or it was accepted meanwhile."""
    with transaction.atomic():
        space = locked(invitation.space_id)
        guard_moderator(actor, space)
        invitation = SpaceInvitation.objects.select_for_update().get(pk=invitation.pk)
        if invitation.accepted_at:
            raise Refusal(_("This invitation has just been accepted."))
        if invitation.revoked_at:
            return
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at"])
        tell(space, InvitationRevoked(invitation_id=invitation.pk), actor=actor)


def _guard_charter(space: Space, version: int) -> None:
    if not space.charter or version == space.charter_version:
        return
    if version:
        raise Refusal(_("The charter has changed since you opened this page: read the new one."), field="charter")
    raise Refusal(_("Accept the charter to go on."), field="charter")


def _seat(space: Space, person: User, *, charter_version: int) -> tuple[SpaceMember, Event]:
    now = timezone.now()
    seat = SpaceMember(
        space=space, person=person, since=now, charter_version=charter_version,
        charter_accepted_at=now if charter_version else None,
    )  # fmt: skip
    seat.save(force_insert=True)
    recheck(person.pk)
    return seat, Joined(person_id=person.pk, role=SpaceRole.MEMBER)


def _end(seat: SpaceMember, *, is_removed: bool, actor: User) -> None:
    _guard_last_moderator(seat)
    seat.until = max(timezone.now(), seat.since)
    seat.save(update_fields=["until"])
    event = Left(person_id=seat.person_id, is_removed=is_removed)
    tell(seat.space, event, actor=actor, also=[log_of(seat.space)] if is_removed else [])
    recheck(seat.person_id)


def _guard_last_moderator(seat: SpaceMember) -> None:
    if seat.role != SpaceRole.MODERATOR:
        return
    others = SpaceMember.objects.current().moderators().filter(space_id=seat.space_id).exclude(pk=seat.pk)
    if not others.exists():
        raise Refusal(_("Nobody else moderates this community: appoint somebody first."))
