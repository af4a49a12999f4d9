"""Who moderates a space warns somebody, keeps them from writing until a moment, and takes it back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from platform_core.activity.domain import lock_streams, record
from platform_core.base.errors import Refusal
from platform_core.participation.events import Sanctioned, SanctionLifted
from platform_core.participation.models import LONGEST_REASON, Sanction, SanctionKind
from platform_core.participation.permissions import can_moderate

from .ground import guard_moderator, locked, log_of, seat_of

if TYPE_CHECKING:
    from platform_core.accounts.models import User
    from platform_core.activity.events import Event
    from platform_core.participation.models import Space

LONGEST_SUSPENSION = timedelta(days=366)


def warn(*, actor: User, space: Space, person: User, reason: str) -> Sanction:
    """Tell somebody that this is not done here. Raises Refusal when the actor may not, or there is no reason."""
    return _sanction(actor, space, person, kind=SanctionKind.WARNING, reason=reason, until=None)


def suspend(*, actor: User, space: Space, person: User, reason: str, until: datetime) -> Sanction:
    """Keep somebody from writing until an instant; they still read. It takes the place of a suspension in force.

    Raises Refusal when the actor may not, there is no reason, or `until` is past or too far.
    """
    now = timezone.now()
    if until <= now:
        raise Refusal(_("Choose a moment that is still to come."), field="until")
    if until > now + LONGEST_SUSPENSION:
        raise Refusal(_("A suspension lasts a year at most."), field="until")
    return _sanction(actor, space, person, kind=SanctionKind.SUSPENSION, reason=reason, until=until)


def _sanction(
    actor: User, space: Space, person: User, *, kind: SanctionKind, reason: str, until: datetime | None
) -> Sanction:
    reason = _reason(reason)
    with transaction.atomic():
        space = locked(space)
        guard_moderator(actor, space)
        if seat_of(space, person) is None:
            raise Refusal(_("This person is not a member any more."))
        if can_moderate(person, space):
            raise Refusal(_("Who moderates cannot be warned or suspended: they stop moderating first."))
        events: list[Event] = []
        if kind == SanctionKind.SUSPENSION:
            in_force = Sanction.objects.in_force().filter(space=space, person=person)
            events.extend(_lift(former, actor=actor, because=reason) for former in in_force)
        given = Sanction.objects.create(
            space=space, person=person, kind=kind, reason=reason, until=until, given_by=actor, given_at=timezone.now()
        )
        events.append(Sanctioned(sanction_id=given.pk, person_id=person.pk, kind=kind))
        _tell(space, person.pk, *events, actor=actor)
    return given


def lift(*, actor: User, sanction: Sanction, because: str) -> Sanction:
    """Take a warning or a suspension back; the person is told why. Raises Refusal when the actor may not."""
    because = _reason(because)
    with transaction.atomic():
        space = locked(sanction.space_id)
        guard_moderator(actor, space)
        fresh: Sanction = Sanction.objects.select_for_update().get(pk=sanction.pk)
        if fresh.lifted_at is None:
            _tell(space, fresh.person_id, _lift(fresh, actor=actor, because=because), actor=actor)
    return fresh


def acknowledge(*, person: User, sanction: Sanction) -> None:
    """The person has read it: it is not shown above every page of the space any more."""
    Sanction.objects.filter(pk=sanction.pk, person=person, seen_at=None).update(seen_at=timezone.now())


def _lift(sanction: Sanction, *, actor: User, because: str) -> SanctionLifted:
    sanction.lifted_at, sanction.lifted_by, sanction.lifted_because = timezone.now(), actor, because
    sanction.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    return SanctionLifted(sanction_id=sanction.pk, person_id=sanction.person_id)


def _reason(text: str) -> str:
    text = " ".join(text.replace("\0", "").split())
    if not text:
        raise Refusal(_("Say why: the person reads it."), field="reason")
    if len(text) > LONGEST_REASON:
        message = _("This text is too long: at most %(most)s characters.") % {"most": LONGEST_REASON}
        raise Refusal(message, field="reason")
    return text


def _tell(space: Space, person_id: int, *events: Event, actor: User) -> None:
    """Only who moderates the space and the person concerned hear of it."""
    streams = [log_of(space), f"user:{person_id}"]
    if len(events) > 1:
        lock_streams(streams)
    for event in events:
        record(event, actor=actor, subject=space, streams=streams)
