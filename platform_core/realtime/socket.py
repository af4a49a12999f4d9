"""One browser's socket: writing without waiting, and noticing who does not read."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import TYPE_CHECKING, Any

from . import protocol
from .counts import counts

if TYPE_CHECKING:
    from .sessions import Visitor

Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]


class _Rest(Awaitable[None]):
    """The rest of a coroutine that has been started by hand and waits for `future`."""

    def __init__(self, coroutine: Coroutine[Any, Any, None], future: Any) -> None:
        self.coroutine, self.future = coroutine, future

    def __await__(self) -> Generator[Any, None, None]:
        yield self.future
        yield from self.coroutine.__await__()


class Subscription:
    """A socket's interest in one stream: catching up (`task`) until it is among the channel's listeners."""

    __slots__ = ("is_doubtful", "position", "stream", "task")

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.is_doubtful = False
        """Rights changed while it was catching up: its permission is asked again before anything more is sent."""
        self.position: int | None = None
        self.task: asyncio.Task[None] | None = None


class Socket:
    """`write` never waits. Daphne's `send` does not either: it leaves the frame with the transport, which grows.

    So the measure of a slow reader is its own answer: after every ASK_AFTER characters it is asked (`ping`), and when
    WINDOW characters are on their way unanswered it is closed. That bounds the memory on any server.
    """

    __slots__ = (
        "_asked", "_asked_size", "_closing", "_n", "_outbox", "_room", "_send", "_writer",
        "checked", "subscriptions", "under_way", "who",
    )  # fmt: skip

    def __init__(self, send: Send, who: Visitor) -> None:
        self._send = send
        self.who = who
        self.checked = time.monotonic()
        """When its rights were last asked for."""
        self.subscriptions: dict[str, Subscription] = {}
        self.under_way = 0
        self._n = 0
        self._asked = False
        self._asked_size = 0
        self._closing = False
        self._outbox: deque[dict[str, Any]] | None = None
        self._writer: asyncio.Future[None] | None = None
        self._room: asyncio.Event | None = None

    @property
    def is_open(self) -> bool:
        return not self._closing

    def say(self, text: str) -> None:
        self.write({"type": "websocket.send", "text": text}, len(text))

    def write(self, message: dict[str, Any], size: int) -> None:
        """Hand a message to the server, after those before it. `message` may be shared by many sockets."""
        if self._closing:
            return
        self.under_way += size
        if self.under_way > protocol.ASK_AFTER:
            if self.under_way > protocol.WINDOW:
                counts["slow"] += 1
                self.close(protocol.Close.RESUME)
                return
            if not self._asked:
                self._hand_over(message)
                self._ask()
                return
        self._hand_over(message)

    def close(self, code: protocol.Close) -> None:
        if not self._closing:
            self._closing = True
            if self._outbox:
                self._outbox.clear()
            self._hand_over({"type": "websocket.close", "code": int(code)})
            self._wake()

    def gone(self) -> None:
        """The other side has left."""
        self._closing = True
        if self._writer:
            self._writer.cancel()
        self._wake()

    def answered(self, n: int) -> bool:
        """The browser has read everything up to our `ping` number `n`; False when that was not asked."""
        if not self._asked or n != self._n:
            return False
        self._asked = False
        self.under_way -= self._asked_size
        self._wake()
        if self.under_way > protocol.ASK_AFTER:
            self._ask()
        return True

    async def room(self) -> None:
        """Wait until the browser has read most of what is on its way."""
        while self.is_open and self.under_way > protocol.WINDOW // 4:
            self._room = self._room or asyncio.Event()
            self._room.clear()
            await self._room.wait()

    def _wake(self) -> None:
        if self._room:
            self._room.set()

    def _ask(self) -> None:
        self._n += 1
        self._asked, self._asked_size = True, self.under_way
        self._hand_over({"type": "websocket.send", "text": protocol.encode(op="ping", n=self._n)})

    def _hand_over(self, message: dict[str, Any]) -> None:
        if self._outbox is not None:
            self._outbox.append(message)
            return
        # The coroutine is run by hand up to where it waits, which on Daphne is never: a task for each frame and
        # socket would take several times longer than the sending.
        coroutine = self._send(message)
        try:
            future = coroutine.send(None)
        except StopIteration:
            return
        except Exception:  # noqa: BLE001  the connection is going down; `receive` will tell
            self._closing = True
            return
        self._outbox = deque()
        self._writer = asyncio.ensure_future(self._write_rest(_Rest(coroutine, future)))

    async def _write_rest(self, first: Awaitable[None]) -> None:
        try:
            await first
            while self._outbox:
                await self._send(self._outbox.popleft())
            self._outbox = None
        except Exception:  # noqa: BLE001  as above
            self._closing = True
