"""Keeping the entries as the things are. Everything here may run twice and in any order."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from . import tasks
from .engines import database_index, is_remote
from .models import LONGEST_GROUP, LONGEST_TITLE, EntryAudience, SearchEntry
from .outbox import owe
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
    refresh_many(kind=kind, object_ids=[object_id])
    return SearchEntry.objects.filter(kind=kind, object_id=object_id).first()


def refresh_many(*, kind: str, object_ids: Sequence[str]) -> None:
    """The same of several things of one kind."""
    projector = projector_of(kind)
    if projector is None:
        raise LookupError(f"Nobody registered the kind {kind}.")
    for start in range(0, len(object_ids), BATCH):
        _refresh(projector, object_ids[start : start + BATCH])


def rebuild(*, only: Iterable[str] = (), told: Callable[[str, int, int], None] | None = None) -> dict[str, int]:
    """Tell everything anew, a few things at a time, so that the search is never empty meanwhile; forget what is gone.
    Of Elasticsearch's index see `reindex`.

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
            _refresh(projector, some, anew=True)
            if told:
                told(kind, start + len(some), len(every))
        counts[kind] = SearchEntry.objects.filter(kind=kind).count()
    return counts


def _refresh(projector: Projector, object_ids: Sequence[str], *, anew: bool = False) -> None:
    try:
        _as_they_are_now(projector, object_ids, anew=anew)
    except IntegrityError:
        # Somebody else wrote a first entry meanwhile: now there is one to lock.
        _as_they_are_now(projector, object_ids, anew=anew)


def _as_they_are_now(projector: Projector, object_ids: Sequence[str], *, anew: bool) -> None:
    """Write what changed. With `anew` the words of what did not change are read again, too."""
    with transaction.atomic():
        # Locked before they are read anew, so that two workers never end with the older state.
        ours = SearchEntry.objects.select_for_update().filter(kind=projector.kind, object_id__in=object_ids)
        known = {entry.object_id: entry for entry in ours.order_by("pk")}
        drafts = {object_id: projector.project(object_id) for object_id in object_ids}
        gone = [known[object_id] for object_id, draft in drafts.items() if draft is None and object_id in known]
        if gone:
            _forget(SearchEntry.objects.filter(pk__in=[entry.pk for entry in gone]))
        audiences = _audiences(known.values())
        every, changed = [], []
        for object_id, draft in drafts.items():
            if draft is None:
                continue
            entry = known.get(object_id) or SearchEntry(kind=projector.kind, object_id=object_id)
            every.append(entry)
            if _tell(entry, draft) or audiences[entry.pk] != draft.audience:
                changed.append(entry)
        _write(changed, {object_id: draft.audience for object_id, draft in drafts.items() if draft is not None})
        database_index().store(every if anew else changed)
        _owe({entry.pk: entry.version for entry in changed})


def _tell(entry: SearchEntry, draft: Draft) -> bool:
    """Put into the entry what its app says; returns whether anything is new."""
    told = {
        "language": draft.language,
        "title": _storable(draft.title)[:LONGEST_TITLE],
        "body": _storable(draft.body),
        "keywords": _storable(draft.keywords),
        "wordings": _storable(draft.wordings),
        "path": draft.path,
        "group": _storable(draft.group)[:LONGEST_GROUP],
        "organisation_id": draft.organisation_id,
        "boost": draft.boost,
        "updated_at": draft.updated_at,
    }
    is_new = entry.pk is None or any(getattr(entry, name) != value for name, value in told.items())
    for name, value in told.items():
        setattr(entry, name, value)
    return is_new


def _audiences(entries: Iterable[SearchEntry]) -> defaultdict[int | None, set[str]]:
    found: defaultdict[int | None, set[str]] = defaultdict(set)
    held = EntryAudience.objects.filter(entry__in=[entry.pk for entry in entries])
    for pk, token in held.values_list("entry", "token"):
        found[pk].add(token)
    return found


def _write(entries: Sequence[SearchEntry], audiences: Mapping[str, frozenset[str]]) -> None:
    """The entries with their audiences, which are few tokens each. A fixed number of queries."""
    if not entries:
        return
    new = [entry for entry in entries if entry.pk is None]
    old = [entry for entry in entries if entry.pk is not None]
    SearchEntry.objects.bulk_create(new)
    if old:
        for entry in old:
            entry.version += 1
        SearchEntry.objects.bulk_update(old, WRITTEN)
        EntryAudience.objects.filter(entry__in=[entry.pk for entry in old]).delete()
    EntryAudience.objects.bulk_create(
        EntryAudience(entry=entry, token=token)
        for entry in [*new, *old]
        for token in sorted(audiences[entry.object_id])
    )


def _forget(entries: QuerySet[SearchEntry]) -> None:
    with transaction.atomic():
        versions = dict(entries.values_list("pk", "version"))
        database_index().forget(versions)
        entries.delete()
        _owe({pk: version + 1 for pk, version in versions.items()})


def _owe(versions: Mapping[int, int]) -> None:
    """What another engine must be told, in the transaction that changes it; the worker tells it."""
    if versions and is_remote():
        owe(versions)
        tasks.feed.enqueue()


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL."""
    return text.replace("\0", "")
