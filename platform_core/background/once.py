"""Doing something once although the job that does it may run twice."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction

from .models import Effect

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def once(key: str) -> Iterator[bool]:
    """A transaction that yields True to the first that commits `key` and False to everyone after.

        with once(f"certificate:{enrolment_id}") as first:
            if first:
                issue(...)

    The key is committed with what is written inside, so neither happens without the other; a rollback frees it. A
    second process that asks meanwhile waits for the first to commit. It covers this database only: for mail or another
    system, hand the key over as that system's idempotency key. Keys are kept for 90 days.
    """
    with transaction.atomic():
        _, first = Effect.objects.get_or_create(key=key)
        yield first
