"""A small load client: `python -m bench.load PORT PATH` keeps some connections busy and prints what it saw as JSON.

It runs in a process of its own, so that it never shares an interpreter with the server that it measures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time

from bench.results import percentile

HOST = "127.0.0.1"


class Connection:
    """One client that asks again as soon as it is answered, and connects again when the server closes."""

    def __init__(self, port: int, request: bytes, *, until: float) -> None:
        self.port, self.request, self.until = port, request, until
        self.times: list[float] = []
        self.failures = 0

    async def run(self) -> None:
        reader: asyncio.StreamReader | None = None
        writer: asyncio.StreamWriter | None = None
        while time.perf_counter() < self.until:
            start = time.perf_counter()
            try:
                if reader is None or writer is None:
                    reader, writer = await asyncio.open_connection(HOST, self.port)
                writer.write(self.request)
                status, keep = await _read(reader)
            except (OSError, EOFError, ValueError):
                status, keep = 0, False
            if status == 200:
                self.times.append(time.perf_counter() - start)
            else:
                self.failures += 1
            if not keep:
                if writer:
                    writer.close()
                reader = writer = None
        if writer:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """Read one whole response; its status and whether the connection stays open."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    first, *lines = head.split(b"\r\n")
    headers = dict(line.split(b": ", 1) for line in lines if b": " in line)
    if b"content-length" in headers:
        await reader.readexactly(int(headers[b"content-length"]))
        return int(first.split()[1]), headers.get(b"connection") != b"close"
    if headers.get(b"transfer-encoding") == b"chunked":
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
        return int(first.split()[1]), headers.get(b"connection") != b"close"
    await reader.read()
    return int(first.split()[1]), False


async def measure(port: int, path: str, *, cookie: str, connections: int, seconds: float) -> dict[str, float]:
    """Requests a second, and how long they took in milliseconds; only answers of status 200 count."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {HOST}", "Accept-Language: ca", "Connection: keep-alive"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    start = time.perf_counter()
    clients = [Connection(port, request, until=start + seconds) for _ in range(connections)]
    await asyncio.gather(*(client.run() for client in clients))
    spent = time.perf_counter() - start
    times = [taken for client in clients for taken in client.times]
    return {
        "per_second": len(times) / spent,
        "p50_ms": percentile(times, 0.50) * 1000,
        "p95_ms": percentile(times, 0.95) * 1000,
        "failures": sum(client.failures for client in clients),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("path")
    parser.add_argument("--cookie", default="")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=2.0)
    given = parser.parse_args()
    seen = asyncio.run(
        measure(given.port, given.path, cookie=given.cookie, connections=given.connections, seconds=given.seconds)
    )
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
