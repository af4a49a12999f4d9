"""Whether the index is what the database says, entry by entry, and putting right what is not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from platform_core.search.models import IndexChange, SearchEntry
from platform_core.search.outbox import owe

from .client import FEED_LIMIT, connect, or_away

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = 5000
END = (1 << 63) - 1


@dataclass
class Differences:
    """Entries by id, with the version that makes Elasticsearch take what it is told next.

    Attributes:
        missing: in the database only.
        outdated: of an older state in the index.
        foreign: in the index only.
        ahead: of a newer state in the index, as after the database was restored from a copy.
    """

    missing: dict[int, int] = field(default_factory=dict)
    outdated: dict[int, int] = field(default_factory=dict)
    foreign: dict[int, int] = field(default_factory=dict)
    ahead: dict[int, int] = field(default_factory=dict)


def compare(index: str) -> Differences:
    """How an index differs from the database, leaving out what is on its way to it. Raises Away."""
    differences = Differences()
    with or_away():
        held = _held(index)
        pk, version = next(held, (END, 0))
        for entry, wanted in _entries():
            while pk < entry:
                differences.foreign[pk] = version + 1
                pk, version = next(held, (END, 0))
            if pk != entry:
                differences.missing[entry] = wanted
                continue
            if version < wanted:
                differences.outdated[entry] = wanted
            elif version > wanted:
                differences.ahead[entry] = version + 1
            pk, version = next(held, (END, 0))
        while pk != END:
            differences.foreign[pk] = version + 1
            pk, version = next(held, (END, 0))
    _leave_out_what_is_on_its_way(differences)
    return differences


def repair(differences: Differences) -> None:
    """Owe Elasticsearch what differs; it is told by the next push."""
    with transaction.atomic():
        for pk, version in differences.ahead.items():
            SearchEntry.objects.filter(pk=pk).update(version=version)
        owe({**differences.missing, **differences.outdated, **differences.foreign, **differences.ahead})


def _leave_out_what_is_on_its_way(differences: Differences) -> None:
    for found in (differences.missing, differences.outdated, differences.foreign, differences.ahead):
        pks = list(found)
        for start in range(0, len(pks), PAGE):
            some = pks[start : start + PAGE]
            for pk in IndexChange.objects.filter(pk__in=some).values_list("pk", flat=True):
                del found[pk]


def _entries() -> Iterator[tuple[int, int]]:
    """Each entry's id and version, by id; in pages, so that no transaction stays open."""
    last = 0
    while page := list(SearchEntry.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "version")[:PAGE]):
        yield from page
        last = page[-1][0]


def _held(index: str) -> Iterator[tuple[int, int]]:
    """Each document's id and version, by id."""
    client = connect().options(request_timeout=FEED_LIMIT)
    client.indices.refresh(index=index)
    after: list[int] | None = None
    while True:
        answer = client.search(
            index=index,
            size=PAGE,
            sort=[{"entry": "asc"}],
            search_after=after,
            source=False,
            version=True,
            track_total_hits=False,
        )
        hits = answer["hits"]["hits"]
        for hit in hits:
            yield int(hit["_id"]), int(hit["_version"])
        if len(hits) < PAGE:
            return
        after = hits[-1]["sort"]
