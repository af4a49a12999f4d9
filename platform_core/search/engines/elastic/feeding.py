"""From the entries to the index: what changed.

What is sent is always the entry as it is now, with its version, and Elasticsearch refuses what is older than what it
has. So anything here may run twice, late, in any order, and beside another process that does the same.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from elasticsearch.helpers import streaming_bulk

from platform_core.background.public import Retry
from platform_core.search.engines.question import Away
from platform_core.search.models import EntryAudience, IndexChange, SearchEntry

from . import indexes
from .client import FEED_LIMIT, connect, or_away
from .mapping import document_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

logger = logging.getLogger(__name__)

BATCH = 500
POLICY = Retry(tries=6, first=timedelta(seconds=20), longest=timedelta(minutes=30))
"""Of a change that Elasticsearch refuses. While it is away, nothing counts as a try."""

CONFLICT, GONE, FORBIDDEN, TOO_MANY, SERVER_FAULT = 409, 404, 403, 429, 500


@dataclass
class Fed:
    """How many changes were told, and how many were refused."""

    told: int = 0
    refused: int = 0


@dataclass(frozen=True)
class Refused:
    problem: str
    is_temporary: bool = False


def push() -> Fed:
    """Tell what is due, until nothing is. Raises Away when Elasticsearch does not answer: the rest stays due."""
    fed = Fed()
    while changes := list(IndexChange.due().order_by("due_at", "pk")[:BATCH]):
        _push(changes, fed)
    return fed


def _push(changes: list[IndexChange], fed: Fed) -> None:
    # First what is to be told, then where to: an index made meanwhile is filled with it by who made it.
    actions = list(_actions({change.entry_id: change.version for change in changes}))
    with or_away():
        targets = indexes.targets()
        if not targets:
            raise Away("there is no index yet")
        refused = send(actions, targets)
    done = [change.stamp for change in changes if change.entry_id not in refused]
    # By the stamp, which changes whenever the entry does: a change that came meanwhile stays.
    IndexChange.objects.filter(stamp__in=done).delete()
    for change in changes:
        if why := refused.get(change.entry_id):
            _put_off(change, why)
    fed.told += len(done)
    fed.refused += len(refused)


def _put_off(change: IndexChange, why: Refused) -> None:
    tries = change.tries + (0 if why.is_temporary else 1)
    is_parked = tries >= POLICY.tries
    if is_parked:
        logger.error("Elasticsearch refuses the entry %s, which is set aside: %s", change.entry_id, why.problem)
    IndexChange.objects.filter(stamp=change.stamp).update(
        tries=tries,
        problem=why.problem[:500],
        due_at=timezone.now() + POLICY.pause(max(tries, 1)),
        parked_at=timezone.now() if is_parked else None,
    )


def _actions(versions: dict[int, int]) -> Iterator[dict[str, Any]]:
    """Each entry as it is now; one that is gone, as a deletion."""
    entries = SearchEntry.objects.in_bulk(versions)
    audiences = audiences_of(entries)
    for pk, version in versions.items():
        entry = entries.get(pk)
        if entry is None:
            yield {"_op_type": "delete", "_id": pk, "version": version, "version_type": "external_gte"}
        else:
            yield action_of(entry, audiences[pk])


def action_of(entry: SearchEntry, audience: Iterable[str]) -> dict[str, Any]:
    return {
        "_op_type": "index",
        "_id": entry.pk,
        "version": entry.version,
        "version_type": "external_gte",
        "_source": document_of(entry, audience),
    }


def audiences_of(entries: Iterable[int]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for pk, token in EntryAudience.objects.filter(entry__in=list(entries)).values_list("entry", "token"):
        found[pk].append(token)
    return found


def send(actions: list[dict[str, Any]], targets: list[str]) -> dict[int, Refused]:
    """Write the same to every index; what any of them refuses for a reason."""
    refused: dict[int, Refused] = {}
    for target in targets:
        told = ({**action, "_index": indexes.door(target)} for action in actions)
        answers = streaming_bulk(
            connect().options(request_timeout=FEED_LIMIT),
            told,
            chunk_size=BATCH,
            max_chunk_bytes=8 * 1024 * 1024,
            raise_on_error=False,
            require_alias=True,
        )
        for is_done, answer in answers:
            (result,) = answer.values()
            if is_done or result["status"] == CONFLICT or _is_of_no_matter(result):
                continue
            status = result["status"]
            # Forbidden is what a full disk makes of an index: read-only, until there is room.
            temporary = status in (FORBIDDEN, TOO_MANY) or status >= SERVER_FAULT
            refused[int(result["_id"])] = Refused(str(result.get("error", status)), temporary)
    return refused


def _is_of_no_matter(result: dict[str, Any]) -> bool:
    """Deleted before it was ever told; or the index is gone, since a rebuild put another one in its place."""
    error = result.get("error")
    return result["status"] == GONE and (not error or error.get("type") == "index_not_found_exception")
