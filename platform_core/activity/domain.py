"""Writing the activity log."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from . import deliveries, events
from .models import Activity, Delivery, Purge, Stream, StreamEntry
from .reactions import call_live, reactions_to

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import Model


class OutsideTransactionError(RuntimeError):
    """`record` was called where the rows that it tells of may already be committed, or never be."""


def record(
    event: events.Event,
    *,
    actor: AbstractBaseUser | AnonymousUser | None,
    subject: Model,
    streams: Iterable[str] = (),
) -> Activity:
    """Record what has just been done, in the transaction that did it; call it last there.

    `actor` is the person who did it, or None for the system itself. `streams` is the audience, computed by the caller:
    each named stream gets an entry at its next cursor and stays locked until the transaction ends, hence "last".
    Locks are taken in the order of the names, so two calls never wait for each other; a transaction that records
    several events calls `lock_streams` with all their streams first.
    Raises OutsideTransactionError without a transaction, events.EventError for an undeclared event or a value of the
    wrong type, and ValueError for a subject that has not been saved.
    """
    if not connection.in_atomic_block:
        raise OutsideTransactionError(
            "record() belongs in the transaction that made the change: use transaction.atomic()."
        )
    if subject.pk is None:
        raise ValueError(f"The subject of {type(event).__qualname__} has no id: save it first, record before deleting.")
    person = actor if actor is not None and actor.pk is not None else None
    activity = Activity.objects.create(
        type=event.event_name,
        version=event.event_version,
        at=timezone.now(),
        actor_id=person.pk if person else None,
        actor_kind=Activity.ActorKind.PERSON if person else Activity.ActorKind.SYSTEM,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        data=events.encode(event),
    )
    entries = _append(activity, streams)
    _owe_reactions(activity)
    if entries:
        transaction.on_commit(partial(call_live, entries), robust=True)
    return activity


def lock_streams(streams: Iterable[str]) -> None:
    """Lock streams until the transaction ends, so that several `record` calls after it cannot deadlock with others."""
    _advance(sorted(set(streams)), by=0)


def purge(*, older_than: datetime) -> int:
    """Remove everything recorded before an instant, for retention; returns how many activities went.

    The one documented way out of the log. It leaves a `Purge` row behind. Entries and deliveries go too; cursors are
    not reused. Raises ValueError for a naive instant.
    """
    if timezone.is_naive(older_than):
        raise ValueError("older_than needs a time zone")
    with transaction.atomic():
        door = Purge.objects.create(older_than=older_than, is_open=True)
        StreamEntry.objects.filter(activity__at__lt=older_than).delete()
        Delivery.objects.filter(activity__at__lt=older_than).delete()
        gone = Activity._base_manager.filter(at__lt=older_than)
        door.removed = gone._raw_delete(gone.db)  # noqa: SLF001  one statement; `delete` would load every row
        door.is_open = False
        door.save(update_fields=["removed", "is_open"])
    return door.removed


def _append(activity: Activity, streams: Iterable[str]) -> list[StreamEntry]:
    names = sorted(set(streams))
    cursors = _advance(names, by=1)
    return StreamEntry.objects.bulk_create(
        [StreamEntry(stream_id=name, cursor=cursors[name], activity=activity) for name in names]
    )


def _advance(names: list[str], *, by: int) -> dict[str, int]:
    """Lock each stream, in the order given, and move its head; one statement on both databases."""
    if not names:
        return {}
    table = connection.ops.quote_name(Stream._meta.db_table)
    places = ", ".join(["(%s, %s)"] * len(names))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (name, head) VALUES {places} "  # noqa: S608  the table's own name; values are bound
            f"ON CONFLICT (name) DO UPDATE SET head = {table}.head + EXCLUDED.head RETURNING name, head",
            [value for name in names for value in (name, by)],
        )
        return dict(cursor.fetchall())


def _owe_reactions(activity: Activity) -> None:
    """Owe each reaction its delivery, in the transaction of the event: neither is there without the other."""
    deliveries.owe(activity=activity, reactions=[reaction.name for reaction in reactions_to(activity.type)])
