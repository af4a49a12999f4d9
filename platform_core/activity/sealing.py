"""A chain of digests over the activity log, so that tampering below the triggers is noticed.

Chaining each row as it is recorded would make every transaction of the product wait for every other. So a scheduled job
seals in batches what has been committed: what is younger than its interval is not sealed yet. The ENS (RD 311/2022,
op.exp.10) asks that the records of activity be protected against alteration.

The actor has a digest of its own, because erasing a person empties `actor` and nothing else. A sealed activity may be
missing only when a purge covers its date.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import pairwise

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef

from .models import Activity, Purge, Seal, SealedActivity

START = "0" * 64
"""What the first seal follows."""

BATCH = 1000

LONGEST_TRANSACTION = timedelta(days=1)
"""An activity may become visible this long after its time `at`; older ones are not looked for again."""


def seal() -> Seal | None:
    """Seal everything that is committed and not sealed; returns the newest seal made, None when nothing was new."""
    newest = None
    while batch := _unsealed():
        made = _seal(batch)
        if made is None:
            break  # another process has just sealed; the next run takes the rest
        newest = made
    return newest


def problems() -> Iterator[str]:
    """Read the whole chain and say, in English, what does not fit; nothing when the log is as it was recorded."""
    purged_before = Purge.objects.filter(is_open=False).aggregate(latest=Max("older_than"))["latest"]
    for before, this in pairwise([None, *Seal.objects.order_by("pk").iterator()]):
        assert this is not None  # noqa: S101  only the first has nothing before it
        if this.previous != (before.digest if before else START):
            yield f"seal {this.pk} does not follow the seal before it"
        sealed = list(this.activities.order_by("activity_id"))
        if this.digest != _chain(this.previous, sealed):
            yield f"seal {this.pk} does not match what it seals"
        rows = Activity.objects.in_bulk([item.activity_id for item in sealed])
        for item in sealed:
            row = rows.get(item.activity_id)
            if row is not None:
                yield from _differences(row, item)
            elif purged_before is None or item.at >= purged_before:
                yield f"activity {item.activity_id} is missing, and no purge covers its date"


def _unsealed() -> list[Activity]:
    rows = Activity.objects.filter(~Exists(SealedActivity.objects.filter(activity_id=OuterRef("pk"))))
    last = Seal.objects.order_by("-pk").first()
    if last:
        rows = rows.filter(at__gte=last.at - LONGEST_TRANSACTION)
    return list(rows.order_by("pk")[:BATCH])


def _seal(batch: list[Activity]) -> Seal | None:
    try:
        with transaction.atomic():
            last = Seal.objects.order_by("-pk").first()
            previous = last.digest if last else START
            items = [_item(row) for row in batch]
            made = Seal.objects.create(previous=previous, digest=_chain(previous, items))
            for item in items:
                item.seal = made
            SealedActivity.objects.bulk_create(items)
            return made
    except IntegrityError:
        return None


def _item(row: Activity) -> SealedActivity:
    return SealedActivity(activity_id=row.pk, at=row.at, digest=_content(row), actor_digest=_actor(row))


def _content(row: Activity) -> str:
    facts = [
        row.pk,
        row.type,
        row.version,
        row.at.isoformat(),
        row.actor_kind,
        row.subject_type,
        row.subject_id,
        row.data,
    ]
    return _sha256(json.dumps(facts, sort_keys=True, separators=(",", ":")))


def _actor(row: Activity) -> str:
    return _sha256(f"{row.pk} {row.actor_id or ''}")


def _chain(previous: str, items: Iterable[SealedActivity]) -> str:
    lines = [f"{item.activity_id} {item.at.isoformat()} {item.digest} {item.actor_digest}" for item in items]
    return _sha256("\n".join([previous, *lines]))


def _differences(row: Activity, item: SealedActivity) -> Iterator[str]:
    if _content(row) != item.digest:
        yield f"activity {row.pk} is not what was sealed"
    if not row.actor_erased and _actor(row) != item.actor_digest:
        yield f"activity {row.pk} has another actor than was sealed"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
