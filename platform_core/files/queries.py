"""Which files may not be served now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .models import FileScan

if TYPE_CHECKING:
    from collections.abc import Iterable


def held(storage_names: Iterable[str]) -> dict[str, FileScan.State]:
    """Those of these files that wait for the scanner or were found infected, with their state; one query."""
    rows = FileScan.objects.filter(storage_name__in=list(storage_names)).values_list("storage_name", "state")
    return {name: FileScan.State(state) for name, state in rows}
