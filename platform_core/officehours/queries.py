"""What the calendars say: the schedule of one, whether it is open now, and why its clock does not run."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import holidays
from babel.dates import format_skeleton
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .arithmetic import NeverOpen, WorkSchedule
from .hours import read_hours
from .models import Calendar, DateRange, HolidayOverride, Named
from .promise import Promise

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

YEARS_BACK, YEARS_AHEAD = 10, 20
"""The public holidays that a schedule knows, around the present year. Beyond them every week is an ordinary one."""

LANGUAGES = {"ca": "ca", "es": "es", "en": "en_US"}
"""Our languages, as the library of holidays calls them."""

LOCALES = {"ca": "ca_ES", "es": "es_ES", "en": "en_GB"}
"""The same for Babel, whose Catalan dates say *25 de desembre* and *1 d'abril*; Django's do not."""

LONGEST_EXPLANATION = timedelta(days=400)
KEPT = 64
WEEKEND = (5, 6)

Names = dict[str, str]
Intervals = list[tuple[str, str]]


class Kind(StrEnum):
    """Why the clock stands still."""

    HOLIDAY = "holiday"
    CLOSURE = "closure"
    SPECIAL = "special"
    SEASON = "season"
    WEEKLY = "weekly"
    BREAK = "break"


@dataclass(frozen=True)
class Reason:
    """A day, or a part of one, on which the clock does not run. `text` is in the reader's language."""

    kind: Kind
    day: date
    text: str


@dataclass(frozen=True)
class Status:
    """A desk at one moment. `changes_at` is when it closes or opens next; None when it always or never does."""

    calendar: Calendar
    is_open: bool
    changes_at: datetime | None
    reasons: list[Reason]
    at: datetime

    @property
    def reason(self) -> Reason | None:
        """The one to say when there is room for one: a holiday or closure before a weekend, never a mere night."""
        order = [Kind.CLOSURE, Kind.HOLIDAY, Kind.SPECIAL, Kind.SEASON, Kind.BREAK, Kind.WEEKLY]
        return min(self.reasons, key=lambda reason: order.index(reason.kind), default=None)

    @property
    def opening_day(self) -> str:
        """The day of `changes_at` as one says it: today, tomorrow, on Tuesday, on Thursday 7 January."""
        if self.changes_at is None:
            return ""
        day = self.changes_at.date()
        return day_name(day, today=self.at.astimezone(self.changes_at.tzinfo).date())

    @property
    def why(self) -> str:
        """A whole sentence with the reason, or nothing for a mere night."""
        if (reason := self.reason) is None:
            return ""
        if reason.kind == Kind.WEEKLY:
            return ""
        if reason.kind == Kind.BREAK:
            return _("It is %(break)s.") % {"break": reason.text}
        facts = {"day": date_format(reason.day, "l j"), "name": reason.text}
        if reason.kind == Kind.HOLIDAY:
            return capfirst(_("%(day)s is a holiday: %(name)s.") % facts)
        if reason.kind == Kind.CLOSURE:
            return capfirst(_("%(day)s we are closed: %(name)s.") % facts)
        return capfirst(_("%(day)s we keep other hours: %(name)s.") % facts)


@dataclass(frozen=True)
class Facts:
    """All that a calendar says, read once after a change. The dates are local to the calendar."""

    schedule: WorkSchedule
    week: dict[int, Intervals]
    holidays: dict[date, Names]
    closures: dict[date, Names]
    special: dict[date, tuple[Intervals, Names]]
    seasons: list[tuple[date, date, dict[int, Intervals], Names]] = field(default_factory=list)

    def hours_on(self, day: date) -> Intervals:
        """The intervals of a day, whatever rules it."""
        if day in self.special:
            return self.special[day][0]
        if day in self.closures or day in self.holidays:
            return []
        season = self.season_on(day)
        return (season[2] if season else self.week).get(day.weekday(), [])

    def season_on(self, day: date) -> tuple[date, date, dict[int, Intervals], Names] | None:
        return next((season for season in self.seasons if season[0] <= day <= season[1]), None)


_kept: dict[tuple[UUID, int], Facts] = {}
_lock = threading.Lock()


def schedule(slug: str) -> WorkSchedule:
    """The working time of a calendar, as it is now: one query, eight after a change.

    Raises Calendar.DoesNotExist.
    """
    return facts_of(Calendar.objects.get(slug=slug)).schedule


def facts_of(calendar: Calendar) -> Facts:
    """What this calendar says under the stamp of the instance. No query when this process has read it already."""
    key = (calendar.stamp, timezone.now().year)
    facts = _kept.get(key)
    if facts is None:
        facts = _read(calendar)
        with _lock:
            while len(_kept) >= KEPT:
                del _kept[next(iter(_kept))]
            _kept[key] = facts
    return facts


def status(calendar: Calendar, *, at: datetime | None = None) -> Status:
    """Whether a desk is open at a moment (now when None), until when, and why not if it is closed."""
    at = at or timezone.now()
    working = facts_of(calendar).schedule
    if working.is_open(at):
        until = next(end for _start, end in working.intervals(at, at + timedelta(days=8)))
        return Status(calendar, True, until if until < at + timedelta(days=8) else None, [], at)
    try:
        opens = working.next_open(at)
    except NeverOpen:
        return Status(calendar, False, None, [], at)
    return Status(calendar, False, opens, reasons(calendar, at, opens), at)


def reasons(calendar: Calendar, a: datetime, b: datetime) -> list[Reason]:
    """Why the clock of a calendar does not run all the time from `a` to `b`, in order, in the reader's language.

    A day gives its holiday, closure, special day or season when that takes away time on which the desk would have been
    open; a day of the week without hours says so; a break is a reason when the stretch meets it. A night needs none.
    Looks at the first 400 days.
    """
    facts = facts_of(calendar)
    zone = facts.schedule.tz
    first, last = a.astimezone(zone), min(b, a + LONGEST_EXPLANATION).astimezone(zone)
    found: list[Reason] = []
    for number in range((last.date() - first.date()).days + 1):
        day = first.date() + timedelta(days=number)
        since = f"{first:%H:%M}" if number == 0 else "00:00"
        until = f"{last:%H:%M}" if day == last.date() else "24:00"
        if since < until:
            found += _reasons_of(facts, day, (since, until))
    return found


def promise_on(
    calendar: Calendar,
    *,
    allowance: timedelta,
    made_at: datetime,
    due: datetime,
    paused_since: datetime | None = None,
    kept_at: datetime | None = None,
) -> Promise:
    """A promise counted in the open time of a calendar, for showing. Moments are aware; see Promise for each."""
    facts = facts_of(calendar)
    zone = facts.schedule.tz
    made_at, due = made_at.astimezone(zone), due.astimezone(zone)
    last = min(max(due, timezone.now().astimezone(zone)), made_at + LONGEST_EXPLANATION)
    return Promise(
        schedule=facts.schedule,
        allowance=allowance,
        made_at=made_at,
        due=due,
        paused_since=paused_since,
        kept_at=kept_at,
        plain_hours=not facts.holidays and all(facts.week.get(day) == [("00:00", "24:00")] for day in range(7)),
        closed=lambda day: _special_name(facts, day) if day <= last.date() and _is_lost(facts, day) else None,
    )


def day_name(day: date, *, today: date) -> str:
    """A day as one says it: today, tomorrow, on Tuesday within the week, else on Thursday 7 January."""
    if day == today:
        return _("today")
    if day == today + timedelta(days=1):
        return _("tomorrow")
    if day - today < timedelta(days=7):
        return _("on %(weekday)s") % {"weekday": date_format(day, "l")}
    locale = LOCALES[(get_language() or "ca")[:2]]
    date_text = f"{date_format(day, 'l')} {format_skeleton('MMMMd', day, locale=locale)}"
    return _("on %(date)s") % {"date": date_text}


def week_of(facts: Facts, monday: date) -> list[tuple[date, Intervals, str]]:
    """The seven days from a Monday: date, intervals, and why the day differs from an ordinary week ("" if not)."""
    days = []
    for number in range(7):
        day = monday + timedelta(days=number)
        days.append((day, facts.hours_on(day), _special_name(facts, day)))
    return days


def coming_days(facts: Facts, *, since: date, most: int) -> list[tuple[date, str, Intervals]]:
    """The next holidays, closures and special days on which the desk would open otherwise: date, name, hours."""
    days = sorted({*facts.holidays, *facts.closures, *facts.special})
    coming = [day for day in days if day >= since and (facts.week.get(day.weekday()) or day in facts.special)]
    return [(day, _special_name(facts, day), facts.hours_on(day)) for day in coming[:most]]


def _reasons_of(facts: Facts, day: date, window: tuple[str, str]) -> Iterator[Reason]:
    """The reasons of one day, for the part of it between two wall times."""
    hours, ordinary = facts.hours_on(day), facts.week.get(day.weekday(), [])
    if _lost(ordinary, hours, window):
        yield Reason(_kind(facts, day), day, _special_name(facts, day))
    elif not hours and not ordinary:
        text = _("weekend") if day.weekday() in WEEKEND else _("a day on which we do not open")
        yield Reason(Kind.WEEKLY, day, text)
    for one, other in pairwise(hours):
        if _overlap((one[1], other[0]), window):
            yield Reason(Kind.BREAK, day, _("the break from %(start)s to %(end)s") % _clock(one[1], other[0]))


def _is_lost(facts: Facts, day: date) -> bool:
    """Whether a day on which the desk would open is a holiday or closed."""
    return bool(facts.week.get(day.weekday())) and not facts.hours_on(day)


def _lost(ordinary: Intervals, hours: Intervals, window: tuple[str, str]) -> bool:
    """Whether the ordinary week would be open in some part of the window in which this day is not."""
    edges = ["00:00", *(time for interval in hours for time in interval), "24:00"]
    closed = [(edges[at], edges[at + 1]) for at in range(0, len(edges), 2)]
    return any(
        _overlap((max(interval[0], gap[0]), min(interval[1], gap[1])), window)
        for interval in ordinary
        for gap in closed
    )


def _overlap(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two stretches of wall time, written as HH:MM, share a minute."""
    return max(one[0], other[0]) < min(one[1], other[1])


def _clock(start: str, end: str) -> dict[str, str]:
    return {"start": start.lstrip("0").replace(":", ".") + " h", "end": end.lstrip("0").replace(":", ".") + " h"}


def _kind(facts: Facts, day: date) -> Kind:
    if day in facts.special:
        return Kind.SPECIAL
    if day in facts.closures:
        return Kind.CLOSURE
    return Kind.HOLIDAY if day in facts.holidays else Kind.SEASON


def _special_name(facts: Facts, day: date) -> str:
    """What a day is called that is no ordinary one, in the reader's language."""
    if day in facts.special:
        return _in(facts.special[day][1])
    if names := facts.closures.get(day) or facts.holidays.get(day):
        return _in(names)
    season = facts.season_on(day)
    return _in(season[3]) if season else ""


def _in(names: Names) -> str:
    return names.get((get_language() or "ca")[:2]) or names["ca"]


def _names(row: Named) -> Names:
    return {language: row.name_in(language) for language in LANGUAGES}


def _read(calendar: Calendar) -> Facts:
    """Six queries and a calculation: the holidays of the library, corrected by the table, and all the rest."""
    week = {row.weekday: read_hours(row.hours) for row in calendar.week.all()}
    special = {row.day: (read_hours(row.hours), _names(row)) for row in calendar.special_days.all()}
    closures = {day: _names(row) for row in calendar.closures.all() for day in _days(row)}
    seasons = [
        (row.first, row.last, {one.weekday: read_hours(one.hours) for one in row.week.all()}, _names(row))
        for row in calendar.seasons.prefetch_related("week")
    ]
    festive = _holidays(calendar)
    seasonal = {
        day: hours.get(day.weekday(), [])
        for first, last, hours, _name in seasons
        for day in (first + timedelta(days=number) for number in range((last - first).days + 1))
    }
    closed = {*closures, *festive}
    exceptions = {day: hours for day, hours in seasonal.items() if day not in closed}
    exceptions |= {day: hours for day, (hours, _name) in special.items()}
    working = WorkSchedule(week, tz=calendar.tz, closures=closed, special=exceptions)
    return Facts(working, week, festive, closures, special, seasons)


def _days(row: DateRange) -> Iterator[date]:
    for number in range((row.last - row.first).days + 1):
        yield row.first + timedelta(days=number)


def _holidays(calendar: Calendar) -> dict[date, Names]:
    """The public holidays around this year with their names in our languages; the table wins over the library."""
    found: dict[date, Names] = {}
    if calendar.observes_holidays and calendar.country:
        found = dict(_known_holidays(calendar.country, calendar.subdivision, timezone.now().year))
    for row in calendar.holiday_overrides.all():
        if row.kind == HolidayOverride.Kind.REMOVE:
            found.pop(row.day, None)
        else:
            found[row.day] = _names(row)
    return found


@lru_cache(maxsize=16)
def _known_holidays(country: str, subdivision: str, this_year: int) -> dict[date, Names]:
    """What the library knows, which takes it a tenth of a second. Never change the answer: it is kept."""
    found: dict[date, Names] = {}
    years = range(this_year - YEARS_BACK, this_year + YEARS_AHEAD + 1)
    for ours, theirs in LANGUAGES.items():
        known = holidays.country_holidays(country, subdiv=subdivision or None, years=years, language=theirs)
        for day, name in known.items():
            found.setdefault(day, {})[ours] = name
    return found
