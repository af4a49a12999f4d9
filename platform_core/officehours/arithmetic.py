"""Working-time arithmetic: what moment is eight office hours from now, and how many lie between two moments.

Pure: no Django, no database. A schedule is a set of half-open stretches of real time. The desk is open at an instant
when its wall clock then shows a time inside [opens, closes) of that day. So, where the clock changes:

* an hour that the clock skips does not exist: 02:30-04:00 opens at the change and lasts one hour;
* an hour that the clock shows twice counts twice: 01:00-04:00 lasts four hours, and 02:00-02:30 opens twice.

Stretches that touch (09:00-12:00 with 12:00-15:00, or 24:00 with the next day's 00:00) are one stretch.

How it is fast: the stretches of each year, as integer microseconds of UTC, go once into three parallel sequences
(starts, ends, open time before each). Every question is then one or two bisections, whatever the span or the number of
closures. The table grows a few years at a time and never beyond FIRST_YEAR-LAST_YEAR.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    Hours = Iterable[tuple[str, str]]
    Span = tuple[int, int]

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""The years that a schedule covers, in UTC."""

MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = EPOCH.toordinal()
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00", re.ASCII)


class NeverOpen(ValueError):
    """The schedule has no open time in the direction asked for."""


class FarAway(ValueError):
    """A moment, given or reached, lies outside FIRST_YEAR-LAST_YEAR."""


class Table(NamedTuple):
    """The open stretches of the whole years from `low` to `high`, in microseconds since 1970 UTC.

    The first row is an empty stretch at `low`, so that a bisection always finds one. `before[i]` is the open time from
    `low` to `starts[i]`; `total` is that of the whole table.
    """

    first_year: int
    last_year: int
    low: int
    high: int
    starts: list[int]
    ends: list[int]
    before: list[int]
    total: int


class WorkSchedule:
    """Opening hours of one desk. Immutable, and safe to share between threads.

    `weekly` maps 0 (Monday) to 6 to intervals such as [("09:00", "14:00"), ("15:00", "17:00")] in the wall time of the
    zone `tz`; a day may be absent, the order is free and "24:00" is a valid end. `closures` are days without hours;
    `special` gives days other hours and wins over both. All answers are aware datetimes in `tz`, exact to the
    microsecond, and durations are real elapsed time.
    To compare answers, convert them to UTC: Python compares two datetimes of one zone by their wall time, and says that
    a moment of the repeated hour equals none of another zone (PEP 495).

    Raises ValueError that says which: an unknown zone, a key that is no weekday, or an interval that is badly written,
    inverted or overlaps another. Every method raises ValueError for a naive datetime and FarAway for one outside
    FIRST_YEAR-LAST_YEAR.
    """

    __slots__ = ("_deviations", "_epoch", "_fromutc", "_last_deviation", "_lock", "_table", "_tz", "_week")

    def __init__(
        self,
        weekly: Mapping[int, Hours],
        tz: str,
        closures: Collection[date] = (),
        special: Mapping[date, Hours] | None = None,
    ) -> None:
        self._tz = _zone(tz)
        self._week = _week(weekly)
        # By day since 1970; an empty list is a closed day.
        self._deviations: dict[int, list[Span]] = {_day(day, "closures"): [] for day in closures}
        for day, hours in (special or {}).items():
            self._deviations[_day(day, "special")] = parse_hours(hours, where=str(day))
        self._epoch = datetime(1970, 1, 1, tzinfo=self._tz)
        self._fromutc = self._tz.fromutc
        self._table = Table(LAST_YEAR + 1, FIRST_YEAR - 1, 0, 0, [0], [0], [0], 0)
        self._lock = threading.Lock()

    @property
    def tz(self) -> ZoneInfo:
        return self._tz

    def add(self, start: datetime, duration: timedelta) -> datetime:
        """The moment when `duration` of open time has passed since `start`; a negative one goes back.

        Of all the moments that fit, the nearest to `start`: forward, an interval's end rather than the start of the
        next (09:00 + 5 h is 14:00, not 15:00); back, an interval's start rather than the end of the one before; and
        `start` itself for zero, open or not. So `between(a, add(a, d)) == d` for every d.
        Raises NeverOpen when there is not that much open time, ever.
        """
        at = _microseconds(start)
        delta = duration // MICROSECOND
        table = self._table
        while True:
            if not table.low <= at < table.high:
                table = self._covering(at)
            starts, before = table.starts, table.before
            row = bisect_right(starts, at) - 1
            end = table.ends[row]
            target = before[row] + (at if at < end else end) - starts[row] + delta
            if delta > 0:
                if target <= table.total:
                    row = bisect_left(before, target) - 1
                    return self._fromutc(self._epoch + timedelta(0, 0, starts[row] + target - before[row]))
            elif delta < 0:
                if target >= 0:
                    row = bisect_right(before, target) - 1
                    return self._fromutc(self._epoch + timedelta(0, 0, starts[row] + target - before[row]))
            else:
                return self._fromutc(self._epoch + timedelta(0, 0, at))
            table = self._further(table, start, duration)

    def between(self, a: datetime, b: datetime) -> timedelta:
        """The open time from `a` to `b`, negative when `b` is earlier."""
        first, second = _microseconds(a), _microseconds(b)
        table = self._table
        low, high = table.low, table.high
        if not (low <= first < high and low <= second < high):
            self._covering(first)
            table = self._covering(second)
        _, _, _, _, starts, ends, before, _ = table
        row = bisect_right(starts, first) - 1
        end = ends[row]
        spent = before[row] + (first if first < end else end) - starts[row]
        row = bisect_right(starts, second) - 1
        end = ends[row]
        return timedelta(0, 0, before[row] + (second if second < end else end) - starts[row] - spent)

    def is_open(self, at: datetime) -> bool:
        """Whether the desk is open at that instant: an interval has its start and not its end."""
        moment = _microseconds(at)
        table = self._covering(moment)
        return moment < table.ends[bisect_right(table.starts, moment) - 1]

    def next_open(self, at: datetime) -> datetime:
        """`at` itself when open, else the next opening. Raises NeverOpen when there is none."""
        moment = _microseconds(at)
        table = self._covering(moment)
        while True:
            row = bisect_right(table.starts, moment) - 1
            if moment < table.ends[row]:
                return self._local(moment)
            if row + 1 < len(table.starts):
                return self._local(table.starts[row + 1])
            table = self._further(table, at, MICROSECOND)

    def intervals(self, a: datetime, b: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The open stretches from `a` to `b`, cut at both, in order; none when `b` is not later than `a`."""
        first, last = _microseconds(a), _microseconds(b)
        self._covering(first)
        return self._intervals(first, last, self._covering(last))

    def _intervals(self, first: int, last: int, table: Table) -> Iterator[tuple[datetime, datetime]]:
        for row in range(bisect_right(table.starts, first) - 1, len(table.starts)):
            start, end = max(first, table.starts[row]), min(last, table.ends[row])
            if start >= last:
                return
            if start < end:
                yield self._local(start), self._local(end)

    def _local(self, moment: int) -> datetime:
        return self._fromutc(self._epoch + timedelta(0, 0, moment))

    def _covering(self, moment: int) -> Table:
        """A table with this moment and all that an earlier call had. Only grows."""
        table = self._table
        if table.low <= moment < table.high:
            return table
        year = _year(moment)
        with self._lock:
            table = self._table
            if table.low <= moment < table.high:
                return table
            if table.first_year > table.last_year:
                return self._build(year - 1, year + 1)
            return self._build(min(table.first_year, year), max(table.last_year, year))

    def _further(self, table: Table, start: datetime, duration: timedelta) -> Table:
        """A longer table in the direction of `duration`, about twice as long each time."""
        forward = duration > timedelta(0)
        step = table.last_year - table.first_year + 1
        if not any(self._week):
            # Only special days: past the last of them there is nothing to wait for.
            years = [date.fromordinal(day + EPOCH_DAY).year for day, hours in self._deviations.items() if hours]
            reached = not years or (table.last_year > max(years) if forward else table.first_year < min(years))
            if reached:
                raise NeverOpen(f"There is no {duration} of open time {'after' if forward else 'before'} {start}.")
        at_the_end = table.last_year >= LAST_YEAR if forward else table.first_year <= FIRST_YEAR
        if at_the_end or abs(duration) > timedelta(days=366 * (LAST_YEAR - FIRST_YEAR + 1)):
            raise FarAway(f"{duration} of open time from {start} is outside the years {FIRST_YEAR}-{LAST_YEAR}.")
        with self._lock:
            if forward:
                return self._build(self._table.first_year, max(self._table.last_year, table.last_year + step))
            return self._build(min(self._table.first_year, table.first_year - step), self._table.last_year)

    def _build(self, first_year: int, last_year: int) -> Table:
        """Replace the table. Callers hold the lock; readers keep the table that they have."""
        first_year, last_year = max(first_year, FIRST_YEAR), min(last_year, LAST_YEAR)
        low, high = _new_year(first_year), _new_year(last_year + 1)
        starts, ends, before, total = [low], [low], [0], 0
        for start, end in self._stretches(first_year, last_year):
            # An interval cut by a change of offset or by midnight is one stretch again.
            if start == ends[-1] and len(ends) > 1:
                ends[-1] = end
            else:
                starts.append(start)
                ends.append(end)
                before.append(total)
            total += end - start
        self._table = Table(first_year, last_year, low, high, starts, ends, before, total)
        return self._table

    def _stretches(self, first_year: int, last_year: int) -> Iterator[Span]:
        """What is open in some years, piece by piece."""
        week, deviations = self._week, self._deviations
        years = range(first_year, last_year + 1)
        for since, until, offset in chain.from_iterable(_offsets(self._tz, year) for year in years):
            # Within a stretch of one offset, wall time is UTC plus a constant.
            begin, finish = since + offset, until + offset
            for day in range(begin // DAY, -(-finish // DAY)):
                midnight = day * DAY
                for opens, closes in deviations.get(day, week[(day + 3) % 7]):  # 1 January 1970 was a Thursday
                    start, end = max(begin, midnight + opens), min(finish, midnight + closes)
                    if start < end:
                        yield start - offset, end - offset


def parse_hours(hours: Hours, *, where: str) -> list[tuple[int, int]]:
    """Intervals of one day as sorted pairs of microseconds after midnight, touching ones left as they are.

    `where` names the day in the message of the ValueError for a badly written, inverted or overlapping interval.
    """
    spans: list[tuple[int, int]] = []
    for interval in hours:
        if isinstance(interval, str) or len(interval) != 2:  # noqa: PLR2004  a pair
            raise ValueError(f"{where}: {interval!r} is not an interval; write ('09:00', '14:00').")
        opens, closes = (_time(text, where) for text in interval)
        if opens >= closes:
            raise ValueError(
                f"{where}: the interval {interval[0]}-{interval[1]} does not end after it starts; "
                "split one that passes midnight in two, with 24:00 as the first end."
            )
        spans.append((opens, closes))
    spans.sort()
    for one, other in pairwise(spans):
        if other[0] < one[1]:
            raise ValueError(f"{where}: the intervals {_written(one)} and {_written(other)} overlap.")
    return spans


def _time(text: str, where: str) -> int:
    if not isinstance(text, str) or not TIME.fullmatch(text):
        raise ValueError(f"{where}: {text!r} is not a time of day; write HH:MM from 00:00 to 24:00.")
    return (int(text[:2]) * 60 + int(text[3:])) * MINUTE


def _written(span: tuple[int, int]) -> str:
    return "-".join(f"{moment // MINUTE // 60:02}:{moment // MINUTE % 60:02}" for moment in span)


def _week(weekly: Mapping[int, Hours]) -> list[list[Span]]:
    week: list[list[Span]] = [[] for _ in DAYS]
    for day, hours in weekly.items():
        if isinstance(day, bool) or not isinstance(day, int) or not 0 <= day < len(DAYS):
            raise ValueError(f"{day!r} is not a day of the week; they go from 0 (Monday) to 6 (Sunday).")
        week[day] = parse_hours(hours, where=DAYS[day])
    return week


def _day(day: date, where: str) -> int:
    if isinstance(day, datetime) or not isinstance(day, date):
        raise ValueError(f"{where}: {day!r} is not a date.")  # noqa: TRY004  bad schedules are all ValueError
    return day.toordinal() - EPOCH_DAY


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError):
        raise ValueError(f"{name!r} is not a known time zone; write a name such as 'Europe/Madrid'.") from None


def _microseconds(moment: datetime) -> int:
    """Microseconds since 1970 UTC of an aware datetime."""
    try:
        return (moment - EPOCH) // MICROSECOND
    except TypeError:
        _refuse(moment)


def _refuse(moment: object) -> NoReturn:
    if not isinstance(moment, datetime):
        raise TypeError(f"{moment!r} is not a datetime.") from None
    raise ValueError(f"{moment.isoformat()} has no time zone: only aware datetimes name a moment.") from None


def _new_year(year: int) -> int:
    return _microseconds(datetime(year, 1, 1, tzinfo=UTC))


def _year(moment: int) -> int:
    if not _new_year(FIRST_YEAR) <= moment < _new_year(LAST_YEAR + 1):
        raise FarAway(f"A moment is outside the years {FIRST_YEAR}-{LAST_YEAR} that a schedule covers.")
    return (EPOCH + timedelta(microseconds=moment)).year


def _offset(tz: ZoneInfo, moment: int) -> int:
    offset = (EPOCH + timedelta(microseconds=moment)).astimezone(tz).utcoffset()
    assert offset is not None  # noqa: S101  a ZoneInfo always has one
    return offset // MICROSECOND


@lru_cache(maxsize=4 * (LAST_YEAR - FIRST_YEAR + 1))
def _offsets(tz: ZoneInfo, year: int) -> tuple[tuple[int, int, int], ...]:
    """The stretches (since, until, offset from UTC) of constant offset in a year of UTC; shared by all schedules.

    Looks once a day and finds the second of a change by bisection: no zone changes twice within a day.
    """
    stretches = []
    since = moment = _new_year(year)
    end, offset = _new_year(year + 1), _offset(tz, since)
    while moment < end:
        following = moment + DAY
        if _offset(tz, following) != offset:
            change = _change(tz, moment, following, offset)
            stretches.append((since, change, offset))
            since, offset = change, _offset(tz, change)
        moment = following
    stretches.append((since, end, offset))
    return tuple(stretch for stretch in stretches if stretch[0] < stretch[1])


def _change(tz: ZoneInfo, before: int, after: int, offset: int) -> int:
    """The first whole second after `before` whose offset is another; `after` has another."""
    low, high = before // SECOND, after // SECOND
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(tz, middle * SECOND) == offset:
            low = middle
        else:
            high = middle
    return high * SECOND
