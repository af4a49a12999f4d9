"""Between processes: one channel of the layer for the whole process, and one group membership for each stream.

With one process there is nothing to link: the in-memory layer belongs to one event loop, and publishing.py hands
frames to the hub directly. With Redis, frames of other processes come through here.

Redis may restart and forget every group without an error reaching us. So each hub sends itself a beat through a group
of its own: a beat that does not come back means that we are not heard, and everything is joined again.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from typing import TYPE_CHECKING, Any

from .counts import counts

if TYPE_CHECKING:
    from .hub import Hub

logger = logging.getLogger(__name__)

BEAT = 2.0
"""Seconds between two beats."""
SILENCE = 5.0
"""Seconds without a beat after which we are not heard."""
ANSWER = 2.0
"""Seconds that the layer has to do one thing."""
PAUSES = (0.2, 0.5, 1.0, 2.0)
"""Seconds before each new try; the last one goes on."""
REJOIN = 6 * 3600.0
"""Seconds between two renewals of the memberships, which the layer forgets after a day."""

CONTROL = "live.control"
"""The group of every process, for rights that change."""


def group(stream: str) -> str:
    """The channel group of a stream: "live.topic.42"."""
    return "live." + stream.replace(":", ".") + (".s" if ":" not in stream else "")


class Link:
    def __init__(self, layer: Any, hub: Hub) -> None:
        self.layer, self.hub = layer, hub
        self.channel: str | None = None
        self._own_group = f"live-hub.{uuid.uuid4().hex}"
        self._lock = asyncio.Lock()
        self._heard = 0.0
        self._leaving: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Be linked for ever; when the layer is away, say so and try again."""
        failures = 0
        while True:
            started = time.monotonic()
            try:
                await self._session()
            except Exception as problem:  # noqa: BLE001  whatever the layer raises: it is away
                logger.debug("The link is down: %r", problem)
            self.channel = None
            self.hub.set_live(live=False)
            failures = 0 if time.monotonic() - started > SILENCE * 2 else failures + 1
            await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])

    async def join(self, stream: str) -> None:
        """Join the group of a stream; without a link it is joined when there is one again."""
        if self.channel:
            try:
                await self._join(group(stream))
            except Exception as problem:  # noqa: BLE001  the beat will notice too
                logger.debug("Cannot join %s: %r", stream, problem)
                self.hub.set_live(live=False)
                self._heard = 0.0

    def leave_soon(self, stream: str) -> None:
        task = asyncio.ensure_future(self._leave(stream))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def _leave(self, stream: str) -> None:
        async with self._lock:
            if self.channel and stream not in self.hub.channels:
                try:
                    await asyncio.wait_for(self.layer.group_discard(group(stream), self.channel), ANSWER)
                except Exception as problem:  # noqa: BLE001  we would hear a stream that we ignore
                    logger.debug("Cannot leave %s: %r", stream, problem)

    async def _join(self, name: str) -> None:
        async with self._lock:
            counts["joined"] += name not in (CONTROL, self._own_group)
            await asyncio.wait_for(self.layer.group_add(name, self.channel), ANSWER)

    async def _join_all(self) -> None:
        for name in [CONTROL, self._own_group, *(group(stream) for stream in self.hub.channels)]:
            await self._join(name)

    async def _session(self) -> None:
        self.channel = await asyncio.wait_for(self.layer.new_channel("live."), ANSWER)
        await self._join_all()
        self._heard = time.monotonic()
        tasks = [asyncio.ensure_future(self._listen()), asyncio.ensure_future(self._beat())]
        try:
            done, _pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self) -> None:
        while True:
            match await self.layer.receive(self.channel):
                case {"type": "live.event", "stream": stream, "cursor": cursor, "frame": frame}:
                    self.hub.accept(stream, cursor, frame)
                case {"type": "live.presence"} as message:
                    self.hub.presence.hear(message)
                case {"type": "live.order", "order": order}:
                    self.hub.obey(order)
                case {"type": "live.beat"}:
                    self._heard = time.monotonic()
                    self.hub.set_live(live=True)

    async def _beat(self) -> None:
        joined = time.monotonic()
        while time.monotonic() - self._heard < SILENCE:
            await asyncio.wait_for(self.layer.group_send(self._own_group, {"type": "live.beat"}), ANSWER)
            await asyncio.sleep(BEAT)
            if time.monotonic() - joined > REJOIN:
                joined = time.monotonic()
                await self._join_all()
        raise TimeoutError("The layer does not carry our beats.")
