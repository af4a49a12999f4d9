"""Reading streams by cursor."""

from __future__ import annotations

from .models import Stream, StreamEntry

PAGE = 200
"""The most entries that one reading returns."""


def head(stream: str) -> int:
    """The cursor of the stream's newest entry; 0 for a stream that nobody has written to."""
    return Stream.objects.filter(name=stream).values_list("head", flat=True).first() or 0


def heads(streams: list[str]) -> dict[str, int]:
    """The head of each stream, in one query; 0 for those without entries."""
    known = dict(Stream.objects.filter(name__in=streams).values_list("name", "head"))
    return {stream: known.get(stream, 0) for stream in streams}


def since(stream: str, cursor: int, limit: int = PAGE) -> list[StreamEntry]:
    """The entries after `cursor`, oldest first, at most `limit`, with their activity; one query.

    Cursors have no gaps, so a first entry beyond `cursor` + 1 means that retention removed those between: the reader
    must load its page anew. Who may read the stream is the caller's question (realtime's permissions).
    """
    entries = StreamEntry.objects.filter(stream_id=stream, cursor__gt=max(cursor, 0))
    return list(entries.select_related("activity").order_by("cursor")[: max(0, min(limit, PAGE))])
