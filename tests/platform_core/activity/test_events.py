from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from platform_core.activity import events
from platform_core.activity.events import Event, EventError, event_type
from tests.factories.activity import Carried, Colour, Happened, Moved


def carried(**fields: object) -> Carried:
    usual = {
        "text": "à",
        "number": 1,
        "ratio": 0.5,
        "flag": True,
        "day": date(2026, 2, 28),
        "instant": datetime(2026, 10, 25, 2, 30, 0, 123456, tzinfo=UTC),
        "key": UUID(int=7),
        "colour": Colour.RED,
        "nothing": None,
        "many": (1, 2),
        "listed": ["a"],
        "counts": {"a": 1},
    }
    return Carried(**{**usual, **fields})


def test_an_event_comes_back_as_it_went():
    event = carried()
    data = events.encode(event)
    assert data["instant"] == "2026-10-25T02:30:00.123456+00:00"
    assert data["colour"] == "red"
    assert events.decode(name="tests.carried", version=1, data=data) == event


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("number", "1", "tests.carried.number must be int"),
        ("number", True, "must be int"),
        ("day", datetime(2026, 1, 1, tzinfo=UTC), "must be date"),
        ("instant", datetime(2026, 1, 1), "must have a time zone"),  # noqa: DTZ001  the point of the case
        ("text", None, "must be str"),
        ("many", [1], "must be a tuple"),
        ("many", (1, "2"), "must be int"),
    ],
)
def test_a_value_of_another_type_is_refused(field: str, value: object, message: str):
    with pytest.raises(EventError, match=message):
        events.encode(carried(**{field: value}))


def test_an_unknown_type_is_refused():
    @dataclass(frozen=True)
    class Undeclared(Event):
        pass

    with pytest.raises(EventError, match="not a declared event type"):
        events.encode(Undeclared())
    with pytest.raises(EventError, match=r"'tests\.never' is not a declared event type"):
        events.decode(name="tests.never", version=1, data={})


def test_two_classes_cannot_have_one_name():
    with pytest.raises(EventError, match=r"tests\.happened is already declared by .*Happened"):

        @event_type("tests.happened", version=1)
        @dataclass(frozen=True)
        class Other(Event):
            pass

    assert events.event_class("tests.happened") is Happened


@pytest.mark.parametrize("name", ["happened", "Tests.happened", "tests.happened.twice", "tests.", "tests.a b", ""])
def test_a_malformed_name_is_refused(name: str):
    with pytest.raises(EventError, match="no event name"):
        event_type(name, version=1)(Happened)


def test_a_field_that_json_cannot_carry_is_refused():
    @dataclass(frozen=True)
    class Priced(Event):
        price: Decimal

    # Annotations of a local class are resolved in this module.
    with pytest.raises(EventError, match=r"tests\.priced\.price: .*Decimal.* is not a type that an event may carry"):
        event_type("tests.priced", version=1)(Priced)


def test_an_event_must_be_frozen():
    @dataclass
    class Loose(Event):
        pass

    with pytest.raises(EventError, match="frozen dataclass"):
        event_type("tests.loosened", version=1)(Loose)


@pytest.mark.parametrize(
    ("version", "data"), [(1, {"place": "here"}), (2, {"to": "here"}), (3, {"to": "here", "by": None})]
)
def test_a_row_of_any_version_can_be_read(version: int, data: dict):
    assert events.decode(name="tests.moved", version=version, data=data) == Moved(to="here", by=None)


def test_a_row_newer_than_the_program_is_refused():
    with pytest.raises(EventError, match="newer than this program"):
        events.decode(name="tests.moved", version=4, data={})


@pytest.mark.parametrize("data", [{"number": 1, "more": 2}, {"number": None}])
def test_a_row_that_does_not_fit_is_refused(data: dict):
    with pytest.raises(EventError, match=r"tests\.happened"):
        events.decode(name="tests.happened", version=1, data=data)


def test_every_version_of_every_declared_event_can_be_read():
    assert events.missing_upcasters() == []
