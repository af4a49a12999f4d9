"""The shapes of the promise: exact SVG paths, one per block, so that no style and no script draws anything.

Units are SVG user units (px at the natural size). A picture is a list of paths with the class that colours them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .arithmetic import WorkSchedule

GAP = 2  # between blocks of a meter
BLOCK, WIDE_BLOCK = 11, 16  # an hour; a working day
MOST_LATE = 8  # blocks after a flag that was missed; the words say the rest
CELL, CELL_GAP, LUNCH = 20, 1.5, 8  # strip: an hour, the space after it, the space between two intervals of a day
TOP, HEIGHT = 8, 18  # of the blocks of a strip
MOST_DAYS = 5  # a longer strip folds the days in the middle
OFF_SCALE = 0.62  # a closed day is narrower, by the same factor as `.strip__day--off`


@dataclass(frozen=True)
class Shape:
    css: str
    d: str


@dataclass(frozen=True)
class Picture:
    width: str
    shapes: list[Shape]


def number(value: float) -> str:
    """Two decimals at most, a point whatever the language: "13.92", "11"."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def box(css: str, x: float, y: float, width: float, height: float) -> Shape:
    return Shape(css, f"M{number(x)} {number(y)}h{number(width)}v{number(height)}h{number(-width)}z")


def _small_flag(x: float) -> Shape:
    return Shape("h-left", f"M{number(x)} -3h1.5v14h-1.5zM{number(x + 1.5)} -3l5 2.2l-5 2.2z")


def meter(total: float, left: float, *, wide: bool = False, paused: bool = False) -> Picture:
    """Blocks up to the flag: hollow what is spent, solid what is left; split like a pause sign while paused.

    `total` and `left` are in blocks (hours, or working days when `wide`).
    """
    block = WIDE_BLOCK if wide else BLOCK
    spent = max(total - left, 0)
    shapes = []
    for index in range(math.ceil(total)):
        x, share = index * (block + GAP), min(total - index, 1)
        shapes.append(box("h-box", x + 0.5, 0.5, block * share - 1, 8))
        gone = min(max(spent - index, 0), share)
        if gone < share:
            shapes.append(box("h-left", x + block * gone, 0, block * (share - gone), 9))
            if paused and gone == 0:
                shapes.append(box("h-pause", x + block * share / 2 - 1, 0, 2, 9))
    end = math.ceil(total) * (block + GAP)
    return Picture(number(end + 9), [*shapes, _small_flag(end)])


def late_meter(late: float, *, wide: bool = False) -> Picture:
    """Crossed blocks after the flag: the time that passed beyond the promise."""
    block = WIDE_BLOCK if wide else BLOCK
    shown = min(late, MOST_LATE)
    shapes = [_small_flag(0)]
    for index in range(math.ceil(shown)):
        x, share = 9.5 + index * (block + GAP), min(shown - index, 1)
        width = max(block * share - 1, 2)
        cross = f"M{number(x)} 8.5l{number(width)} -8" if share == 1 else ""
        shapes.append(Shape("h-late", box("", x, 0.5, width, 8).d + cross))
    return Picture(number(9 + math.ceil(shown) * (block + GAP)), shapes)


# ---- the strip of days ----


@dataclass(frozen=True, kw_only=True)
class Strip:
    made_at: datetime
    now: datetime
    due: datetime
    late: bool


class Note(Protocol):
    def __call__(self, day: date, until: date, counted: timedelta, *, late: bool, due: datetime | None) -> str: ...


@dataclass(frozen=True)
class Day:
    """One column: a working day, a closed one (`off`), or several in one."""

    name: str
    note: str
    today: bool
    off: bool
    width: str
    shapes: list[Shape]


def each(first: date, last: date) -> Iterator[date]:
    for count in range((last - first).days + 1):
        yield first + timedelta(days=count)


def days(
    schedule: WorkSchedule, strip: Strip, first: date, last: date, *, name: Callable[[date, date], str], note: Note
) -> list[Day]:
    open_by_day = {day: _open(schedule, day) for day in each(first, last)}
    scale = max((_width(spans) for spans in open_by_day.values()), default=CELL)
    drawn = []
    for day, until in _columns(open_by_day):
        spans = open_by_day[day] if day == until else []
        counted = _counted(schedule, strip, day, until)
        due = strip.due if day <= strip.due.date() <= until else None
        off = not any(open_by_day[one] for one in each(day, until))
        shapes = _draw_day(strip, day, spans) if spans else _draw_block(scale * OFF_SCALE, off=off)
        drawn.append(
            Day(
                name(day, until),
                note(day, until, counted, late=strip.late, due=due),
                day == strip.now.date(),
                not spans,
                number(scale if spans else scale * OFF_SCALE),
                shapes,
            )
        )
    return drawn


def _open(schedule: WorkSchedule, day: date) -> list[tuple[datetime, datetime]]:
    midnight = datetime.combine(day, time(), tzinfo=schedule.tz)
    return list(schedule.intervals(midnight, datetime.combine(day + timedelta(days=1), time(), tzinfo=schedule.tz)))


def _columns(open_by_day: dict[date, list[tuple[datetime, datetime]]]) -> list[tuple[date, date]]:
    """Closed days together; then, when there are still too many, all that stands between the first and the last."""
    columns: list[tuple[date, date]] = []
    for day, spans in open_by_day.items():
        if columns and not spans and not open_by_day[columns[-1][0]]:
            columns[-1] = (columns[-1][0], day)
        else:
            columns.append((day, day))
    if len(columns) > MOST_DAYS:
        return [columns[0], (columns[1][0], columns[-2][1]), columns[-1]]
    return columns


def _counted(schedule: WorkSchedule, strip: Strip, day: date, until: date) -> timedelta:
    """The open time of those days between the present and the flag, whichever comes first."""
    start = datetime.combine(day, time(), tzinfo=schedule.tz)
    end = datetime.combine(until + timedelta(days=1), time(), tzinfo=schedule.tz)
    low, high = max(start, min(strip.now, strip.due)), min(end, max(strip.now, strip.due))
    return schedule.between(low, high) if low < high else timedelta(0)


def _width(spans: list[tuple[datetime, datetime]]) -> float:
    hours = sum(((end - start) / timedelta(hours=1) for start, end in spans), 0.0)
    return CELL * hours + LUNCH * (len(spans) - 1) if spans else 0


def _draw_day(strip: Strip, day: date, spans: list[tuple[datetime, datetime]]) -> list[Shape]:
    shapes: list[Shape] = []
    left = 0.0
    for start, end in spans:
        cells = [start + timedelta(hours=n) for n in range(math.ceil((end - start) / timedelta(hours=1)))]
        marks = [mark for mark in (strip.made_at, strip.now, strip.due) if start < mark < end]
        for low, high in pairwise(sorted({*cells, *marks, end})):
            x, right = left + _hours(start, low), left + _hours(start, high)
            closes_cell = high == end or high in cells
            shapes += _block(_kind(strip, low), x, right - x - (CELL_GAP if closes_cell else 0))
        left += _hours(start, end) + LUNCH
    for mark, draw in ((strip.due, _flag), (strip.now, _present)):
        if mark.date() == day:
            shapes.append(draw(_position(mark, spans), _width(spans)))
    return shapes


def _hours(start: datetime, at: datetime) -> float:
    return CELL * ((at - start) / timedelta(hours=1))


def _kind(strip: Strip, at: datetime) -> str:
    if strip.late:
        if strip.due <= at < strip.now:
            return "late"
        return "past" if strip.made_at <= at < strip.due else "after"
    return "count" if strip.now <= at < strip.due else "after"


def _block(kind: str, x: float, width: float) -> list[Shape]:
    if width <= 0:
        return []
    if kind == "past":
        return [box("s-past", x + 0.5, TOP + 0.5, max(width - 1, 0.5), HEIGHT - 1)]
    if kind == "late":
        return [box("s-late", x, TOP, width, HEIGHT), Shape("s-cross", _hatch(x, width, step=6))]
    return [box(f"s-{kind}", x, TOP, width, HEIGHT)]


def _draw_block(width: float, *, off: bool) -> list[Shape]:
    if not off:
        return [box("s-count", 0, TOP, width, HEIGHT)]
    return [box("s-off", 0.5, TOP + 0.5, width - 1, HEIGHT - 1), Shape("s-soft", _hatch(0.5, width - 1, step=7))]


def _hatch(x: float, width: float, *, step: int) -> str:
    """Diagonals that end at the edges of the block, so that no clipping and no pattern with an id is needed."""
    lines = []
    for offset in range(-HEIGHT + step, math.ceil(width), step):
        low, high = max(offset, 0), min(offset + HEIGHT, width)
        if low < high:
            y1, y2 = TOP + HEIGHT - (low - offset), TOP + HEIGHT - (high - offset)
            lines.append(f"M{number(x + low)} {number(y1)}L{number(x + high)} {number(y2)}")
    return "".join(lines)


def _position(at: datetime, spans: list[tuple[datetime, datetime]]) -> float:
    """Where a moment stands in its day; outside the hours, at the nearest edge."""
    left = 0.0
    for start, end in spans:
        if at <= end:
            return left + max(_hours(start, at), 0)
        left += _hours(start, end) + LUNCH
    return left - LUNCH


def _flag(x: float, width: float) -> Shape:
    way = -1 if x + CELL > width else 1  # at the end of the day the cloth flies back, so that it stays in its column
    cloth = f"M{number(x)} -6h{19 * way}l{-4.5 * way} 5.5l{4.5 * way} 5.5h{-19 * way}z"
    return Shape("s-flag", f"{cloth}M{number(x)} -6v36")


def _present(x: float, _width_of_day: float) -> Shape:
    return Shape("s-now", f"M{number(x)} 29V5.5m-4.5 -4.5a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0")
