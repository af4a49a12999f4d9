"""Keeping the entries as the things are. Everything here may run twice and in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from .engines import engine
from .models import LONGEST_GROUP, LONGEST_TITLE, EntryAudience, SearchEntry
from .projectors import Projector, kinds, projector_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import QuerySet

    from .projectors import Draft


def refresh(*, kind: str, object_id: str) -> SearchEntry | None:
    """Tell the index how a thing is now; returns its entry, or None when it is not to be found (any more).

    Raises LookupError for a kind that nobody registered.
    """
    projector = projector_of(kind)
    if projector is None:
        raise LookupError(f"Nobody registered the kind {kind}.")
    return _refresh(projector, object_id)


def rebuild(*, only: Iterable[str] = (), told: Callable[[str, int], None] | None = None) -> dict[str, int]:
    """Tell everything anew, thing by thing, so that the search is never empty meanwhile; forget what is gone.

    Without `only` it also forgets the kinds that nobody registers any more. `told(kind, done)` is called after each
    thing. Returns how many entries each kind has. Raises LookupError for a kind that nobody registered.
    """
    wanted, counts = list(only), {}
    if not wanted:
        _forget(SearchEntry.objects.exclude(kind__in=kinds()))
    for kind in wanted or kinds():
        projector = projector_of(kind)
        if projector is None:
            raise LookupError(f"Nobody registered the kind {kind}.")
        ids = set(projector.ids())
        known = set(SearchEntry.objects.filter(kind=kind).values_list("object_id", flat=True))
        for done, object_id in enumerate(sorted(ids | known), start=1):
            _refresh(projector, object_id)
            if told:
                told(kind, done)
        counts[kind] = SearchEntry.objects.filter(kind=kind).count()
    return counts


def _refresh(projector: Projector, object_id: str) -> SearchEntry | None:
    try:
        return _as_it_is_now(projector, object_id)
    except IntegrityError:
        # Somebody else wrote its first entry meanwhile: now there is one to lock.
        return _as_it_is_now(projector, object_id)


def _as_it_is_now(projector: Projector, object_id: str) -> SearchEntry | None:
    with transaction.atomic():
        # Locked before it is read anew, so that two workers never end with the older state.
        entry = SearchEntry.objects.select_for_update().filter(kind=projector.kind, object_id=object_id).first()
        draft = projector.project(object_id)
        if draft is None:
            _forget(SearchEntry.objects.filter(kind=projector.kind, object_id=object_id))
            return None
        entry = _write(entry or SearchEntry(kind=projector.kind, object_id=object_id, version=0), draft)
        engine().store(entry)
    return entry


def _write(entry: SearchEntry, draft: Draft) -> SearchEntry:
    entry.language = draft.language
    entry.title = _storable(draft.title)[:LONGEST_TITLE]
    entry.body = _storable(draft.body)
    entry.keywords = _storable(draft.keywords)
    entry.path = draft.path
    entry.group = _storable(draft.group)[:LONGEST_GROUP]
    entry.boost = draft.boost
    entry.updated_at = draft.updated_at
    entry.version += 1
    entry.save()
    entry.audience.exclude(token__in=draft.audience).delete()
    EntryAudience.objects.bulk_create(
        [EntryAudience(entry=entry, token=token) for token in sorted(draft.audience)], ignore_conflicts=True
    )
    return entry


def _forget(entries: QuerySet[SearchEntry]) -> None:
    with transaction.atomic():
        engine().forget(list(entries.values_list("pk", flat=True)))
        entries.delete()


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL."""
    return text.replace("\0", "")
