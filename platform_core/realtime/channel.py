"""One stream in one process: each entry once, in order, to the sockets that listen to it here."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from platform_core.activity.queries import PAGE

from . import protocol
from .counts import counts
from .reading import frames_since, in_database

if TYPE_CHECKING:
    from .socket import Socket, Subscription

logger = logging.getLogger(__name__)

ORDER_PAUSE = 0.05
"""Seconds that an entry waits for the one before it: threads may publish in another order than they committed in."""


class Channel:
    """One stream in this process. `cursor` is that of the last entry delivered to `listeners`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cursor = -1  # until its head has been read
        self.listeners: dict[Socket, Subscription] = {}
        self.holders = 0  # listeners and those who are catching up
        self.early: dict[int, str] = {}
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.filling: asyncio.Task[None] | None = None

    def accept(self, cursor: int, frame: str) -> None:
        """A frame from a publisher: once, in order, whatever order they come in."""
        if cursor == self.cursor + 1 and self.cursor >= 0:
            self._deliver(cursor, frame)
            self._deliver_early()
        elif cursor > self.cursor:
            if len(self.early) < protocol.BACKLOG:
                self.early[cursor] = frame
            if self.cursor >= 0:
                self.fill(after=ORDER_PAUSE)

    def fill(self, *, after: float = 0) -> asyncio.Task[None]:
        """Read what is missing from the database and deliver it."""
        if self.filling is None or self.filling.done():
            self.filling = asyncio.ensure_future(self._fill(after))
        return self.filling

    def start_at(self, head: int) -> None:
        self.cursor = head
        self.early = {cursor: frame for cursor, frame in self.early.items() if cursor > head}
        self._deliver_early()
        if self.early:
            self.fill()

    def _deliver(self, cursor: int, frame: str) -> None:
        self.cursor = cursor
        message, size = {"type": "websocket.send", "text": frame}, len(frame)
        listeners = list(self.listeners)
        for socket in listeners:
            socket.write(message, size)
        counts["delivered"] += len(listeners)

    def _deliver_early(self) -> None:
        while frame := self.early.pop(self.cursor + 1, None):
            self._deliver(self.cursor + 1, frame)

    async def _fill(self, after: float) -> None:
        if after:
            await asyncio.sleep(after)
            if not self.early:
                return  # it came
        try:
            while len(frames := await in_database(frames_since, self.name, self.cursor)) == PAGE:
                self._deliver_page(frames)
            self._deliver_page(frames)
        except Exception:
            logger.exception("The stream %s cannot be read; it will be tried again.", self.name)
        self.early = {cursor: frame for cursor, frame in self.early.items() if cursor > self.cursor}

    def _deliver_page(self, frames: list[tuple[int, str]]) -> None:
        if frames and frames[0][0] > self.cursor + 1:
            self._reset(frames[0][0] - 1)
        for cursor, frame in frames:
            if cursor == self.cursor + 1:
                self._deliver(cursor, frame)
        self._deliver_early()

    def _reset(self, cursor: int) -> None:
        """Retention removed what the listeners have not seen: their pages must be loaded anew."""
        self.cursor = cursor
        for socket in list(self.listeners):
            socket.say(protocol.encode(op="reset", stream=self.name, cursor=cursor))
