"""The client of bench.live: `python -m bench.listeners PORT SOCKETS SECONDS REST PID PEOPLE` prints figures as JSON.

PEOPLE is a file as bench.live_data prints it. REST is how long, in seconds, the process PID is watched while nothing is
broadcast; 0 for not at all. All the time one more reader comes and goes, and one says that they are writing.

Plain asyncio streams and a reader of unmasked frames, so that as little as possible of the time is the client's own.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import sys
import time
from datetime import datetime
from pathlib import Path

import psutil

from bench.results import percentile

AT = re.compile(rb'"at":"([^"]+)"')
NUMBER = re.compile(rb'"number":(\d+)')
PING = re.compile(rb'"op":"ping","n":(\d+)')
ANSWER = 20.0
"""Seconds after which a broadcast counts as lost."""
OPENING = 90.0
"""Seconds that all sockets together may take to be opened and to follow the topic."""
AHEAD = 3
"""Broadcasts under way at the same time when counting how many get through."""
COMES_AND_GOES, WRITES = 1.0, 3.0
"""Seconds between two comings of the reader who does not stay, and between two words of the one who writes."""
SETTLED = 3.0
"""Seconds from the last subscription until everybody has been told who is there."""


class Listener(asyncio.Protocol):
    """One socket. It tells `crowd` of every event; one without a crowd hears nothing of it."""

    def __init__(self, crowd: Crowd | None, *, path: str, host: str, session: str) -> None:
        self.crowd = crowd
        self.buffer = b""
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.follows: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._handshake = (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: sessionid={session}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self._handshake.encode())

    def data_received(self, data: bytes) -> None:
        now = time.time()
        self.buffer += data
        if not self.opened.done():
            head, found, rest = self.buffer.partition(b"\r\n\r\n")
            if not found:
                return
            assert b" 101 " in head, head
            self.buffer = rest
            self.opened.set_result(None)
        while len(self.buffer) >= 2:
            length, start = self.buffer[1] & 127, 2
            if length == 126:
                length, start = int.from_bytes(self.buffer[2:4]), 4
            if len(self.buffer) < start + length:
                return
            opcode, payload = self.buffer[0] & 15, self.buffer[start : start + length]
            self.buffer = self.buffer[start + length :]
            self._frame(opcode, payload, now)

    def _frame(self, opcode: int, payload: bytes, now: float) -> None:
        if opcode == 9:
            self._write(10, payload)
        elif opcode == 1 and self.crowd and (number := NUMBER.search(payload)):
            self.crowd.heard(int(number[1]), payload, now)
        elif opcode == 1 and (ping := PING.search(payload)):
            self.say(f'{{"op":"pong","n":{int(ping[1])}}}')
        elif opcode == 1 and b'"subscribed"' in payload and not self.follows.done():
            self.follows.set_result(None)

    def say(self, text: str) -> None:
        self._write(1, text.encode())

    def _write(self, opcode: int, payload: bytes) -> None:
        # A mask of zeros is a mask too.
        self.transport.write(bytes([128 | opcode, 128 | len(payload), 0, 0, 0, 0]) + payload)


class Crowd:
    def __init__(self, size: int) -> None:
        self.size = size
        self.delays: list[float] = []
        """Seconds of each delivery."""
        self.asked: dict[int, float] = {}
        """By broadcast: when it was asked for, seconds since the epoch."""
        self.missing: dict[int, int] = {}
        self.whole: dict[int, asyncio.Future[None]] = {}

    def expect(self, number: int) -> asyncio.Future[None]:
        self.missing[number] = self.size
        future = self.whole[number] = asyncio.get_running_loop().create_future()
        return future

    def heard(self, number: int, payload: bytes, now: float) -> None:
        if number not in self.missing:
            return
        if number not in self.asked:  # read once for all who hear of it
            found = AT.search(payload)
            assert found, payload
            self.asked[number] = datetime.fromisoformat(found[1].decode()).timestamp()
        self.delays.append(now - self.asked[number])
        self.missing[number] -= 1
        if not self.missing[number]:
            self.whole.pop(number).set_result(None)
            del self.missing[number]


class Doors:
    """Opens sockets as one person after the other."""

    def __init__(self, port: int, people: dict[str, object]) -> None:
        self.port, self.sessions = port, list(people["sessions"])  # type: ignore[call-overload]
        self.subscribe = json.dumps({"op": "subscribe", "stream": people["stream"], "since": None})
        self.typing = json.dumps({"op": "typing", "stream": people["stream"]})

    async def open(self, crowd: Crowd | None, *, path: str = "/ws/") -> Listener:
        session = self.sessions.pop(0)
        self.sessions.append(session)
        _transport, listener = await asyncio.get_running_loop().create_connection(
            lambda: Listener(crowd, path=path, host=f"127.0.0.1:{self.port}", session=session), "127.0.0.1", self.port
        )
        await listener.opened
        return listener

    async def gather(self, crowd: Crowd, size: int) -> list[Listener]:
        """Readers who follow the topic; fifty doors at a time."""
        listeners: list[Listener] = []
        while len(listeners) < size:
            count = min(50, size - len(listeners))
            found = await asyncio.gather(*(self.open(crowd) for _ in range(count)))
            for one in found:
                one.say(self.subscribe)
            await asyncio.gather(*(one.follows for one in found))
            listeners += found
        return listeners

    async def come_and_go(self) -> None:
        """One more reader, who does not stay."""
        while True:
            one = await self.open(None)
            one.say(self.subscribe)
            await asyncio.sleep(COMES_AND_GOES)
            one.transport.abort()

    async def write(self, listener: Listener) -> None:
        """A reader who is writing an answer all the time."""
        while True:
            listener.say(self.typing)
            await asyncio.sleep(WRITES)


class Caller:
    """Asks for broadcasts through a socket of its own."""

    def __init__(self, crowd: Crowd, listener: Listener) -> None:
        self.crowd, self.listener = crowd, listener
        self.number = int(time.time() * 1000) % 10**9 * 1000  # each round has its own numbers

    def broadcast(self) -> asyncio.Future[None]:
        self.number += 1
        whole = self.crowd.expect(self.number)
        self.listener.say(str(self.number))
        return whole

    async def one_by_one(self, seconds: float) -> list[float]:
        """Broadcast with nothing else under way; the delays of all deliveries in ms."""
        for _warming in range(2):
            await asyncio.wait_for(self.broadcast(), ANSWER)
        self.crowd.delays.clear()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            await asyncio.wait_for(self.broadcast(), ANSWER)
            await asyncio.sleep(0.02)
        return [delay * 1000 for delay in self.crowd.delays]

    async def as_many_as_possible(self, seconds: float) -> tuple[float, int]:
        """Broadcast with the next ones always waiting: how many a second, and how many were lost."""
        done, began = 0, time.monotonic()
        ahead: set[asyncio.Future[None]] = set()
        while time.monotonic() < began + seconds:
            while len(ahead) < AHEAD:
                ahead.add(self.broadcast())
            finished, ahead = await asyncio.wait(ahead, timeout=ANSWER, return_when=asyncio.FIRST_COMPLETED)
            if not finished:
                return done / (time.monotonic() - began), len(ahead)
            done += len(finished)
        return done / (time.monotonic() - began), 0


async def at_rest(server: psutil.Process, *, size: int, before: int, seconds: float) -> dict[str, float]:
    """What the server needs while nothing is broadcast: KiB of memory a reader, and percent of one core."""
    spent, began = sum(server.cpu_times()[:2]), time.monotonic()
    await asyncio.sleep(seconds)
    share = (sum(server.cpu_times()[:2]) - spent) / (time.monotonic() - began)
    return {"rest_percent": 100 * share, "rest_kib": (server.memory_info().rss - before) / 1024 / size}


async def measure(doors: Doors, *, size: int, seconds: float, rest: float, server: psutil.Process) -> dict[str, float]:
    crowd, before = Crowd(size), server.memory_info().rss
    last = await doors.open(None, path="/go/")
    listeners = await asyncio.wait_for(doors.gather(crowd, size), OPENING)
    life = [asyncio.ensure_future(doors.come_and_go()), asyncio.ensure_future(doors.write(listeners[0]))]
    await asyncio.sleep(SETTLED)
    figures = await at_rest(server, size=size, before=before, seconds=rest) if rest else {}
    caller = Caller(crowd, last)
    delays = await caller.one_by_one(seconds)
    per_second, lost = await caller.as_many_as_possible(seconds)
    for task in life:
        assert not task.done(), task  # who comes and goes was let in each time
        task.cancel()
    for one in [*listeners, last]:
        one.transport.abort()
    return {
        "p50_ms": percentile(delays, 0.5),
        "p95_ms": percentile(delays, 0.95),
        "per_second": per_second,
        "lost": float(lost),
        **figures,
    }


def main(words: list[str]) -> None:
    port, size, seconds, rest, pid, people = words
    doors = Doors(int(port), json.loads(Path(people).read_text()))
    server = psutil.Process(int(pid))
    found = asyncio.run(measure(doors, size=int(size), seconds=float(seconds), rest=float(rest), server=server))
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
