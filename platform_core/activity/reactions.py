"""What happens after something was recorded: live at once and best effort, or at least once by the worker."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from .models import Activity, StreamEntry

if TYPE_CHECKING:
    from .events import Event

logger = logging.getLogger(__name__)

Live = Callable[[Sequence[StreamEntry]], None]
React = Callable[[Activity], None]
LiveFunction = TypeVar("LiveFunction", bound=Live)
ReactFunction = TypeVar("ReactFunction", bound=React)


@dataclass(frozen=True)
class Reaction:
    name: str
    function: React
    to: frozenset[str]
    atomic: bool


_live: list[Live] = []
_reactions: dict[str, Reaction] = {}


def on_commit_live(function: LiveFunction) -> LiveFunction:
    """Have `function(entries)` called right after each commit, in the thread that committed, with what it recorded.

    Best effort: an exception is logged and reaches nobody, a process that dies in between calls nobody, and a rollback
    calls nobody. Each entry has `stream_id`, `cursor` and `activity`. Threads may call in another order than they
    committed in: the cursor tells. Whoever needs every entry reads `queries.since`.
    """
    if function not in _live:
        _live.append(function)
    return function


def reaction(name: str, *, to: Sequence[type[Event]], atomic: bool = True) -> Callable[[ReactFunction], ReactFunction]:
    """Have `function(activity)` run by the worker, at least once for each recorded event of the types `to`.

    With `atomic` the function runs in the transaction that marks it done, so what it writes to this database happens
    exactly once. A reaction that talks to another system says `atomic=False`: nothing is locked meanwhile, and after a
    crash it runs again, so it must be idempotent. It is retried with growing pauses and parked after the last try.
    Reactions to one subject may run in any order. Raises ValueError when the name is taken.
    """

    def register(function: ReactFunction) -> ReactFunction:
        if name in _reactions:
            raise ValueError(f"The reaction {name} is declared twice.")
        _reactions[name] = Reaction(name, function, frozenset(event.event_name for event in to), atomic)
        return function

    return register


def reactions_to(event_name: str) -> list[Reaction]:
    """The at-least-once reactions to an event type."""
    return [item for item in _reactions.values() if event_name in item.to]


def find_reaction(name: str) -> Reaction | None:
    return _reactions.get(name)


def call_live(entries: Sequence[StreamEntry]) -> None:
    """Tell every live listener; never raises."""
    for function in _live:
        try:
            function(entries)
        except Exception:
            logger.exception("A live reaction failed: %s", getattr(function, "__qualname__", function))
