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
    """What waits for the other processes, so that no request waits for Redis.

    It is sent from the sockets' loop where there is one: a second thread would take the interpreter's lock away at each
    of the thousand writes of a broadcast, and make it three times slower. Elsewhere (a worker, a command) a thread of
    its own sends it.
    """

    def __init__(self) -> None:
        self._waiting: deque[tuple[str, dict[str, Any]]] = deque(maxlen=WAITING)
        self._lock = threading.Lock()
        self._idle = threading.Event()
        self._idle.set()
        self._thread_pid = 0
        self._news = threading.Event()
        self._sending: asyncio.Task[None] | None = None

    def put(self, to_group: str, message: dict[str, Any]) -> None:
        """Have a message sent; callable from any thread."""
        with self._lock:
            self._idle.clear()
            self._waiting.append((to_group, message))
        if hub := hub_here():
            hub.call(self._send_here)
        else:
            self._send_in_thread()

    def flush(self, timeout: float) -> bool:
        """Wait, in seconds, until everything has been sent or given up."""
        return self._idle.wait(timeout)

    def _send_here(self) -> None:
        if self._sending is None or self._sending.done():
            self._sending = asyncio.ensure_future(self._send())

    def _send_in_thread(self) -> None:
        with self._lock:
            if self._thread_pid != os.getpid():  # threads do not survive a fork
                self._thread_pid = os.getpid()
                threading.Thread(target=self._send_always, name="outbox", daemon=True).start()
        self._news.set()

    def _send_always(self) -> None:
        # It waits here and not in an executor, whose threads Python waits for at its end: the process would never end.
        with asyncio.Runner() as runner:
            while True:
                self._news.wait()
                self._news.clear()
                runner.run(self._send())

    async def _send(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._idle.set()
                    return
                to_group, message = self._waiting.popleft()
            try:
                if layer := shared_layer():
                    await asyncio.wait_for(layer.group_send(to_group, message), ANSWER)
            except Exception as problem:  # noqa: BLE001  they will read it from the database
                logger.debug("Other processes cannot be reached: %r", problem)


outbox = Outbox()
# A command that ends right after its commit gives the last messages a moment.
atexit.register(outbox.flush, 1.0)
