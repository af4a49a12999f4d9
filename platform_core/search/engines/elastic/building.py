"""A new index of everything, while people go on reading the old one."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from platform_core.search.models import SearchEntry
from platform_core.search.outbox import owe

from . import indexes
from .client import or_away
from .comparing import compare, repair
from .feeding import BATCH, action_of, audiences_of, push, send

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .feeding import Refused

SENDERS = 2
"""Batches that Elasticsearch indexes at the same time."""


def build(told: Callable[[int, int], None] | None = None) -> int:
    """Make an index of all entries, fill it while people read the old one and changes are written to both, compare it
    with the database, and put it in the old one's place. Returns how many entries it was filled with.

    `told(done, of)` is called after each batch. Raises Away; what was begun is dropped by the next build. Of two builds
    at the same time the later one wins, and the other ends with Away.
    """
    with or_away():
        indexes.drop(indexes.unfinished())
        name = indexes.create()
        number = _fill(name, told)
        push()
        repair(compare(name))
        push()
        indexes.publish(name)
    return number


def follow() -> None:
    """Tell Elasticsearch what changed; everything, when it has no index (any more). Raises Away."""
    if indexes.current():
        push()
    else:
        build()


def _fill(name: str, told: Callable[[int, int], None] | None) -> int:
    """While one batch is indexed, the next is on its way and the one after it is read."""
    of, done = SearchEntry.objects.count(), 0
    under_way: deque[tuple[dict[int, int], Future[dict[int, Refused]]]] = deque()
    with ThreadPoolExecutor(SENDERS) as senders:
        for entries in _batches():
            audiences = audiences_of(entry.pk for entry in entries)
            actions = [action_of(entry, audiences[entry.pk]) for entry in entries]
            versions = {entry.pk: entry.version for entry in entries}
            under_way.append((versions, senders.submit(send, actions, [name])))
            if len(under_way) > SENDERS:
                _settle(*under_way.popleft())
            done += len(entries)
            if told:
                told(done, max(of, done))
        while under_way:
            _settle(*under_way.popleft())
    return done


def _batches() -> Iterator[list[SearchEntry]]:
    last = 0
    while entries := list(SearchEntry.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield entries
        last = entries[-1].pk


def _settle(versions: dict[int, int], sent: Future[dict[int, Refused]]) -> None:
    """What was refused is told later, as any other change."""
    owe({pk: versions[pk] for pk in sent.result()})
