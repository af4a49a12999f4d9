"""A departing person's things go to a successor, in one act.

Higher apps register what else there is to move (open tickets, follows…) when they start:

    register(Transfer(name="desk.tickets", describe=..., count=..., move=...))

so that this app never learns of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from platform_core.activity.domain import record
from platform_core.base.errors import Refusal

from .domain import current_seat, guard_manager, locked, switch_role
from .events import HandedOver
from .models import Invitation, Membership, MembershipRole, Organisation

if TYPE_CHECKING:
    from collections.abc import Callable

    from platform_core.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """One kind of thing that can change hands.

    `name` is "app.things"; `describe(n)` says "3 open tickets" in the reader's language; `count(person, organisation)`
    says how many would move; `move(person, successor, organisation)` moves them inside the caller's transaction, may
    raise Refusal, and returns how many moved.
    """

    name: str
    describe: Callable[[int], str]
    count: Callable[[User, Organisation], int]
    move: Callable[[User, User, Organisation], int]


@dataclass(frozen=True)
class Moved:
    transfer: Transfer
    count: int

    def __str__(self) -> str:
        return self.transfer.describe(self.count)


_transfers: dict[str, Transfer] = {}


def register(transfer: Transfer) -> None:
    """Add a transfer to every handover from now on. Raises ValueError when the name is taken."""
    if transfer.name in _transfers:
        raise ValueError(f"The transfer {transfer.name} is registered twice.")
    _transfers[transfer.name] = transfer


def unregister(name: str) -> None:
    """Take a transfer out again: for tests."""
    _transfers.pop(name, None)


def preview(*, person: User, organisation: Organisation) -> list[Moved]:
    """What a handover would move, in numbers; one query or so for each transfer."""
    return [Moved(transfer, transfer.count(person, organisation)) for transfer in _in_order()]


def hand_over(*, actor: User | None, membership: Membership, successor: Membership) -> list[Moved]:
    """Move everything of a person in an organisation to a successor, and close the person's seat today.

    All of it in one transaction: if one transfer fails nothing moves. Returns what moved. `actor` is None when a
    command does it. Raises Refusal when the actor may not manage members, the seat is not in force, or the successor
    is the same person, of another organisation, no longer a member, or has a closed account.
    """
    with transaction.atomic():
        organisation = locked(membership.organisation)
        guard_manager(actor, organisation)
        membership = current_seat(membership)
        successor = _checked_successor(membership, successor)
        moved = [
            Moved(transfer, transfer.move(membership.person, successor.person, organisation))
            for transfer in _in_order()
        ]
        event = HandedOver(
            person_id=membership.person_id,
            successor_id=successor.person_id,
            transfers=[item.transfer.name for item in moved],
            counts=[item.count for item in moved],
        )
        streams = [f"org:{organisation.pk}", f"user:{membership.person_id}", f"user:{successor.person_id}"]
        record(event, actor=actor, subject=organisation, streams=streams)
    return moved


def describe(name: str, count: int) -> str:
    """The words of a transfer that an event names; empty for one that no longer exists."""
    return _transfers[name].describe(count) if name in _transfers else ""


def _in_order() -> list[Transfer]:
    """The seats go last: the others may still ask who is a member."""
    return sorted(_transfers.values(), key=lambda transfer: transfer.name == SEATS.name)


def _checked_successor(membership: Membership, successor: Membership) -> Membership:
    fresh = Membership.objects.select_related("person").filter(pk=successor.pk).first()
    if fresh is None or fresh.organisation_id != membership.organisation_id or not fresh.is_current():
        raise Refusal(_("The successor must be a member of the same organisation. Add them first."), field="successor")
    if fresh.person_id == membership.person_id:
        raise Refusal(_("The successor must be another person."), field="successor")
    if not fresh.person.is_active:
        raise Refusal(_("The account of the successor is closed."), field="successor")
    return fresh


def _describe_seats(count: int) -> str:
    return ngettext("%(count)d seat in the organisation", "%(count)d seats in the organisation", count) % {
        "count": count
    }


def _count_seats(person: User, organisation: Organisation) -> int:
    found: int = organisation.memberships.current().filter(person=person).count()
    return found


def _move_seats(person: User, successor: User, organisation: Organisation) -> int:
    """The person's seat closes today; a referent's passes to the successor, who becomes a referent if they were not."""
    today = timezone.localdate()
    seats = list(organisation.memberships.current(today).filter(person=person))
    for seat in seats:
        if seat.role == MembershipRole.REFERENT:
            theirs = organisation.memberships.current(today).get(person=successor)
            if theirs.role != MembershipRole.REFERENT:
                switch_role(theirs, MembershipRole.REFERENT)
        seat.until = today
        seat.save(update_fields=["until"])
    return len(seats)


def _describe_invitations(count: int) -> str:
    return ngettext("%(count)d invitation without an answer", "%(count)d invitations without an answer", count) % {
        "count": count
    }


def _count_invitations(person: User, organisation: Organisation) -> int:
    found: int = organisation.invitations.pending().filter(invited_by=person).count()
    return found


def _move_invitations(person: User, successor: User, organisation: Organisation) -> int:
    """Who asks is named in the invitation, and answers for it."""
    pending = Invitation.objects.pending().filter(invited_by=person, organisation=organisation)
    moved: int = pending.update(invited_by=successor)
    return moved


SEATS = Transfer(name="organisations.seats", describe=_describe_seats, count=_count_seats, move=_move_seats)
register(SEATS)
register(
    Transfer(
        name="organisations.invitations",
        describe=_describe_invitations,
        count=_count_invitations,
        move=_move_invitations,
    )
)
