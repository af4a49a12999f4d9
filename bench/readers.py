"""Readers of a live page without a browser: each does with its frames what static/js/live.js does with them."""

from __future__ import annotations

import asyncio
import json
import random
import threading
from datetime import UTC, datetime
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds before a lost connection is made again, as in live.js."""
OPENING = 10.0
"""Seconds that a handshake may take."""


class Reader:
    """One open page that follows one stream. It goes to the next server with each connection, as behind a proxy."""

    def __init__(self, *, ports: list[int], session: str, stream: str, since: int) -> None:
        """`session` is the key of a signed-in person's session, `since` the cursor that the page was made at."""
        self.stream, self.cursor = stream, since
        self.heard: list[int] = []
        """The numbers of the posts, in the order in which the page was told of them."""
        self.delays: list[float] = []
        """Seconds from each event to its arrival."""
        self.connections = self.again = self.gaps = self.resets = self.presences = 0
        """`again`: frames that the page had and dropped; `gaps`: frames that came before those before them."""
        self._ports, self._session = ports, session
        self._socket: ClientConnection | None = None

    async def run(self) -> None:
        """Be connected for ever; as the page does, come back after a pause that grows and is half by chance."""
        failures = 0
        for turn in range(10**9):
            host = f"127.0.0.1:{self._ports[turn % len(self._ports)]}"
            try:
                async with connect(
                    f"ws://{host}/ws/", origin=f"http://{host}", proxy=None, compression=None, open_timeout=OPENING,  # type: ignore[arg-type]
                    additional_headers={"Cookie": f"sessionid={self._session}"}, close_timeout=0.2,
                ) as socket:  # fmt: skip
                    failures, self._socket = 0, socket
                    self.connections += 1
                    await self._converse(socket)
            except (OSError, WebSocketException, TimeoutError):
                pass  # the next try tells
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2**failures)
            failures += 1
            await asyncio.sleep(pause / 2 + random.random() * pause / 2)  # noqa: S311  not a secret

    def lose(self) -> None:
        """The network goes without a word of goodbye."""
        if self._socket:
            self._socket.transport.abort()

    async def _converse(self, socket: ClientConnection) -> None:
        await self._ask(socket)
        async for text in socket:
            frame = json.loads(text)
            match frame["op"]:
                case "ping":
                    await socket.send(json.dumps({"op": "pong", "n": frame["n"]}))
                case "event" | "skip":
                    self._move(frame)
                case "reset":
                    self.resets += 1
                    self.cursor = frame["cursor"]
                case "presence":
                    self.presences += 1
                case "error" if frame["code"] == "unavailable":
                    await asyncio.sleep(FIRST_PAUSE * 4)
                    await self._ask(socket)
                case "error" | "revoked":
                    raise RuntimeError(f"a reader was refused: {frame}")

    async def _ask(self, socket: ClientConnection) -> None:
        await socket.send(json.dumps({"op": "subscribe", "stream": self.stream, "since": self.cursor}))

    def _move(self, frame: dict[str, Any]) -> None:
        if frame["cursor"] <= self.cursor:
            self.again += 1
            return
        self.gaps += frame["cursor"] > self.cursor + 1
        self.cursor = frame["cursor"]
        if frame.get("type") == "agora.posted":
            self.heard.append(frame["data"]["number"])
            happened = datetime.fromisoformat(frame["data"]["at"])
            self.delays.append((datetime.now(UTC) - happened).total_seconds())


class Readers:
    """Several at once, in a thread with an event loop of their own; they read while the `with` block runs."""

    def __init__(self, readers: list[Reader]) -> None:
        self.readers = readers
        self.problem: BaseException | None = None
        """What ended one of them; nothing ends them but `__exit__`."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="readers")
        self._begun = threading.Event()

    def __enter__(self) -> Readers:
        self._thread.start()
        self._begun.wait()
        return self

    def __exit__(self, *_problem: object) -> None:
        self._loop.call_soon_threadsafe(self._everything.cancel)
        self._thread.join()

    def lose(self, readers: list[Reader]) -> None:
        """These lose their network at once."""
        for one in readers:
            self._loop.call_soon_threadsafe(one.lose)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._all())

    async def _all(self) -> None:
        self._everything = asyncio.gather(*(one.run() for one in self.readers))
        self._begun.set()
        try:
            await self._everything
        except asyncio.CancelledError:
            pass
        except Exception as problem:  # noqa: BLE001  told by who waits for them
            self.problem = problem
