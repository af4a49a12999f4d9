"""Working time: answers a second on one core, beside what PyPI offers, and what a long span or many closures cost.

    python -m bench.officehours [--json FILE]

Each library gets the hours of user support with the holidays of 2025-2027, as far as it can express them, and must
first give the answers that ours gives. A library that is not installed, or that differs, is listed with the reason
instead of a rate. Rates are the best of several rounds.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as clock
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from bench.results import stamp
from platform_core.officehours.arithmetic import WorkSchedule

MADRID = ZoneInfo("Europe/Madrid")
WEEK = {day: [("09:00", "14:00"), ("15:00", "17:00")] for day in range(5)}
CLOSED = sorted(holidays.country_holidays("ES", subdiv="Barcelona", years=[2025, 2026, 2027]))
TARGET = 150_000
MOST_TIMES = 3

Pair = tuple[datetime, Any]
Answer = Callable[[datetime, Any], Any]


def desk(closures: list[date]) -> WorkSchedule:
    return WorkSchedule(WEEK, tz="Europe/Madrid", closures=closures)


def questions(number: int) -> tuple[list[Pair], list[Pair]]:
    """Open moments of 2026, seven minutes past the hour, so that no sum falls on the edge of an interval.

    There the libraries differ by choice: 14:00 or 15:00 after five hours of a morning.
    """
    dice = random.Random(311)  # noqa: S311  the same questions every time
    schedule, starts = desk(CLOSED), []
    while len(starts) < number:
        start = datetime(2026, 1, 1, dice.randrange(24), 7, tzinfo=MADRID) + timedelta(days=dice.randrange(330))
        if schedule.is_open(start):
            starts.append(start)
    adds = [(start, timedelta(hours=dice.randrange(1, 40))) for start in starts]
    return adds, [(start, start + timedelta(days=30)) for start in starts]


def rate(answer: Answer, pairs: list[Pair], rounds: int = 5) -> int:
    """Answers a second, the best of some rounds, with the cost of the loop inside."""
    best = float("inf")
    for _ in range(rounds):
        begin = time.perf_counter()
        for one, other in pairs:
            answer(one, other)
        best = min(best, time.perf_counter() - begin)
    return round(len(pairs) / best)


def ours() -> tuple[Answer, Answer]:
    schedule = desk(CLOSED)
    return schedule.add, schedule.between


def workclock() -> tuple[Answer, Answer]:
    from workclock import Break, Holidays, Schedule, WorkDay  # noqa: PLC0415

    rules = [WorkDay(clock(9), clock(17)), Break(clock(14), clock(15)), Holidays(CLOSED)]
    schedule = Schedule(rules, time_zone=MADRID)
    return schedule.add, schedule.between


def timegrid() -> tuple[Answer, Answer]:
    from timegrid import TimeGridCalendar  # noqa: PLC0415

    calendar = TimeGridCalendar.weekdays(clock(9), clock(17)).break_weekdays(clock(14), clock(15))
    for day in CLOSED:
        calendar = calendar.close(day)
    compiled = calendar.compile(datetime(2025, 1, 1), datetime(2028, 1, 1))  # noqa: DTZ001  it knows no zones
    return lambda start, size: calendar.at(start).add_work_duration(size), compiled.get_working_duration


def businesstimedelta() -> tuple[Answer, Answer]:
    import businesstimedelta as library  # noqa: PLC0415
    import pytz  # noqa: PLC0415

    zone, days = pytz.timezone("Europe/Madrid"), [0, 1, 2, 3, 4]
    work = library.WorkDayRule(start_time=clock(9), end_time=clock(17), working_days=days, tz=zone)
    lunch = library.LunchTimeRule(start_time=clock(14), end_time=clock(15), working_days=days, tz=zone)
    closed = library.HolidayRule(dict.fromkeys(CLOSED, "closed"), tz=zone)
    rules = library.Rules([work, lunch, closed])

    def add(start: datetime, size: timedelta) -> datetime:
        return start + library.BusinessTimeDelta(rules, timedelta=size)

    return add, lambda a, b: rules.difference(a, b).timedelta


def pandas() -> tuple[Answer, None]:
    from pandas import Timestamp  # noqa: PLC0415
    from pandas.tseries.offsets import CustomBusinessHour  # noqa: PLC0415

    kinds = {
        hours: CustomBusinessHour(hours, start=["09:00", "15:00"], end=["14:00", "17:00"], holidays=CLOSED)
        for hours in range(1, 40)
    }
    return lambda start, size: Timestamp(start) + kinds[size.seconds // 3600 + size.days * 24], None


# Library, what makes its two answers, whether it knows no zones and gets naive wall times, and how many questions.
OTHERS: list[tuple[str, Callable[[], tuple[Answer, Answer | None]], bool, int]] = [
    ("workclock", workclock, False, 5000),
    ("timegrid", timegrid, True, 1000),
    ("businesstimedelta", businesstimedelta, False, 60),
    ("pandas", pandas, True, 300),
]


def measure(answer: Answer | None, truth: Answer, pairs: list[Pair], *, naive: bool) -> dict[str, Any]:
    """The rate of one library, after its answers were compared with ours on every pair."""
    if answer is None:
        return {"rate": None, "note": "cannot express it"}
    asked = [(_plain(one), _plain(other)) for one, other in pairs] if naive else pairs
    for given, pair in zip(asked, pairs, strict=True):
        expected, got = truth(*pair), answer(*given)
        if got != (_plain(expected) if naive else expected):
            return {"rate": None, "note": f"differs: {pair[0]:%Y-%m-%d %H:%M} gives {got}, not {expected}"}
    return {"rate": rate(answer, asked, rounds=3), "note": "same answers"}


def _plain(value: Any) -> Any:
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def beside() -> list[dict[str, Any]]:
    adds, spans = questions(20_000)
    add, between = ours()
    rows = [{"name": "officehours", "add": rate(add, adds), "between": rate(between, spans), "note": "the reference"}]
    for name, build, naive, number in OTHERS:
        try:
            other_add, other_between = build()
        except ImportError:
            rows.append({"name": name, "add": None, "between": None, "note": "not installed"})
            continue
        row: dict[str, Any] = {"name": f"{name} {version(name)}", "note": ""}
        for verb, answer, truth, pairs in (("add", other_add, add, adds), ("between", other_between, between, spans)):
            try:
                found = measure(answer, truth, pairs[:number], naive=naive)
            except Exception as problem:  # noqa: BLE001  a library that fails on the case is a row of the table
                found = {"rate": None, "note": f"fails: {problem!r}"}
            row[verb] = found["rate"]
            row["note"] += ("; " if row["note"] else "") + f"{verb}: {found['note']}"
        rows.append(row)
    return rows


def independence() -> list[dict[str, Any]]:
    """`between` and `add` over 30 days and 30 years, with the real closures and with a thousand."""
    dice = random.Random(311)  # noqa: S311
    first = date(2025, 1, 1)
    thousand = sorted({first + timedelta(days=day) for day in dice.sample(range(365 * 31), 1000)})
    starts = [pair[0] for pair in questions(10_000)[0]]
    rows = []
    for name, closures in (("holidays only", CLOSED), ("1,000 closures", thousand)):
        schedule = desk(closures)
        for span, days, hours in (("30 days", 30, 150), ("30 years", 30 * 365, 50_000)):
            ends = [(start, start + timedelta(days=days)) for start in starts]
            sizes = [(start, timedelta(hours=hours)) for start in starts]
            schedule.between(*ends[0])
            schedule.add(*sizes[0])
            rows.append(
                {
                    "closures": name,
                    "span": span,
                    "add": rate(schedule.add, sizes),
                    "between": rate(schedule.between, ends),
                }
            )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
    file = parser.parse_args().json
    rows, spans = beside(), independence()
    ratio = max(short["between"] / long["between"] for short, long in zip(spans[::2], spans[1::2], strict=True))
    mine = rows[0]
    figures = {
        **stamp(),
        "a_second_on_one_core": rows,
        "independence": spans,
        "between_30_years_over_30_days": round(ratio, 2),
        "ok": {
            "add": mine["add"] >= TARGET,
            "between": mine["between"] >= TARGET,
            "span": ratio <= MOST_TIMES,
        },
    }
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    print(f"{'a second, on one core':<28}{'add':>12}{'between':>12}   note")
    for row in rows:
        print(f"{row['name']:<28}{_figure(row['add'])}{_figure(row['between'])}   {row['note']}")
    print()
    for row in spans:
        print(f"{row['closures'] + ', ' + row['span']:<28}{_figure(row['add'])}{_figure(row['between'])}")
    print(f"\nbetween over 30 years costs {ratio:.2f} times that over 30 days (at most {MOST_TIMES}).")


def _figure(value: int | None) -> str:
    return f"{value:>12,}" if value is not None else f"{'-':>12}"


if __name__ == "__main__":
    main()
