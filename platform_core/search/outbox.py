"""What Elasticsearch must be told, noted in the transaction that changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .models import IndexChange

if TYPE_CHECKING:
    from collections.abc import Mapping


def owe(versions: Mapping[int, int]) -> None:
    """Note that Elasticsearch must be told of these entries: id → version; of a deleted entry, one more than its last.

    What was noted of the same entry before is replaced, also when it was set aside: it may be accepted now.
    """
    IndexChange.objects.bulk_create(
        [IndexChange(entry_id=pk, version=version) for pk, version in versions.items()],
        update_conflicts=True,
        unique_fields=["entry_id"],
        update_fields=["version", "stamp", "due_at", "tries", "problem", "parked_at"],
    )
