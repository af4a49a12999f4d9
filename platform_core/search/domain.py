"""Keeping the entries as the things are. Everything here may run twice and in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from .engines import engine
from .models import LONGEST_GROUP, LONGEST_TITLE, EntryAudience, SearchEntry
from .projectors import Projector, kinds, projector_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    from .projectors import Draft

BATCH = 200
"""Things of a rebuild that are told in one transaction."""

WRITTEN = [field.name for field in SearchEntry._meta.concrete_fields if field.name not in ("id", "kind", "object_id")]


def refresh(*, kind: str, object_id: str) -> SearchEntry | None:
    """Tell the index how a thing is now; returns its entry, or None when it is not to be found (any more).

    Raises LookupError for a kind that nobody registered.
    """
    projector = projector_of(kind)
    if projector is None:
        raise LookupError(f"Nobody registered the kind {kind}.")
    _refresh(projector, [object_id])
    return SearchEntry.objects.filter(kind=kind, object_id=object_id).first()


def rebuild(*, only: Iterable[str] = (), told: Callable[[str, int, int], None] | None = None) -> dict[str, int]:
    """Tell everything anew, a few things at a time, so that the search is never empty meanwhile; forget what is gone.

    Without `only` it also forgets the kinds that nobody registers any more. `told(kind, done, of)` is called after each
    batch. Returns how many entries each kind has. Raises LookupError for a kind that nobody registered.
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
        every = sorted(ids | known)
        for start in range(0, len(every), BATCH):
            some = every[start : start + BATCH]
            _refresh(projector, some)
            if told:
                told(kind, start + len(some), len(every))
        counts[kind] = SearchEntry.objects.filter(kind=kind).count()
    return counts


def _refresh(projector: Projector, object_ids: Sequence[str]) -> None:
    try:
        _as_they_are_now(projector, object_ids)
    except IntegrityError:
        # Somebody else wrote a first entry meanwhile: now there is one to lock.
        _as_they_are_now(projector, object_ids)


def _as_they_are_now(projector: Projector, object_ids: Sequence[str]) -> None:
    with transaction.atomic():
        # Locked before they are read anew, so that two workers never end with the older state.
        ours = SearchEntry.objects.select_for_update().filter(kind=projector.kind, object_id__in=object_ids)
        known = {entry.object_id: entry for entry in ours.order_by("pk")}
        drafts = {object_id: projector.project(object_id) for object_id in object_ids}
        gone = [known[object_id].pk for object_id, draft in drafts.items() if draft is None and object_id in known]
        if gone:
            _forget(SearchEntry.objects.filter(pk__in=gone))
        told = {object_id: draft for object_id, draft in drafts.items() if draft is not None}
        entries = {
            object_id: _told(known.get(object_id) or SearchEntry(kind=projector.kind, object_id=object_id), draft)
            for object_id, draft in told.items()
        }
        _write(entries.values(), {object_id: draft.audience for object_id, draft in told.items()})
        engine().store(list(entries.values()))


def _told(entry: SearchEntry, draft: Draft) -> SearchEntry:
    entry.language = draft.language
    entry.title = _storable(draft.title)[:LONGEST_TITLE]
    entry.body = _storable(draft.body)
    entry.keywords = _storable(draft.keywords)
    entry.path = draft.path
    entry.group = _storable(draft.group)[:LONGEST_GROUP]
    entry.organisation_id = draft.organisation_id
    entry.boost = draft.boost
    entry.updated_at = draft.updated_at
    entry.version = entry.version + 1 if entry.pk else 1
    return entry


def _write(entries: Iterable[SearchEntry], audiences: Mapping[str, frozenset[str]]) -> None:
    """The entries with their audiences, which are few tokens each. A fixed number of queries."""
    old: list[SearchEntry] = []
    new: list[SearchEntry] = []
    for entry in entries:
        (old if entry.pk else new).append(entry)
    SearchEntry.objects.bulk_create(new)
    if old:
        SearchEntry.objects.bulk_update(old, WRITTEN)
        EntryAudience.objects.filter(entry__in=[entry.pk for entry in old]).delete()
    EntryAudience.objects.bulk_create(
        EntryAudience(entry=entry, token=token)
        for entry in [*new, *old]
        for token in sorted(audiences[entry.object_id])
    )


def _forget(entries: QuerySet[SearchEntry]) -> None:
    with transaction.atomic():
        engine().forget(list(entries.values_list("pk", flat=True)))
        entries.delete()


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL."""
    return text.replace("\0", "")
