"""A promise as people see it: which of five states it is in, in what words, and how its flag is drawn.

Pure: takes facts and the present, returns words and shapes. `{% promise %}` and `{% pledge %}` put them on a page.
A promise of service counts the desk's hours; it is not an administrative deadline (Llei 39/2015).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from babel.dates import format_datetime
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from . import drawing

if TYPE_CHECKING:
    from .arithmetic import WorkSchedule

HOUR = timedelta(hours=1)
IN_DAYS_ABOVE = 16 * HOUR  # longer promises are drawn and told in working days
RISK_BELOW = 4  # a promise with less than one part in four left is at risk


class State(StrEnum):
    ON = "on"
    RISK = "risk"
    PAUSED = "paused"
    BREACHED = "breached"
    KEPT = "kept"


ICONS = {
    State.ON: "flag",
    State.RISK: "hourglass",
    State.PAUSED: "player-pause",
    State.BREACHED: "alert-triangle",
    State.KEPT: "check",
}


@dataclass(frozen=True, kw_only=True)
class Promise:
    """
    Attributes:
        allowance: open time promised, counted by `schedule`.
        made_at, due: aware; `due` is the promised moment. While paused, the one that stood when the pause began.
        paused_since: the desk has waited for the person who asked since then.
        kept_at: when it was done.
        plain_hours: an outage counts every hour of the day, so nobody speaks of office hours.
        closed: the name of a day if it is a closed one ("la Mercè"), for telling why it does not count.
    """

    schedule: WorkSchedule
    allowance: timedelta
    made_at: datetime
    due: datetime
    paused_since: datetime | None = None
    kept_at: datetime | None = None
    plain_hours: bool = False
    closed: Callable[[date], str | None] = lambda _day: None


def state(promise: Promise, *, now: datetime) -> State:
    return _state(promise, now=now, left=margin(promise, now=now))


def _state(promise: Promise, *, now: datetime, left: timedelta) -> State:
    stopped = promise.kept_at or promise.paused_since or now
    if stopped > promise.due:
        return State.BREACHED
    if promise.kept_at:
        return State.KEPT
    if promise.paused_since:
        return State.PAUSED
    return State.RISK if left * RISK_BELOW < promise.allowance else State.ON


def margin(promise: Promise, *, now: datetime) -> timedelta:
    """Open time left; negative when the promise was broken by that much. Stands still while paused and once kept."""
    return promise.schedule.between(promise.kept_at or promise.paused_since or now, promise.due)


def due_if_answered(promise: Promise, *, now: datetime) -> datetime:
    """Where the flag stands; for a paused promise, where it will if the person answers this very moment."""
    if state(promise, now=now) is State.PAUSED:
        return promise.schedule.add(now, margin(promise, now=now))
    return promise.due


# ---- words ----


def clock(at: datetime) -> str:
    return _written(at.replace(year=2000, month=1, day=1), pgettext("time pattern", "HH:mm"), _locale())


def short_moment(at: datetime, *, now: datetime) -> str:
    """ "today, 13:30"; within a month "Fri 25, 12:35"; further "Mon 5 Oct, 11:00". Days are those of the schedule."""
    days = (at.date() - now.astimezone(at.tzinfo).date()).days
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    pattern = "EEE d" if at.month == now.month else "EEE d LLL"
    return f"{near.get(days) or _dated(at, pattern)}, {clock(at)}"


def full_moment(at: datetime) -> str:
    pattern = pgettext("date pattern", "EEEE d MMMM")
    return f"{_dated(at, pattern)}, {clock(at)}"


def duration(length: timedelta) -> str:
    """ "6 h 55 min", "50 min"; seconds are not told, and less than a minute is "1 min"."""
    minutes = max(round(length / timedelta(minutes=1)), 1)
    hours, minutes = divmod(minutes, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes))


def amount(length: timedelta, *, promise: Promise) -> str:
    """A duration, in working days with halves when the promise itself is counted in them."""
    day = working_day(promise)
    if promise.allowance <= IN_DAYS_ABOVE or length < day:
        return duration(length)
    halves = int(length / day * 2)
    days, half = divmod(halves, 2)
    if half:
        return ngettext("%(days)d and a half working day", "%(days)d and a half working days", days) % {"days": days}
    return ngettext("%(days)d working day", "%(days)d working days", days) % {"days": days}


def working_day(promise: Promise) -> timedelta:
    """The longest day of the week of the promise, so that a holiday does not shorten what a working day means."""
    return _longest_day(promise.schedule, promise.made_at.date())


@lru_cache(1024)
def _longest_day(schedule: WorkSchedule, around: date) -> timedelta:
    middle = datetime.combine(around, time(), tzinfo=schedule.tz)
    days = [middle + timedelta(days=n) for n in range(-7, 8)]
    longest = max(schedule.between(day, day + timedelta(days=1)) for day in days)
    return longest or timedelta(days=1)


def _dated(at: datetime, pattern: str) -> str:
    return _written(at.replace(hour=12, minute=0), pattern, _locale())


def _written(at: datetime, pattern: str, locale: str) -> str:
    return _kept(at.replace(second=0, microsecond=0, tzinfo=None), pattern, locale)


@lru_cache(8192)  # the days and minutes that are told are few, and a board tells hundreds
def _kept(at: datetime, pattern: str, locale: str) -> str:
    return format_datetime(at, pattern, locale=locale)


def _locale() -> str:
    return (get_language() or "ca").split("-")[0]


# ---- what is shown ----


@dataclass(frozen=True)
class Flag:
    """The chip: `said` is for those who listen, before what everyone sees."""

    state: State
    icon: str
    said: str
    when: str
    left_said: str
    left: str
    meter: drawing.Picture | None


def flag(promise: Promise, *, now: datetime) -> Flag:
    now = now.astimezone(promise.schedule.tz)
    left = margin(promise, now=now)
    is_now = _state(promise, now=now, left=left)
    words = amount(abs(left), promise=promise)
    when = short_moment(promise.due.astimezone(promise.schedule.tz), now=now)
    unit = HOUR if promise.allowance <= IN_DAYS_ABOVE else working_day(promise)
    if is_now is State.KEPT:
        return Flag(is_now, ICONS[is_now], "", _("Promise kept"), "", _("%(time)s early") % {"time": words}, None)
    if is_now is State.BREACHED:
        meter = drawing.late_meter(-left / unit, wide=unit > HOUR)
        return Flag(is_now, ICONS[is_now], _("Not kept:"), when, _("late by"), f"+{words}", meter)
    meter = drawing.meter(promise.allowance / unit, left / unit, wide=unit > HOUR, paused=is_now is State.PAUSED)
    if is_now is State.PAUSED:
        return Flag(is_now, ICONS[is_now], "", _("Paused"), _("left:"), words, meter)
    said = _("Promise:") if is_now is State.ON else _("About to expire:")
    return Flag(is_now, ICONS[is_now], said, when, _("left:"), words, meter)


@dataclass(frozen=True)
class Pledge:
    """The card: the moment in full, what is left, the days up to it, and why it is that moment."""

    state: State
    icon: str
    kicker: str
    title: str
    at: datetime
    left: str
    days: list[drawing.Day]
    reasons: list[tuple[str, str]]  # icon, sentence


def pledge(promise: Promise, *, now: datetime, for_desk: bool = False) -> Pledge:
    """`for_desk`: the reader is not who asked, so a pause is not their turn."""
    zone = promise.schedule.tz
    now = now.astimezone(zone)
    is_now = state(promise, now=now)
    left = margin(promise, now=now)
    words = {"time": amount(abs(left), promise=promise), "all": amount(promise.allowance, promise=promise)}
    at = due_if_answered(promise, now=now).astimezone(zone)
    title = full_moment(at)
    if is_now is State.PAUSED:
        since = full_moment(promise.paused_since.astimezone(zone)) if promise.paused_since else ""
        kicker = _("Paused since %(moment)s") % {"moment": since}
        title = _("We wait for their answer") if for_desk else _("It is your turn")
        told = (
            _("%(time)s left. If they answer now, the promise will be %(moment)s.")
            if for_desk
            else _("%(time)s left. If you answer now, the promise will be %(moment)s.")
        ) % {**words, "moment": full_moment(at)}
    elif is_now is State.BREACHED:
        kicker, told = _("We did not keep it"), _("%(time)s late.") % words
    elif is_now is State.KEPT:
        at = (promise.kept_at or at).astimezone(zone)
        kicker, title, told = _("Promise kept"), full_moment(at), _("Done %(time)s early.") % words
    else:
        kicker, told = _("We will solve it before"), _("%(time)s left of the %(all)s promised.") % words
    return Pledge(
        is_now, ICONS[is_now], kicker, title, at, told, _days(promise, now, at, is_now), _reasons(promise, at)
    )


def _days(promise: Promise, now: datetime, at: datetime, is_now: State) -> list[drawing.Day]:
    if promise.plain_hours or is_now is State.KEPT:
        return []
    first, last = min(now, at), max(now, at)
    strip = drawing.Strip(made_at=promise.made_at, now=now, due=at, late=is_now is State.BREACHED)
    return drawing.days(promise.schedule, strip, first.date(), last.date(), name=_day_name, note=_note(promise))


def _day_name(day: date, until: date) -> str:
    at = datetime.combine(day, time(12))
    if until == day:
        return format_datetime(at, "EEE d", locale=_locale())
    return f"{at.day}–{format_datetime(datetime.combine(until, time(12)), 'd LLL', locale=_locale())}"


def _note(promise: Promise) -> drawing.Note:
    def note(day: date, until: date, counted: timedelta, *, late: bool, due: datetime | None) -> str:
        if (
            not counted
            and due is None
            and not promise.schedule.between(_midnight(promise, day), _after(promise, until))
        ):
            names = [name for one in drawing.each(day, until) if (name := promise.closed(one))]
            return _("%(name)s: does not count") % {"name": ", ".join(names)} if names else _("closed")
        words = duration(counted) if counted else ""
        if late:
            return _("%(time)s late") % {"time": words} if words else ""
        if due is not None:
            return _("%(time)s, until %(clock)s") % {"time": words, "clock": clock(due)} if words else clock(due)
        return _("%(time)s count") % {"time": words} if words else ""

    return note


def _midnight(promise: Promise, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=promise.schedule.tz)


def _after(promise: Promise, day: date) -> datetime:
    return _midnight(promise, day + timedelta(days=1))


def _reasons(promise: Promise, at: datetime) -> list[tuple[str, str]]:
    length = amount(promise.allowance, promise=promise)
    if promise.plain_hours:
        reasons = [("clock", _("An outage counts every hour of the day, every day: %(time)s.") % {"time": length})]
    else:
        reasons = [("clock", _("%(time)s of the desk's hours, and only those, are counted.") % {"time": length})]
        for day in drawing.each(promise.made_at.date(), at.date()):
            if name := promise.closed(day):
                told = {"day": _dated(datetime.combine(day, time(12)), "EEEE d"), "name": name}
                reasons.append(("calendar-off", _("%(day)s is %(name)s: we are closed and it does not count.") % told))
    reasons.append(("player-pause", _("If we have to ask you something, the clock stops until you answer.")))
    return reasons
