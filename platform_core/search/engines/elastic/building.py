"""A new index of everything, while people go on reading the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platform_core.search.models import SearchEntry
from platform_core.search.outbox import owe

from . import indexes
from .client import or_away
from .comparing import compare, repair
from .feeding import BATCH, action_of, audiences_of, push, send

if TYPE_CHECKING:
    from collections.abc import Callable


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
    of, done, last = SearchEntry.objects.count(), 0, 0
    while entries := list(SearchEntry.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        audiences = audiences_of(entry.pk for entry in entries)
        refused = send([action_of(entry, audiences[entry.pk]) for entry in entries], [name])
        owe({entry.pk: entry.version for entry in entries if entry.pk in refused})
        last = entries[-1].pk
        done += len(entries)
        if told:
            told(done, max(of, done))
    return done
