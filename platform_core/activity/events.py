"""The closed register of event types: what may be written to the activity log, and how it is read back.

An app declares its facts in its own `events.py`, in the past tense:

    @event_type("organisations.handed_over", version=1)
    @dataclass(frozen=True, kw_only=True)
    class HandedOver(Event):
        from_user: int
        to_user: int
        on: date

A fact carries ids, dates and codes, never a person's name or text that a person wrote: the log outlives both.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from typing import Any, ClassVar, TypeVar
from uuid import UUID

NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
NAME_LENGTH = 100

JSON = dict[str, Any]
Upcaster = Callable[[JSON], JSON]


class EventError(Exception):
    """An event type is declared wrongly, or a row cannot be read as one."""


class Event:
    """Base of every event. Subclasses are frozen dataclasses declared with `event_type`."""

    event_name: ClassVar[str] = ""
    event_version: ClassVar[int] = 0


EventClass = TypeVar("EventClass", bound=type[Event])
UpcasterFunction = TypeVar("UpcasterFunction", bound=Upcaster)

_types: dict[str, type[Event]] = {}
_codecs: dict[str, dict[str, _Codec]] = {}
_upcasters: dict[tuple[str, int], Upcaster] = {}


def event_type(name: str, *, version: int) -> Callable[[EventClass], EventClass]:
    """Register a frozen dataclass as the event `name` ("app.verb_past") in its current `version` (1 or more).

    Raises EventError when the name is malformed or taken, or a field has a type that JSON cannot carry.
    """

    def register(cls: EventClass) -> EventClass:
        if not NAME.fullmatch(name) or len(name) > NAME_LENGTH:
            raise EventError(f"{name!r} is no event name: write app.verb_past in lower case")
        if name in _types:
            raise EventError(f"{name} is already declared by {_types[name].__module__}.{_types[name].__qualname__}")
        if version < 1:
            raise EventError(f"{name}: versions start at 1")
        if not (issubclass(cls, Event) and dataclasses.is_dataclass(cls) and cls.__dataclass_params__.frozen):
            raise EventError(f"{name}: {cls.__qualname__} must be a frozen dataclass that extends Event")
        _codecs[name] = _codecs_of(cls, name)
        _types[name] = cls
        cls.event_name, cls.event_version = name, version
        return cls

    return register


def upcaster(name: str, *, from_version: int) -> Callable[[UpcasterFunction], UpcasterFunction]:
    """Register how the data of `from_version` becomes that of the next version, so that old rows can be read.

    The function takes and returns plain JSON data. Raises EventError when the step is already declared.
    """

    def register(function: UpcasterFunction) -> UpcasterFunction:
        if (name, from_version) in _upcasters:
            raise EventError(f"{name} has two upcasters from version {from_version}")
        _upcasters[name, from_version] = function
        return function

    return register


def encode(event: Event) -> JSON:
    """The event's fields as JSON data. Raises EventError for an unregistered event or a value of another type."""
    name = type(event).event_name
    if _types.get(name) is not type(event):
        raise EventError(f"{type(event).__qualname__} is not a declared event type")
    return {field: codec.encode(getattr(event, field), f"{name}.{field}") for field, codec in _codecs[name].items()}


def decode(*, name: str, version: int, data: JSON) -> Event:
    """The event of a stored row, brought to its current version. Raises EventError when that is impossible."""
    cls = event_class(name)
    if version > cls.event_version:
        raise EventError(f"{name} version {version} is newer than this program, which knows {cls.event_version}")
    for step in range(version, cls.event_version):
        if (name, step) not in _upcasters:
            raise EventError(f"{name} has no upcaster from version {step}")
        data = _upcasters[name, step](data)
    codecs = _codecs[name]
    if unknown := data.keys() - codecs.keys():
        raise EventError(f"{name} version {version} has unknown fields: {', '.join(sorted(unknown))}")
    try:
        return cls(**{field: codecs[field].decode(value) for field, value in data.items()})
    except (TypeError, ValueError) as problem:
        raise EventError(f"{name} version {version} cannot be read: {problem}") from problem


def event_class(name: str) -> type[Event]:
    """The class declared under a name; raises EventError when there is none."""
    if name not in _types:
        raise EventError(f"{name!r} is not a declared event type")
    return _types[name]


def event_names() -> list[str]:
    """Every declared name, in alphabetical order."""
    return sorted(_types)


def missing_upcasters() -> list[str]:
    """Steps between versions that nobody wrote, as "app.verb_past from version N"."""
    return [
        f"{name} from version {step}"
        for name, cls in sorted(_types.items())
        for step in range(1, cls.event_version)
        if (name, step) not in _upcasters
    ]


@dataclasses.dataclass(frozen=True)
class _Codec:
    """How one field goes to JSON and back; `many` is the container of a field with several values."""

    accepts: type
    to_json: Callable[[Any], Any]
    from_json: Callable[[Any], Any]
    optional: bool = False
    many: type | None = None

    def encode(self, value: Any, where: str) -> Any:
        if value is None and self.optional:
            return None
        if self.many is None:
            return self._encode_one(value, where)
        if type(value) is not self.many:
            raise EventError(f"{where} must be a {self.many.__name__}, not {value!r}")
        several: Any = value
        if self.many is dict:
            return {str(key): self._encode_one(item, where) for key, item in several.items()}
        return [self._encode_one(item, where) for item in several]

    def _encode_one(self, value: Any, where: str) -> Any:
        # bool is an int and datetime is a date for Python; in a record they are different facts.
        if type(value) is not self.accepts:
            raise EventError(f"{where} must be {self.accepts.__name__}, not {value!r}")
        if isinstance(value, datetime) and value.tzinfo is None:
            raise EventError(f"{where} must have a time zone")
        return self.to_json(value)

    def decode(self, value: Any) -> Any:
        if value is None:
            if not self.optional:
                raise ValueError("a required field is null")
            return None
        if self.many is None:
            return self.from_json(value)
        if self.many is dict:
            return {key: self.from_json(item) for key, item in value.items()}
        return self.many(self.from_json(item) for item in value)


_SCALARS: dict[type, _Codec] = {
    **{plain: _Codec(plain, lambda value: value, lambda value: value) for plain in (str, int, float, bool)},
    date: _Codec(date, date.isoformat, date.fromisoformat),
    datetime: _Codec(datetime, datetime.isoformat, datetime.fromisoformat),
    UUID: _Codec(UUID, str, UUID),
}


def _codecs_of(cls: type[Event], name: str) -> dict[str, _Codec]:
    try:
        hints = typing.get_type_hints(cls)
    except NameError as problem:
        raise EventError(f"{name}: {problem.name} must be imported at run time, not under TYPE_CHECKING") from problem
    return {field.name: _codec(hints[field.name], f"{name}.{field.name}") for field in dataclasses.fields(cls)}  # type: ignore[arg-type]


def _codec(hint: Any, where: str) -> _Codec:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        present = [argument for argument in arguments if argument is not type(None)]
        if len(present) == 1 and len(arguments) == 2:  # noqa: PLR2004  `X | None`
            return dataclasses.replace(_codec(present[0], where), optional=True)
    elif origin is list or (origin is tuple and arguments[1:] == (Ellipsis,)):
        return dataclasses.replace(_scalar(arguments[0], where), many=origin)
    elif origin is dict and arguments[0] is str:
        return dataclasses.replace(_scalar(arguments[1], where), many=dict)
    elif origin is None:
        return _scalar(hint, where)
    raise EventError(f"{where}: {hint} is not a type that an event may carry")


def _scalar(hint: Any, where: str) -> _Codec:
    if hint in _SCALARS:
        return _SCALARS[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _Codec(hint, lambda member: member.value, hint)
    raise EventError(f"{where}: {hint} is not a type that an event may carry")
