"""From the sockets' event loop to the database: a few threads of their own, so that no page waits behind a socket."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from django.db import close_old_connections

from platform_core.activity import queries

from . import protocol, streams
from .counts import counts

if TYPE_CHECKING:
    from collections.abc import Callable

    from platform_core.activity.models import StreamEntry

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 2
_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="realtime-database")


async def in_database(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a function that queries, away from the event loop."""

    def run() -> T:
        close_old_connections()
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(_pool, run)


def frame_of(entry: StreamEntry) -> str:
    """The encoded frame of a stream entry. What cannot be presented is skipped and logged: the stream goes on."""
    found = streams.find(entry.stream_id)
    data = None
    if found:
        try:
            data = found[0].present(entry.activity)
        except Exception:
            logger.exception("The event %s of %s cannot be presented.", entry.activity_id, entry.stream_id)
    counts["encoded"] += 1
    return protocol.event(entry.stream_id, entry.cursor, type_=entry.activity.type, data=data)


def frames_since(stream: str, cursor: int) -> list[tuple[int, str]]:
    """(cursor, frame) of the next page of entries after a cursor."""
    counts["read"] += 1
    return [(entry.cursor, frame_of(entry)) for entry in queries.since(stream, cursor)]


def heads(names: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(names), 500):
        found |= queries.heads(names[start : start + 500])
    return found
