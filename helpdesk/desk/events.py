"""What the desk puts into the activity log. The subject of each is the case."""

from __future__ import annotations

from dataclasses import dataclass

from platform_core.activity.events import Event, event_type

from .models import Channel, Clocked, Kind, Level, Priority, Rating, Side, State


@event_type("desk.ticket_opened", version=1)
@dataclass(frozen=True, kw_only=True)
class TicketOpened(Event):
    channel: Channel
    kind: Kind
    entry_id: int


@event_type("desk.replied", version=1)
@dataclass(frozen=True, kw_only=True)
class Replied(Event):
    """A public message; `side` is who speaks. `state` is the state that it left the case in."""

    entry_id: int
    side: Side
    state: State


@event_type("desk.noted", version=1)
@dataclass(frozen=True, kw_only=True)
class Noted(Event):
    """An internal note. Only the desk may ever hear of it."""

    entry_id: int


@event_type("desk.state_changed", version=1)
@dataclass(frozen=True, kw_only=True)
class StateChanged(Event):
    before: State
    after: State
    # The message that brought it; None when somebody changed the state alone.
    entry_id: int | None


@event_type("desk.assigned", version=1)
@dataclass(frozen=True, kw_only=True)
class Assigned(Event):
    before_id: int | None
    after_id: int | None


@event_type("desk.escalated", version=1)
@dataclass(frozen=True, kw_only=True)
class Escalated(Event):
    before: Level
    after: Level
    entry_id: int


@event_type("desk.reclassified", version=1)
@dataclass(frozen=True, kw_only=True)
class Reclassified(Event):
    fields: list[str]


@event_type("desk.copy_added", version=1)
@dataclass(frozen=True, kw_only=True)
class CopyAdded(Event):
    copy_id: int


@event_type("desk.copy_removed", version=1)
@dataclass(frozen=True, kw_only=True)
class CopyRemoved(Event):
    copy_id: int
    person_id: int | None


@event_type("desk.requester_changed", version=1)
@dataclass(frozen=True, kw_only=True)
class RequesterChanged(Event):
    """A departing person's ticket goes on with a successor."""

    before_id: int | None
    after_id: int


@event_type("desk.clock_warned", version=1)
@dataclass(frozen=True, kw_only=True)
class ClockWarned(Event):
    """Three quarters of a promised time are gone."""

    what: Clocked


@event_type("desk.clock_breached", version=1)
@dataclass(frozen=True, kw_only=True)
class ClockBreached(Event):
    what: Clocked


@event_type("desk.rated", version=1)
@dataclass(frozen=True, kw_only=True)
class Rated(Event):
    rating: Rating


@event_type("desk.tickets_linked", version=1)
@dataclass(frozen=True, kw_only=True)
class TicketsLinked(Event):
    """Recorded of both: each names the other. Only the desk hears of it, as of the next two."""

    other_id: int


@event_type("desk.tickets_unlinked", version=1)
@dataclass(frozen=True, kw_only=True)
class TicketsUnlinked(Event):
    other_id: int


@event_type("desk.answer_made", version=1)
@dataclass(frozen=True, kw_only=True)
class AnswerMade(Event):
    """A draft for the knowledge base was made of the ticket."""

    question_id: int


@event_type("desk.prescribed", version=1)
@dataclass(frozen=True, kw_only=True)
class Prescribed(Event):
    """The desk asked who asked to learn something, in the message that was told just before."""

    prescription_id: int


@event_type("desk.prescription_done", version=1)
@dataclass(frozen=True, kw_only=True)
class PrescriptionDone(Event):
    """They have done it; the ticket is in the hands of the desk again, unless more is to be learned."""

    prescription_id: int
    entry_id: int


@event_type("desk.policy_changed", version=1)
@dataclass(frozen=True, kw_only=True)
class PolicyChanged(Event):
    """What the desk promises for a kind and priority is other than before. The subject is the policy."""

    kind: Kind
    priority: Priority
