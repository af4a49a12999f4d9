"""From a committed event to the sockets of every process. Best effort: nothing here raises or waits for a network."""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import threading
from collections import deque
from typing import TYPE_CHECKING, Any

from channels.layers import InMemoryChannelLayer, get_channel_layer

from platform_core.activity.reactions import on_commit_live

from . import streams
from .link import ANSWER, CONTROL, group
from .reading import frame_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from platform_core.activity.models import StreamEntry

    from .hub import Hub

logger = logging.getLogger(__name__)

WAITING = 1000
"""Messages to other processes that may wait; older ones are dropped, and the others read them from the database."""

_hub: Hub | None = None


def use_hub(hub: Hub | None) -> None:
    """Name the hub of this process."""
    global _hub  # noqa: PLW0603  one hub a process is the point
    _hub = hub


def hub_here() -> Hub | None:
    return _hub if _hub and not _hub.loop.is_closed() else None


def shared_layer() -> Any | None:
    """The layer that reaches other processes; None when the configured one stays in this process."""
    layer = get_channel_layer()
    return None if layer is None or isinstance(layer, InMemoryChannelLayer) else layer


@on_commit_live
def publish(entries: Sequence[StreamEntry]) -> None:
    """Encode each entry once, hand it to the sockets here and send it to the other processes."""
    hub, others = hub_here(), shared_layer() is not None
    for entry in entries:
        stream = entry.stream_id
        if not streams.find(stream):
            continue
        is_followed_here = hub is not None and stream in hub.channels
        if not (is_followed_here or others):
            continue  # whoever subscribes from now on reads a head that includes it
        frame = frame_of(entry)
        if hub and is_followed_here:
            hub.call(hub.accept, stream, entry.cursor, frame)
        if others:
            message = {"type": "live.event", "stream": stream, "cursor": entry.cursor, "frame": frame}
            outbox.put(group(stream), message)


def order(what: dict[str, Any]) -> None:
    """Have every process obey an order (see Hub.obey), this one first."""
    if hub := hub_here():
        hub.call(hub.obey, what)
    if shared_layer() is not None:
        outbox.put(CONTROL, {"type": "live.order", "order": what})


class Outbox:
    """A thread with an event loop that sends to other processes, so that no request waits for Redis."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[str, dict[str, Any]]] = deque(maxlen=WAITING)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._pid = 0
        self._news = threading.Event()
        self._idle = threading.Event()
        self._idle.set()

    def put(self, to_group: str, message: dict[str, Any]) -> None:
        with self._lock:
            if self._pid != os.getpid():  # threads do not survive a fork
                self._pid = os.getpid()
                self._thread = threading.Thread(target=self._run, name="realtime-outbox", daemon=True)
                self._thread.start()
            self._idle.clear()
            self._waiting.append((to_group, message))
            self._news.set()

    def flush(self, timeout: float) -> bool:
        """Wait, in seconds, until everything has been sent or given up."""
        return self._idle.wait(timeout)

    def _run(self) -> None:
        asyncio.run(self._send_all())

    async def _send_all(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await loop.run_in_executor(None, self._news.wait)
            self._news.clear()
            while self._waiting:
                to_group, message = self._waiting.popleft()
                try:
                    if layer := shared_layer():
                        await asyncio.wait_for(layer.group_send(to_group, message), ANSWER)
                except Exception as problem:  # noqa: BLE001  they will read it from the database
                    logger.debug("Other processes cannot be reached: %r", problem)
            with self._lock:
                if not self._waiting:
                    self._idle.set()


outbox = Outbox()
# A command that ends right after its commit gives the last messages a moment.
atexit.register(outbox.flush, 1.0)
