"""Events that only tests record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from platform_core.activity.events import Event, event_type, upcaster


class Colour(StrEnum):
    RED = "red"


@event_type("tests.happened", version=1)
@dataclass(frozen=True, kw_only=True)
class Happened(Event):
    number: int = 0


@event_type("tests.carried", version=1)
@dataclass(frozen=True, kw_only=True)
class Carried(Event):
    """One field of each type that an event may carry."""

    text: str
    number: int
    ratio: float
    flag: bool
    day: date
    instant: datetime
    key: UUID
    colour: Colour
    nothing: int | None
    many: tuple[int, ...]
    listed: list[str]
    counts: dict[str, int]


@event_type("tests.moved", version=3)
@dataclass(frozen=True, kw_only=True)
class Moved(Event):
    """Version 1 had `place`, version 2 called it `to`, version 3 added `by`."""

    to: str
    by: int | None


@upcaster("tests.moved", from_version=1)
def _place_is_to(data: dict) -> dict:
    return {"to": data["place"]}


@upcaster("tests.moved", from_version=2)
def _by_nobody(data: dict) -> dict:
    return {**data, "by": None}
