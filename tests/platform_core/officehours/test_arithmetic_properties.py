"""What holds for every schedule: laws, and an oracle that looks at the wall clock minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platform_core.officehours.arithmetic import WorkSchedule

MINUTE = timedelta(minutes=1)
ZONES = ["Europe/Madrid", "Australia/Lord_Howe", "America/Santiago", "Asia/Beirut"]
"""One hour at night, half an hour, and two zones that change at midnight."""

FIRST = {  # days around which a clock changes, a year ends, or a leap day falls
    "Europe/Madrid": [date(2026, 3, 28), date(2026, 10, 24), date(2027, 12, 30), date(2028, 2, 27)],
    "Australia/Lord_Howe": [date(2026, 4, 4), date(2026, 10, 3), date(2028, 2, 27)],
    "America/Santiago": [date(2026, 4, 4), date(2026, 9, 5), date(2027, 12, 30)],
    "Asia/Beirut": [date(2026, 3, 28), date(2026, 10, 24), date(2028, 2, 27)],
}


def utc(moment: datetime) -> datetime:
    """Python compares two moments of one zone by their wall time, and calls the hour that repeats equal to nothing."""
    return moment.astimezone(UTC)


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@st.composite
def day_hours(draw: st.DrawFn) -> list[tuple[str, str]]:
    edges = draw(st.lists(st.integers(0, 96), unique=True, max_size=6).map(sorted))
    return [(clock(15 * edges[at]), clock(15 * edges[at + 1])) for at in range(0, len(edges) - 1, 2)]


@st.composite
def desks(draw: st.DrawFn):
    zone = draw(st.sampled_from(ZONES))
    first = draw(st.sampled_from(FIRST[zone]))
    near = st.integers(0, 4).map(lambda number: first + timedelta(days=number))
    weekly = draw(st.dictionaries(st.integers(0, 6), day_hours(), min_size=4))
    closures = draw(st.sets(near, max_size=2))
    special = draw(st.dictionaries(near, day_hours(), max_size=2))
    return zone, first, weekly, closures, special


def moments(first: date) -> st.SearchStrategy[datetime]:
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    return st.integers(0, 4 * 24 * 60).map(lambda minutes: start + minutes * MINUTE)


def shows_open(at: datetime, zone: str, weekly, closures, special) -> bool:
    """What a person at the door would say, who knows the table and has a clock."""
    wall = at.astimezone(ZoneInfo(zone))
    day = wall.date()
    hours = special[day] if day in special else [] if day in closures else weekly.get(day.weekday(), [])
    return any(start <= f"{wall:%H:%M}" < end for start, end in hours)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), facts=desks())
def test_the_answers_agree_with_a_clock_looked_at_minute_by_minute(data, facts):
    zone, first, weekly, closures, special = facts
    desk = WorkSchedule(weekly, tz=zone, closures=closures, special=special)
    a, b = sorted([data.draw(moments(first)), data.draw(moments(first))])
    minutes = [a + number * MINUTE for number in range((b - a) // MINUTE)]
    is_open = [shows_open(at, zone, weekly, closures, special) for at in minutes]
    spent = sum(is_open) * MINUTE
    assert desk.between(a, b) == spent
    assert desk.between(b, a) == -spent
    assert sum((utc(end) - utc(start) for start, end in desk.intervals(a, b)), timedelta()) == spent
    for at, expected in list(zip(minutes, is_open, strict=True))[::37]:
        assert desk.is_open(at) == expected
    if any(is_open):
        assert utc(desk.next_open(a)) == minutes[is_open.index(True)]
        last = len(is_open) - 1 - is_open[::-1].index(True)
        assert utc(desk.add(a, spent)) == minutes[last] + MINUTE
        assert utc(desk.add(b, -spent)) == minutes[is_open.index(True)]


WEEKS = st.dictionaries(st.integers(0, 6), day_hours(), min_size=1).filter(lambda week: any(week.values()))
ANY_MOMENT = st.datetimes(datetime(2022, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
SIZES = st.timedeltas(timedelta(days=-15), timedelta(days=15))


@settings(max_examples=60, deadline=None)
@given(week=WEEKS, zone=st.sampled_from(ZONES), start=ANY_MOMENT, size=SIZES)
def test_what_was_added_is_what_lies_between(week, zone, start, size):
    desk = WorkSchedule(week, tz=zone)
    end = desk.add(start, size)
    assert desk.between(start, end) == size
    assert desk.between(end, start) == -size
    # And it is the nearest such moment: a microsecond nearer, less time has passed.
    if size:
        nearer = utc(end) - timedelta(microseconds=1) * (1 if size > timedelta() else -1)
        assert abs(desk.between(start, nearer)) < abs(size)


@settings(max_examples=60, deadline=None)
@given(week=WEEKS, zone=st.sampled_from(ZONES), moments=st.lists(ANY_MOMENT, min_size=3, max_size=3))
def test_the_time_between_adds_up_and_never_runs_backwards(week, zone, moments):
    desk = WorkSchedule(week, tz=zone)
    a, b, c = sorted(moments)
    assert desk.between(a, b) + desk.between(b, c) == desk.between(a, c)
    assert timedelta() <= desk.between(a, b) <= desk.between(a, c)
    assert desk.between(a, b) <= b - a


@settings(max_examples=60, deadline=None)
@given(week=WEEKS, start=ANY_MOMENT, one=SIZES, other=SIZES)
def test_adding_twice_in_one_direction_is_adding_the_sum(week, start, one, other):
    desk = WorkSchedule(week, tz="Europe/Madrid")
    for sign in (1, -1):
        first, second = sign * abs(one), sign * abs(other)
        assert utc(desk.add(desk.add(start, first), second)) == utc(desk.add(start, first + second))
    smaller, larger = sorted([one, other])
    assert utc(desk.add(start, smaller)) <= utc(desk.add(start, larger))


@pytest.mark.parametrize("first", [1900, 1950, 2199])
def test_the_first_and_the_last_year_are_as_good_as_any(first):
    desk = WorkSchedule({day: [("09:00", "10:00")] for day in range(7)}, tz="Europe/Madrid")
    day = datetime(first, 6, 1, 12, tzinfo=UTC)
    assert desk.between(day, desk.add(day, timedelta(hours=30))) == timedelta(hours=30)
