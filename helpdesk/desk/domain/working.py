"""What the desk does with a ticket besides talking: its state, who has it, its level, and what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.desk import permissions
from helpdesk.desk.events import Assigned, Escalated, Reclassified, StateChanged
from helpdesk.desk.models import Case, Change, Kind, Level, Priority, Signal, State
from platform_core.base.errors import Refusal
from platform_core.realtime.public import recheck

from . import clocks
from .talking import can_be_reopened, change_of, move
from .writing import clean_text, locked, save, tell, touch, write_change

if TYPE_CHECKING:
    from datetime import datetime

    from platform_core.accounts.models import User
    from platform_core.organisations.models import Organisation

SIGNALS = {State.WAITING: Signal.PAUSED, State.RESOLVED: Signal.SOLVED, State.CLOSED: Signal.SOLVED}
KEEP: Any = object()
"""A field that is not to change, where None means something."""


def change_state(
    *, actor: User | None, case: Case, to: State, expected_version: int | None = None, at: datetime | None = None
) -> Case:
    """Move a case without saying anything. The desk moves it anywhere; who asked may close it and open it again.

    Raises Refusal when the person may not, or it can no longer be reopened; Changed as `reply`.
    """
    if actor is not None and not permissions.can_close(actor, case):
        raise Refusal(_("You may not change this ticket."))
    if to == State.NEW:
        raise Refusal(_("A ticket is new only once."))
    at = at or timezone.now()
    with transaction.atomic():
        case = locked(case, expected_version=expected_version)
        before = State(case.state)
        if before == to:
            return case
        _guard_move(actor, case, to, at)
        touch(case, _signal(before, to), at=at)
        case.state = to
        move(case, before, at=at)
        change = change_of(before, State(to))
        write_change(case, change, actor=actor, at=at, is_public=True, values={"state": (before, to)})
        save(case)
        tell(case, StateChanged(before=before, after=State(to), entry_id=None), actor=actor, is_public=True)
    return case


def assign(
    *,
    actor: User,
    case: Case,
    assignee: User | None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Case:
    """Give a case to somebody of the desk, or to nobody. Who takes a new one has opened it.

    Raises Refusal when the actor or the assignee is not of the desk; Changed as `reply`.
    """
    _guard_desk(actor)
    if assignee is not None and not permissions.can_work(assignee):
        raise Refusal(_("%(name)s does not work at the desk.") % {"name": assignee}, field="assignee")
    at = at or timezone.now()
    with transaction.atomic():
        case = locked(case, expected_version=expected_version)
        before_id, before = case.assignee_id, State(case.state)
        if before_id == (assignee.pk if assignee else None):
            return case
        touch(case, None, at=at)
        case.assignee = assignee
        if assignee and before == State.NEW:
            case.state = State.OPEN
        values = {"assignee": (before_id, case.assignee_id)}
        write_change(case, Change.ASSIGNED, actor=actor, at=at, is_public=False, values=values)
        save(case)
        tell(case, Assigned(before_id=before_id, after_id=case.assignee_id), actor=actor, is_public=False)
        if case.state != before:
            event = StateChanged(before=before, after=State(case.state), entry_id=None)
            tell(case, event, actor=actor, is_public=True)
    return case


def escalate(
    *,
    actor: User,
    case: Case,
    level: Level,
    reason: str,
    assignee: User | None = None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Case:
    """Pass a case to another level, up or down, saying why; nobody has it there until somebody takes it.

    Raises Refusal when the actor is not of the desk, the level is the same, or there is no reason; Changed as `reply`.
    """
    _guard_desk(actor)
    reason = clean_text(reason, field="reason")
    if assignee is not None and not permissions.can_work(assignee):
        raise Refusal(_("%(name)s does not work at the desk.") % {"name": assignee}, field="assignee")
    at = at or timezone.now()
    with transaction.atomic():
        case = locked(case, expected_version=expected_version)
        before = Level(case.level)
        if before == level:
            raise Refusal(_("The ticket is at this level already."), field="level")
        touch(case, Signal.ESCALATED, at=at)
        had_id = case.assignee_id
        case.level, case.assignee = level, assignee
        values = {"level": (int(before), int(level)), "assignee": (had_id, case.assignee_id)}
        entry = write_change(case, Change.ESCALATED, actor=actor, at=at, is_public=False, text=reason, values=values)
        save(case)
        event = Escalated(before=before, after=Level(level), entry_id=entry.pk)
        tell(case, event, actor=actor, is_public=False)
    return case


def reclassify(
    *,
    actor: User,
    case: Case,
    kind: Kind | None = None,
    priority: Priority | None = None,
    topic: str | None = None,
    organisation: Organisation | None = KEEP,
    instance: str | None = None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Case:
    """Correct what a case is; what is not given stays. The promise is reckoned anew with the kind and the priority.

    Raises Refusal when the actor is not of the desk; Changed as `reply`.
    """
    _guard_desk(actor)
    given = {"kind": kind, "priority": priority, "topic": topic, "instance": instance}
    wanted: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if organisation is not KEEP:
        wanted["organisation_id"] = organisation.pk if organisation else None
    at = at or timezone.now()
    with transaction.atomic():
        case = locked(case, expected_version=expected_version)
        values = {
            name.removesuffix("_id"): (getattr(case, name), value)
            for name, value in wanted.items()
            if getattr(case, name) != value
        }
        if not values:
            return case
        touch(case, None, at=at)
        saw_it = permissions.parties(case) if "organisation" in values else []
        for name, value in wanted.items():
            setattr(case, name, value)
        if values.keys() & {"kind", "priority"}:
            clocks.promise_again(case)
        write_change(case, Change.RECLASSIFIED, actor=actor, at=at, is_public=False, values=values)
        save(case)
        # The promise is the requester's: they are told that it may have moved, not who said what of it.
        tell(case, Reclassified(fields=sorted(values)), actor=actor, is_public=True)
        # Whoever worked for the former organisation may see it no longer, and an open page of theirs goes quiet.
        for person in saw_it:
            recheck(person)
    return case


def _guard_desk(actor: User) -> None:
    if not permissions.can_work(actor):
        raise Refusal(_("Only the desk may do this."))


def _guard_move(actor: User | None, case: Case, to: State, at: datetime) -> None:
    is_over = case.state in (State.RESOLVED, State.CLOSED)
    if actor is None or permissions.speaks_for_desk(actor, case):
        return
    if to == State.CLOSED or (to == State.OPEN and is_over and can_be_reopened(case, at=at)):
        return
    if to == State.OPEN and is_over:
        raise Refusal(_("It has been resolved for too long to open it again. Write, and we open another one."))
    raise Refusal(_("You may close a ticket and open it again; the desk does the rest."))


def _signal(before: State, to: State) -> Signal | None:
    if to in SIGNALS:
        return SIGNALS[to]
    return Signal.REOPENED if before in (State.RESOLVED, State.CLOSED) else None
