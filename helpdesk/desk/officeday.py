"""The office day as the board shows it: the bands that group its rows, and the ruler with a flag for each promise.

Pure but for the calendar's facts: takes moments, returns words and places. Times are those of the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from babel.dates import format_datetime
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from platform_core.officehours.promise import clock, duration
from platform_core.officehours.queries import coming_days, facts_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from platform_core.officehours.models import Calendar

A_DAY = timedelta(days=1)
AN_HOUR = timedelta(hours=1)
DAYS_APART = 6
"""Days after today that have a band each; what is further stands together."""

MOST_FLAGS, MOST_IN_A_BREAK = 12, 3
"""Flags drawn in one slot of the ruler, which for a break is narrow; the rest is a number."""

NOON = 14
LATE, FURTHER, PAUSED = "late", "further", "paused"


@dataclass(frozen=True)
class Band:
    """A heading between rows. `is_closed`: a day that does not count, without rows."""

    key: str
    title: str
    note: str = ""
    is_closed: bool = False


@dataclass(frozen=True)
class Slot:
    """A stretch of the ruler, up to a moment. `css` says what it is; one that is `needed` only with flags in it."""

    until: datetime
    name: str
    css: str
    flags: tuple[str, ...] = ()

    @property
    def classes(self) -> str:
        return " ".join(f"ruler__h--{word}" for word in self.css.split() if word != "needed")

    @property
    def drawn(self) -> tuple[str, ...]:
        return self.flags[: MOST_IN_A_BREAK if "lunch" in self.css else MOST_FLAGS]

    @property
    def undrawn(self) -> int:
        return len(self.flags) - len(self.drawn)


class OfficeDay:
    """Today, as a calendar has it."""

    def __init__(self, calendar: Calendar, *, now: datetime) -> None:
        facts = facts_of(calendar)
        self.schedule = facts.schedule
        self.now = now.astimezone(self.schedule.tz)
        self.today = self.now.date()
        midnight = self._midnight(self.today)
        self.horizon = self.today + (DAYS_APART + 1) * A_DAY  # what is due from this day on stands together
        self.hours = list(self.schedule.intervals(midnight, self._midnight(self.today + A_DAY)))
        coming = coming_days(facts, since=self.today, most=20)
        self.closed = {day: name for day, name, hours in coming if not hours}

    # ---- bands ----

    def band_of(self, due: datetime) -> Band:
        due = due.astimezone(self.schedule.tz)
        if due < self.now:
            return Band(LATE, pgettext("promises", "Broken"), _("first of all"))
        ahead = (due.date() - self.today).days
        if ahead == 0:
            return self._band_of_today(due)
        if ahead > DAYS_APART:
            return Band(FURTHER, _("From %(day)s on") % {"day": _named(self.horizon, "EEEE d")})
        name = _named(due.date(), "EEEE d")
        return Band(f"day{ahead}", _("Tomorrow, %(day)s") % {"day": name} if ahead == 1 else capfirst(name))

    def _band_of_today(self, due: datetime) -> Band:
        for number, (start, end) in enumerate(self.hours):
            if due > end:
                continue
            if number and start.hour >= NOON:
                words = {"start": clock(start), "end": clock(end)}
                return Band(f"part{number}", _("This afternoon"), _("from %(start)s to %(end)s") % words)
            left = duration(end - max(self.now, start))
            return Band(
                f"part{number}",
                _("Before %(time)s") % {"time": clock(end)},
                _("%(time)s of it left") % {"time": left} if self.now >= start else "",
            )
        return Band("tonight", _("Today, out of hours"))

    def closed_between(self, first: date, last: date) -> list[Band]:
        """The days with a name of their own on which nothing counts, from one day to another, both left out."""
        return [
            Band(
                f"closed{day:%m%d}",
                _("%(day)s, %(name)s: we are closed and it does not count.")
                % {"day": capfirst(_named(day, "EEEE d")), "name": name},
                is_closed=True,
            )
            for day, name in sorted(self.closed.items())
            if first < day < last
        ]

    def day_of(self, due: datetime) -> date:
        return max(due.astimezone(self.schedule.tz).date(), self.today)

    # ---- ruler ----

    @property
    def title(self) -> str:
        return _named(self.today, pgettext("date pattern", "EEEE d MMMM"))

    @property
    def clock(self) -> str:
        return clock(self.now)

    def ruler(self, moments: Iterable[tuple[datetime, bool]]) -> list[Slot]:
        """The slots of today and of what follows, with their flags: "breach", "risk" or "" for each promise."""
        slots = self._slots()
        flags: list[list[str]] = [[] for _slot in slots]
        place = 0
        for due, burns in moments:  # the nearest first
            while place < len(slots) - 1 and due > slots[place].until:
                place += 1
            flags[place].append("breach" if due < self.now else "risk" if burns else "")
        return [
            Slot(slot.until, slot.name, slot.css, tuple(found))
            for slot, found in zip(slots, flags, strict=True)
            if found or "needed" not in slot.css
        ]

    def _slots(self) -> list[Slot]:
        midnight, tomorrow = self._midnight(self.today), self._midnight(self.today + A_DAY)
        before = Slot(midnight, pgettext("ruler", "before"), "past needed")
        return [before, *self._of_today(midnight, tomorrow), *self._of_later_days()]

    def _of_today(self, midnight: datetime, tomorrow: datetime) -> list[Slot]:
        if not self.hours:
            name = self.closed.get(self.today) or _("closed")
            return [Slot(tomorrow, _("today: %(why)s") % {"why": name}, "off wide")]
        slots = [self._slot(midnight, self.hours[0][0], "edge")]
        for (start, end), following in pairwise([*self.hours, (tomorrow, tomorrow)]):
            at = start
            while at < end:
                # Up to the next full hour: a desk that opens at half past has a first half hour.
                until = min(at.replace(minute=0, second=0, microsecond=0) + AN_HOUR, end)
                slots.append(self._slot(at, until, ""))
                at = until
            slots.append(self._slot(end, following[0], "edge" if following[0] == tomorrow else "lunch"))
        return slots

    def _slot(self, start: datetime, until: datetime, css: str) -> Slot:
        """An hour, or with `css` a stretch in which the desk is closed: "lunch", or the "edge" of the day."""
        if start <= self.now < until:
            part = (self.now - start) / (until - start)
            quarter = "q3" if part > 0.6 else "q2" if part > 0.4 else "q1" if part > 0.12 else ""  # noqa: PLR2004
            return Slot(until, clock(self.now), f"now {'lunch' if css else quarter}")
        when = "past" if until <= self.now else "ahead"
        needed = " needed" if css == "edge" else ""
        return Slot(until, "" if css else str(start.hour), f"{'lunch' if css else ''} {when}{needed}")

    def _of_later_days(self) -> list[Slot]:
        day, slots = self.today + A_DAY, []
        while (day - self.today).days <= DAYS_APART:
            end = self._midnight(day + A_DAY)
            if next(self.schedule.intervals(self._midnight(day), end), None):
                slots.append(Slot(end, _named(day, "EEE d"), "later"))
                break
            if day in self.closed:
                slots.append(Slot(end, _named(day, "EEE d"), "off"))
            day += A_DAY
        rest = _named(day + A_DAY, "EEE d")
        return [*slots, Slot(self._midnight(day + 400 * A_DAY), _("from %(day)s on") % {"day": rest}, "later needed")]

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=self.schedule.tz)


def _named(day: date, pattern: str) -> str:
    return _kept(day, pattern, (get_language() or "ca")[:2])


@lru_cache(1024)
def _kept(day: date, pattern: str, locale: str) -> str:
    return format_datetime(datetime.combine(day, time(12)), pattern, locale=locale)
