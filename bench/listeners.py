"""The client of bench.live: `python -m bench.listeners PORT SOCKETS SECONDS` prints figures as JSON.

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

from bench.results import percentile

AT = re.compile(rb'"at":(\d+)')
NUMBER = re.compile(rb'"number":(\d+)')
PING = re.compile(rb'"op":"ping","n":(\d+)')
ANSWER = 20.0
"""Seconds after which a broadcast counts as lost."""


AHEAD = 3
"""Broadcasts under way at the same time when counting how many get through."""


class Listener(asyncio.Protocol):
    """One socket. It tells `crowd` of every event."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        self.buffer = b""
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET /ws/ HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        now = time.monotonic_ns()
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

    def _frame(self, opcode: int, payload: bytes, now: int) -> None:
        if opcode == 9:
            self._write(10, payload)
        elif opcode == 1 and (at := AT.search(payload)) and (number := NUMBER.search(payload)):
            self.crowd.heard(int(number[1]), now - int(at[1]))
        elif opcode == 1 and (ping := PING.search(payload)):
            self.say(f'{{"op":"pong","n":{int(ping[1])}}}')

    def say(self, text: str) -> None:
        self._write(1, text.encode())

    def _write(self, opcode: int, payload: bytes) -> None:
        # A mask of zeros is a mask too.
        self.transport.write(bytes([128 | opcode, 128 | len(payload), 0, 0, 0, 0]) + payload)


class Crowd:
    def __init__(self, size: int) -> None:
        self.size = size
        self.delays: list[int] = []
        self.missing: dict[int, int] = {}
        self.whole: dict[int, asyncio.Future[None]] = {}

    def expect(self, number: int) -> asyncio.Future[None]:
        self.missing[number] = self.size
        future = self.whole[number] = asyncio.get_running_loop().create_future()
        return future

    def heard(self, number: int, delay: int) -> None:
        if number not in self.missing:
            return
        self.delays.append(delay)
        self.missing[number] -= 1
        if not self.missing[number]:
            self.whole.pop(number).set_result(None)
            del self.missing[number]


async def gather(crowd: Crowd, port: int, size: int) -> list[Listener]:
    """Open sockets, fifty at a time."""
    loop = asyncio.get_running_loop()
    listeners: list[Listener] = []
    for start in range(0, size, 50):
        batch = [
            loop.create_connection(lambda: Listener(crowd), "127.0.0.1", port) for _ in range(min(50, size - start))
        ]
        found = [protocol for _transport, protocol in await asyncio.gather(*batch)]
        await asyncio.gather(*(asyncio.wait_for(one.opened, ANSWER) for one in found))
        listeners += found
    return listeners


class Caller:
    """Asks for broadcasts through a socket of its own."""

    def __init__(self, crowd: Crowd, listener: Listener) -> None:
        self.crowd, self.listener = crowd, listener
        self.number = int(time.time() * 1000) % 10**9 * 1000  # each round has its own numbers

    def broadcast(self) -> asyncio.Future[None]:
        self.number += 1
        whole = self.crowd.expect(self.number)
        self.listener.say(f"go {self.number}")
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
        return [delay / 1e6 for delay in self.crowd.delays]

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


async def measure(port: int, size: int, seconds: float) -> dict[str, float]:
    crowd = Crowd(size)
    *listeners, last = await gather(crowd, port, size + 1)
    for one in listeners:
        one.say("listen")
    await asyncio.sleep(1.0 + size / 500)  # the slowest way joins a group for each of them
    caller = Caller(crowd, last)
    delays = await caller.one_by_one(seconds)
    per_second, lost = await caller.as_many_as_possible(seconds)
    for one in [*listeners, last]:
        one.transport.abort()
    return {
        "p50_ms": percentile(delays, 0.5),
        "p95_ms": percentile(delays, 0.95),
        "per_second": per_second,
        "lost": float(lost),
    }


if __name__ == "__main__":
    port, size, seconds = sys.argv[1:]
    print(json.dumps(asyncio.run(measure(int(port), int(size), float(seconds)))))
