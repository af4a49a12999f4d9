"""What an operator or a developer expects of working time, by example."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from platform_core.officehours.arithmetic import FarAway, NeverOpen, WorkSchedule

MADRID = ZoneInfo("Europe/Madrid")
DESK = {day: [("09:00", "14:00"), ("15:00", "17:00")] for day in range(5)}
HOUR = timedelta(hours=1)


def madrid(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=MADRID, fold=fold)  # type: ignore[arg-type,misc]


@pytest.fixture
def desk() -> WorkSchedule:
    return WorkSchedule(
        DESK,
        tz="Europe/Madrid",
        closures={date(2026, 5, 25), date(2026, 9, 24)},
        special={date(2026, 12, 24): [("09:00", "13:00")]},
    )


def test_eight_hours_go_over_lunch_the_night_and_a_local_holiday(desk):
    assert desk.add(madrid(2026, 9, 23, 12, 40), 8 * HOUR) == madrid(2026, 9, 25, 13, 40)
    assert desk.between(madrid(2026, 9, 23, 12, 40), madrid(2026, 9, 25, 13, 40)) == 8 * HOUR


def test_time_added_ends_at_the_end_of_an_interval_not_at_the_next_start(desk):
    assert desk.add(madrid(2026, 9, 23, 9), 5 * HOUR) == madrid(2026, 9, 23, 14)
    assert desk.add(madrid(2026, 9, 23, 16), -HOUR) == madrid(2026, 9, 23, 15)


def test_nothing_added_is_the_moment_itself_open_or_not(desk):
    sunday = madrid(2026, 9, 20, 12)
    assert desk.add(sunday, timedelta()) == sunday


def test_the_answer_is_in_the_zone_of_the_schedule_and_exact_to_the_microsecond(desk):
    answer = desk.add(datetime(2026, 9, 23, 7, tzinfo=UTC), HOUR + timedelta(microseconds=1))
    assert answer.isoformat() == "2026-09-23T10:00:00.000001+02:00"
    assert answer.tzinfo is MADRID


def test_going_back_gives_a_negative_time(desk):
    assert desk.between(madrid(2026, 9, 25, 10), madrid(2026, 9, 23, 16)) == -2 * HOUR
    assert desk.add(madrid(2026, 9, 25, 10), -2 * HOUR) == madrid(2026, 9, 23, 16)


def test_a_special_day_wins_over_the_week_and_over_a_closure():
    day = date(2026, 12, 24)
    desk = WorkSchedule(DESK, tz="Europe/Madrid", closures={day}, special={day: [("10:00", "12:00")]})
    assert desk.between(madrid(2026, 12, 24), madrid(2026, 12, 25)) == 2 * HOUR


def test_open_includes_the_start_and_not_the_end(desk):
    assert desk.is_open(madrid(2026, 9, 23, 9))
    assert not desk.is_open(madrid(2026, 9, 23, 14))


def test_the_next_opening_is_now_when_it_is_open(desk):
    assert desk.next_open(madrid(2026, 9, 23, 9, 30)) == madrid(2026, 9, 23, 9, 30)
    assert desk.next_open(madrid(2026, 9, 23, 17)) == madrid(2026, 9, 25, 9)


def test_intervals_are_cut_at_both_ends_and_touching_ones_are_one():
    desk = WorkSchedule({2: [("12:00", "15:00"), ("09:00", "12:00")]}, tz="Europe/Madrid")
    found = list(desk.intervals(madrid(2026, 9, 23, 10), madrid(2026, 9, 30, 11)))
    assert found == [
        (madrid(2026, 9, 23, 10), madrid(2026, 9, 23, 15)),
        (madrid(2026, 9, 30, 9), madrid(2026, 9, 30, 11)),
    ]
    assert list(desk.intervals(madrid(2026, 9, 30), madrid(2026, 9, 23))) == []


def test_a_desk_that_never_closes_counts_real_time_over_both_changes_of_the_clock():
    always = WorkSchedule({day: [("00:00", "24:00")] for day in range(7)}, tz="Europe/Madrid")
    assert always.between(madrid(2026, 3, 29), madrid(2026, 3, 30)) == 23 * HOUR
    assert always.between(madrid(2026, 10, 25), madrid(2026, 10, 26)) == 25 * HOUR
    assert always.between(madrid(2026, 1, 1), madrid(2027, 1, 1)) == timedelta(days=365)
    a, b = madrid(2026, 1, 1), madrid(2026, 12, 31)
    assert list(always.intervals(a, b)) == [(a, b)]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (("01:00", "04:00"), [(1, 4)]),
        # 02:30 does not exist: the clock goes from 01:59 to 03:00.
        (("02:30", "04:00"), [(3, 4)]),
        (("01:00", "02:30"), [(1, 3)]),
        (("02:10", "02:50"), []),
    ],
)
def test_an_hour_that_the_clock_skips_does_not_exist(hours, expected):
    desk = WorkSchedule({6: [hours]}, tz="Europe/Madrid")
    found = list(desk.intervals(madrid(2026, 3, 29), madrid(2026, 3, 30)))
    assert found == [(madrid(2026, 3, 29, start), madrid(2026, 3, 29, end)) for start, end in expected]


@pytest.mark.parametrize(
    ("hours", "minutes"), [(("01:00", "04:00"), 240), (("02:30", "04:00"), 120), (("02:00", "02:30"), 60)]
)
def test_an_hour_that_the_clock_shows_twice_counts_twice(hours, minutes):
    desk = WorkSchedule({6: [hours]}, tz="Europe/Madrid")
    assert desk.between(madrid(2026, 10, 25), madrid(2026, 10, 26)) == timedelta(minutes=minutes)
    assert desk.is_open(madrid(2026, 10, 25, 2, 30)) == desk.is_open(madrid(2026, 10, 25, 2, 30, fold=1))


def test_a_desk_may_open_on_leap_days_only():
    desk = WorkSchedule({}, tz="Europe/Madrid", special={date(2028, 2, 29): [("09:00", "10:00")]})
    assert desk.next_open(madrid(2025, 1, 1)) == madrid(2028, 2, 29, 9)
    assert desk.add(madrid(2031, 1, 1), -HOUR) == madrid(2028, 2, 29, 9)
    with pytest.raises(NeverOpen):
        desk.next_open(madrid(2028, 2, 29, 10))


def test_a_schedule_that_is_never_open_says_so():
    never = WorkSchedule({0: []}, tz="Europe/Madrid", special={date(2026, 1, 1): []})
    with pytest.raises(NeverOpen):
        never.add(madrid(2026, 1, 1), HOUR)
    with pytest.raises(NeverOpen):
        never.add(madrid(2026, 1, 1), -HOUR)
    with pytest.raises(NeverOpen):
        never.next_open(madrid(2026, 1, 1))
    assert never.between(madrid(2026, 1, 1), madrid(2027, 1, 1)) == timedelta()
    assert not never.is_open(madrid(2026, 1, 1))


@pytest.mark.parametrize(
    ("hours", "says"),
    [
        ([("09:00", "14:00"), ("13:00", "17:00")], "09:00-14:00 and 13:00-17:00 overlap"),
        ([("14:00", "09:00")], "14:00-09:00"),
        ([("09:00", "09:00")], "09:00-09:00"),
        ([("9:00", "14:00")], "'9:00'"),
        ([("09:00", "24:01")], "'24:01'"),
        ([("09:00", "25:00")], "'25:00'"),
        ([("٠٩:٠٠", "14:00")], "not a time"),
        (["09:00-14:00"], "09:00-14:00"),
        ([("09:00",)], "09:00"),
        ([(9, 14)], "9"),
    ],
)
def test_a_bad_interval_is_named(hours, says):
    with pytest.raises(ValueError, match="Monday") as error:
        WorkSchedule({0: hours}, tz="Europe/Madrid")
    assert says in str(error.value)


def test_a_bad_day_of_the_week_date_or_zone_is_named():
    with pytest.raises(ValueError, match="7"):
        WorkSchedule({7: []}, tz="Europe/Madrid")
    with pytest.raises(ValueError, match="Europe/Barcelona"):
        WorkSchedule(DESK, tz="Europe/Barcelona")
    with pytest.raises(ValueError, match=r"\.\./"):
        WorkSchedule(DESK, tz="../../etc/passwd")
    with pytest.raises(ValueError, match="closures"):
        WorkSchedule(DESK, tz="Europe/Madrid", closures={"2026-05-25"})  # type: ignore[arg-type]


@pytest.mark.parametrize("ask", ["add", "between", "is_open", "next_open", "intervals"])
def test_a_naive_moment_and_a_far_away_one_are_refused_with_a_reason(desk, ask):
    rest = {"add": [HOUR], "between": [madrid(2026, 1, 1)], "intervals": [madrid(2026, 1, 1)]}.get(ask, [])
    with pytest.raises(ValueError, match="no time zone"):
        getattr(desk, ask)(datetime(2026, 1, 1), *rest)  # noqa: DTZ001  naive on purpose
    for far in (datetime.min, datetime.max):  # noqa: DTZ901  the zone follows
        for zone in (UTC, MADRID, ZoneInfo("Pacific/Apia")):
            with pytest.raises(FarAway, match="1900"):
                getattr(desk, ask)(far.replace(tzinfo=zone), *rest)


@pytest.mark.parametrize("duration", [timedelta.max, timedelta.min, timedelta(days=40_000), timedelta(days=-40_000)])
def test_a_duration_beyond_the_years_covered_is_refused_with_a_reason(desk, duration):
    with pytest.raises(FarAway, match="1900"):
        desk.add(madrid(2026, 1, 1), duration)


def test_threads_that_ask_for_different_years_at_once_all_get_the_truth():
    for _round in range(5):
        shared = WorkSchedule(DESK, tz="Europe/Madrid")
        starts = [madrid(year, 6, 1, 9) for year in range(1990, 2070)]
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda start, desk=shared: desk.add(start, 70 * HOUR), starts))
        assert found == [WorkSchedule(DESK, tz="Europe/Madrid").add(start, 70 * HOUR) for start in starts]
