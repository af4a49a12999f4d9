"""The promise of a case: when its clocks start, stand still, run again and are met, and the alarms of those that run.

All moments are counted in open time of the policy's calendar, and only what the desk has in hand counts: the clocks
stand still while it waits for the person who asked.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from helpdesk.desk.events import ClockBreached, ClockWarned, Reclassified, StateChanged
from helpdesk.desk.models import Case, Change, Clock, Clocked, Pause, Policy, State
from platform_core.activity.domain import lock_streams, record
from platform_core.officehours.public import FarAway, NeverOpen
from platform_core.officehours.queries import facts_of

from .writing import locked, save, tell, touch, write_change

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from platform_core.officehours.public import WorkSchedule

logger = logging.getLogger(__name__)

WARN_AT = 0.75
"""The part of a promised time after which the desk is warned."""

BATCH = 200


def first_of(case: Case, *, at: datetime) -> list[Clock]:
    """The promises of a case that is about to be written, a first answer and a resolution, and its moment on the board.

    Without a policy there is no promise: the case burns from the start. The clocks are the caller's to write.
    """
    clocks = []
    if policy := policy_of(case):
        for what, target in ((Clocked.RESPONSE, policy.response), (Clocked.RESOLUTION, policy.resolution)):
            if moments := _moments(policy, target=target, started_at=at, pauses=()):
                due, warn = moments
                facts = {"policy": policy, "started_at": at, "target": target, "due_at": due, "warn_at": warn}
                clocks.append(Clock(case=case, what=what, **facts))
    _settle(case, clocks)
    return clocks


def policy_of(case: Case) -> Policy | None:
    return Policy.objects.select_related("calendar").filter(kind=case.kind, priority=case.priority).first()


def answered(case: Case, *, at: datetime) -> None:
    """The desk has spoken in public: the first answer is given, and the next news are promised from here."""
    clocks = {clock.what: clock for clock in case.clocks.select_related("policy__calendar")}
    if (response := clocks.get(Clocked.RESPONSE)) and response.met_at is None:
        _meet(response, at=at)
    resolution = clocks.get(Clocked.RESOLUTION)
    if resolution and resolution.policy.update_every:
        _promise(case, Clocked.UPDATE, resolution.policy, target=resolution.policy.update_every, at=at)


def freeze(case: Case, *, at: datetime) -> None:
    """The desk waits for the person who asked."""
    Pause.objects.create(case=case, since=at)
    case.clocks.filter(met_at=None).update(is_running=False)


def unfreeze(case: Case, *, at: datetime) -> None:
    case.pauses.filter(until=None).update(until=at)
    _reckon(case, case.clocks.filter(met_at=None))


def stop(case: Case, *, at: datetime) -> None:
    """The case is resolved: every promise still open is met, or was not."""
    case.pauses.filter(until=None).update(until=at)
    for clock in case.clocks.filter(met_at=None):
        _meet(clock, at=at)


def restart(case: Case, *, since: datetime, at: datetime) -> None:
    """A resolved case goes on: the time in which we believed it resolved does not count.

    Who comes back waits for an answer, as at the beginning, and is promised it as soon.
    """
    Pause.objects.create(case=case, since=since, until=at)
    resolution = case.clocks.filter(what=Clocked.RESOLUTION)
    resolution.update(met_at=None)
    _reckon(case, resolution)
    if policy := policy_of(case):
        _promise(case, Clocked.UPDATE, policy, target=policy.response, at=at)


def promise_again(case: Case) -> None:
    """Reckon the promise anew after a change of kind, priority, policy or calendar; for a locked case.

    A promise that now ends later can be warned of and broken again. What was met stays met.
    """
    policy = policy_of(case)
    if policy is None:
        case.clocks.filter(met_at=None).delete()
        settle(case)
        return
    targets = {Clocked.RESPONSE: policy.response, Clocked.RESOLUTION: policy.resolution}
    targets |= {Clocked.UPDATE: policy.update_every} if policy.update_every else {}
    known = {clock.what: clock for clock in case.clocks.all()}
    for what, clock in known.items():
        if clock.met_at is None and what not in targets:
            clock.delete()
        elif clock.met_at is None:
            clock.policy, clock.target = policy, targets[Clocked(what)]
            clock.save(update_fields=["policy", "target"])
    for what in (Clocked.RESPONSE, Clocked.RESOLUTION):
        if what not in known:
            _promise(case, what, policy, target=targets[what], at=case.opened_at)
    _reckon(case, case.clocks.filter(met_at=None), is_new_promise=True)
    settle(case)


def promise_case_again(case_id: int) -> None:
    """The same for a case that nobody holds, because the hours of its calendar changed; the board hears of it."""
    with transaction.atomic():
        case = locked(Case(pk=case_id))
        before = case.due_at
        promise_again(case)
        save(case)
        if case.due_at != before:
            tell(case, Reclassified(fields=["calendar"]), actor=None, is_public=True)


def settle(case: Case) -> None:
    """Put on the case what the board sorts by: the nearest open moment, and whether a promise was broken."""
    _settle(case, list(case.clocks.all()))


def _settle(case: Case, clocks: Sequence[Clock]) -> None:
    running = [clock.due_at for clock in clocks if clock.is_running]
    # Without a promise nothing says when: it comes first, so that nobody forgets it.
    case.due_at = (min(running) if running else case.opened_at) if case.is_running else None
    case.is_breached = any(clock.breached_at for clock in clocks)


def _promise(case: Case, what: Clocked, policy: Policy, *, target: timedelta, at: datetime) -> None:
    moments = _moments(policy, target=target, started_at=at, pauses=())
    if moments is None:
        return
    due, warn = moments
    fresh = {"warned_at": None, "breached_at": None, "met_at": None, "is_running": True}
    Clock.objects.update_or_create(
        case=case,
        what=what,
        defaults={"policy": policy, "started_at": at, "target": target, "due_at": due, "warn_at": warn, **fresh},
    )


def _reckon(case: Case, clocks: QuerySet[Clock], *, is_new_promise: bool = False) -> None:
    pauses = list(case.pauses.exclude(until=None))
    for clock in clocks.select_related("policy__calendar"):
        moments = _moments(clock.policy, target=clock.target, started_at=clock.started_at, pauses=pauses)
        if moments is None:
            clock.delete()
            continue
        is_later = moments[0] > clock.due_at
        clock.due_at, clock.warn_at = moments
        clock.is_running = case.is_running
        if is_new_promise and is_later:
            clock.warned_at = clock.breached_at = None
        clock.save()


def _moments(
    policy: Policy, *, target: timedelta, started_at: datetime, pauses: Iterable[Pause]
) -> tuple[datetime, datetime] | None:
    """When a promise is due and when to warn of it; None when the calendar never opens."""
    try:
        working = facts_of(policy.calendar).schedule
        paused = _paused(working, pauses, since=started_at)
        due = working.add(started_at, target + paused)
        return due, working.add(due, -target * (1 - WARN_AT))
    except (NeverOpen, FarAway):
        logger.error("The calendar %s cannot hold a promise of %s.", policy.calendar.slug, target)  # noqa: TRY400
        return None


def _paused(working: WorkSchedule, pauses: Iterable[Pause], *, since: datetime) -> timedelta:
    """Open time of the pauses that fall after the start of a clock."""
    lost = timedelta()
    for pause in pauses:
        if pause.until and pause.until > since:
            lost += working.between(max(pause.since, since), pause.until)
    return lost


def _meet(clock: Clock, *, at: datetime) -> None:
    clock.met_at, clock.is_running = at, False
    if at > clock.due_at and clock.breached_at is None:
        clock.breached_at = clock.due_at
    clock.save(update_fields=["met_at", "is_running", "breached_at"])


# ---- the scheduler ----


def raise_alarms(*, now: datetime | None = None) -> int:
    """Warn of each promise of which three quarters are gone, and raise each that is broken: once each, and also after
    the scheduler was away. Returns how many alarms were raised.
    """
    now = now or timezone.now()
    raised = 0
    while case_ids := list(_alarming(now).values_list("case", flat=True).distinct()[:BATCH]):
        for case_id in case_ids:
            raised += _alarm(case_id, now=now)
    return raised


def _alarming(now: datetime) -> QuerySet[Clock]:
    return Clock.objects.filter(
        Q(warn_at__lte=now, warned_at=None) | Q(due_at__lte=now, breached_at=None), is_running=True
    )


def _alarm(case_id: int, *, now: datetime) -> int:
    with transaction.atomic():
        case = locked(Case(pk=case_id))
        events: list[ClockWarned | ClockBreached] = []
        for clock in _alarming(now).filter(case=case):
            if clock.warned_at is None:
                clock.warned_at = now
                events.append(ClockWarned(what=Clocked(clock.what)))
            if clock.due_at <= now and clock.breached_at is None:
                clock.breached_at = clock.due_at
                events.append(ClockBreached(what=Clocked(clock.what)))
            clock.save(update_fields=["warned_at", "breached_at"])
        case.is_breached = case.is_breached or any(isinstance(event, ClockBreached) for event in events)
        case.save(update_fields=["is_breached"])
        if events:
            lock_streams(["desk"])
        for event in events:
            record(event, actor=None, subject=case, streams=["desk"])
    return len(events)


def close_resolved(*, now: datetime | None = None) -> int:
    """Close what has been resolved for so long that an answer opens another ticket. Returns how many were closed."""
    now = now or timezone.now()
    over = Case.objects.filter(state=State.RESOLVED, resolved_at__lt=now - settings.DESK_REOPEN_WITHIN)
    closed = 0
    while cases := list(over.order_by("resolved_at")[:BATCH]):
        for found in cases:
            with transaction.atomic():
                case = locked(found)
                if case.state != State.RESOLVED:
                    continue
                touch(case, None, at=now)
                case.state, case.closed_at = State.CLOSED, now
                states = {"state": (State.RESOLVED, State.CLOSED)}
                write_change(case, Change.CLOSED, actor=None, at=now, is_public=True, values=states)
                save(case)
                event = StateChanged(before=State.RESOLVED, after=State.CLOSED, entry_id=None)
                tell(case, event, actor=None, is_public=True)
                closed += 1
    return closed
