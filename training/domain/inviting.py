"""Asking whoever reads an address to take a course: an invitation of the service, or one to an organisation.

Who enrols by a list is never told whether an address has an account, unless they work for the service.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from knowledge_base.public import Audience
from platform_core.activity.domain import record
from platform_core.base.errors import Refusal
from platform_core.organisations.public import MembershipRole, can_manage_members, invite, revoke_invitation

from ..events import EnrolmentInvited, InvitationWithdrawn
from ..models import CoursePage, EnrolmentInvitation, InvitationState, Via
from ..permissions import can_handle, manages_training
from . import enrolling
from .versions import current_version

if TYPE_CHECKING:
    from platform_core.accounts.models import User
    from platform_core.organisations.public import Invitation, Organisation

    from ..models import Cohort
    from .enrolling import Outcome

logger = logging.getLogger(__name__)

LIFE = timedelta(days=14)
"""As long as an invitation to an organisation."""
KEPT = timedelta(days=90)
"""After it is over, an invitation and the address in it."""


def enrol_roll(
    *,
    actor: User,
    people: list[User],
    addresses: list[str],
    course: CoursePage,
    group: str = "",
    organisation: Organisation | None = None,
) -> Outcome:
    """Enrol these people and invite these addresses, all of it or nothing. `organisation` is the one that who does not
    work for the service invites to.

    Raises Refusal as `enrol_many`, and for an address that `actor` may not invite.
    """
    with transaction.atomic():
        outcome = enrolling.enrol_many(actor=actor, people=people, course=course, group=group)
        cohort = enrolling.cohort_called(group, current_version(course=course)) if group else None
        for address in addresses:
            invite_to_course(actor=actor, email=address, course=course, organisation=organisation, cohort=cohort)
            outcome.invited += 1
    return outcome


def invite_to_course(
    *,
    actor: User,
    email: str,
    course: CoursePage,
    organisation: Organisation | None = None,
    cohort: Cohort | None = None,
) -> EnrolmentInvitation:
    """Ask whoever reads `email` to take a course. Asking again renews what is open, and sends the letter again.

    With `organisation` they are asked to join it, and are enrolled when they have; without, which only the service
    may, when the address is somebody's. Raises Refusal for who may not, and for a course of the service's own people.
    """
    if course.audience == Audience.STAFF:
        raise Refusal(_("This course is only for who works for the service."))
    if organisation is None and not manages_training(actor):
        raise Refusal(_("Say to which local body you invite them."), field="organisation")
    with transaction.atomic():
        seat, is_new = _seat(actor, organisation, email) if organisation else (None, False)
        now = timezone.now()
        facts = {
            "seat": seat,
            "invited_by": actor,
            "created_at": now,
            "expires_at": seat.expires_at if seat else now + LIFE,
            "via": Via.REFERENT if organisation else Via.AGENT,
            "cohort": cohort,
        }
        open_ones = EnrolmentInvitation.objects.open().select_for_update(of=("self",))
        name = {"course_key": course.translation_key, "organisation": organisation, "email": email.lower()}
        found, created = open_ones.get_or_create(**name, defaults={**facts, "brings_seat": is_new})
        if not created:
            for field, value in facts.items():
                setattr(found, field, value)
            found.brings_seat = found.brings_seat or is_new
            found.save()
        _tell(found, actor)
    return found


def send_again(*, actor: User, invitation: EnrolmentInvitation, course: CoursePage) -> EnrolmentInvitation:
    """Renew an invitation, whose letter goes out again. Raises Refusal for who may not, and for one that is over."""
    _guard(actor, invitation)
    return invite_to_course(
        actor=actor,
        email=invitation.email,
        course=course,
        organisation=invitation.organisation,
        cohort=invitation.cohort,
    )


def withdraw(*, actor: User, invitation: EnrolmentInvitation) -> None:
    """Ask no more. The invitation to the organisation goes too when it was sent for this one, is of no other course,
    and is `actor`'s to cancel. Raises Refusal for who may not, and for one that is over."""
    with transaction.atomic():
        rows = EnrolmentInvitation.objects.select_for_update(of=("self",)).select_related("organisation", "seat")
        found = rows.get(pk=invitation.pk)
        _guard(actor, found)
        _close(found, actor)
        others = EnrolmentInvitation.objects.open().filter(seat=found.seat_id)
        seat, organisation = found.seat, found.organisation
        if not (found.brings_seat and seat and organisation) or others.exists():
            return
        if seat.is_pending() and can_manage_members(actor, organisation):
            revoke_invitation(actor=actor, invitation=seat)


def withdraw_with_seat(*, seat_id: int, actor: User | None) -> None:
    """The invitation to the organisation was cancelled: nobody will come in by it."""
    with transaction.atomic():
        for found in EnrolmentInvitation.objects.open().select_for_update().filter(seat=seat_id):
            _close(found, actor)


def accept_for(*, person: User, at: datetime, organisation_id: int | None = None) -> None:
    """Enrol somebody in whatever the addresses that are theirs were asked to take: by an organisation that they have
    joined, or by the service. Those that had not expired `at` that moment count. It may be called any number of times.
    """
    with transaction.atomic():
        waiting = EnrolmentInvitation.objects.open().select_for_update(of=("self",)).order_by("pk")
        addresses = _addresses(person, has_joined=organisation_id is not None)
        theirs = waiting.filter(email__in=addresses, expires_at__gt=at, organisation=organisation_id)
        for invitation in theirs.select_related("organisation", "cohort"):
            _accept(person, invitation)


def has_proved(person: User, email: str) -> bool:
    """Whether somebody has proved that an address is theirs."""
    return email.lower() in _addresses(person, has_joined=False)


def forget_old() -> int:
    """Delete what has been over for KEPT, with the addresses; how many."""
    before = timezone.now() - KEPT
    count, _models = EnrolmentInvitation.objects.filter(expires_at__lt=before).delete()
    return count


def _accept(person: User, invitation: EnrolmentInvitation) -> None:
    found = CoursePage.objects.live().filter(translation_key=invitation.course_key, alias_of=None)
    course = found.order_by("path").first()
    if course is None:  # withdrawn meanwhile: it stays open, and expires
        return
    place = enrolling.Place(organisation=invitation.organisation, cohort=invitation.cohort)
    try:
        enrolling.enrol(actor=None, person=person, course=course, place=place, via=Via(invitation.via))
    except Refusal as refusal:  # a course that has no lessons any more, or that is of other people now
        logger.warning("Invitation %s of person %s enrols nobody: %s", invitation.pk, person.pk, refusal.message)
        return
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])


def _addresses(person: User, *, has_joined: bool) -> set[str]:
    """Those that somebody has proved to be theirs, in small letters; and the one that they sign in with, for who has
    joined an organisation, which asks for no more."""
    proved = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    return {address.lower() for address in (*proved, *([person.email] if has_joined else []))}


def _seat(actor: User, organisation: Organisation, email: str) -> tuple[Invitation, bool]:
    """An invitation to the organisation, and whether there was none before. Raises Refusal."""
    was_there = organisation.invitations.pending().filter(email__iexact=email).exists()
    role = MembershipRole.TECHNICIAN
    if was_there:  # whoever was asked to be a referent is asked the same again
        role = MembershipRole(organisation.invitations.pending().get(email__iexact=email).role)
    return invite(actor=actor, organisation=organisation, email=email, role=role), not was_there


def _guard(actor: User, invitation: EnrolmentInvitation) -> None:
    if not can_handle(actor, invitation):
        raise Refusal(_("You may not do this."))
    if invitation.state in (InvitationState.ACCEPTED, InvitationState.WITHDRAWN):
        raise Refusal(_("This invitation is over: it was accepted or withdrawn."))


def _close(found: EnrolmentInvitation, actor: User | None) -> None:
    found.withdrawn_at = timezone.now()
    found.save(update_fields=["withdrawn_at"])
    record(InvitationWithdrawn(course_key=found.course_key), actor=actor, subject=found)


def _tell(found: EnrolmentInvitation, actor: User) -> None:
    event = EnrolmentInvited(course_key=found.course_key, by_organisation=found.organisation_id is not None)
    record(event, actor=actor, subject=found)
