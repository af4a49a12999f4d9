"""The part of `bench.search` that asks Elasticsearch: our engine beside the same query sent by itself."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bench.results import middle, percentile

if TYPE_CHECKING:
    from bench.search import World
    from platform_core.search.engines import Query


def measure(world: World) -> dict[str, Any]:
    """In a process whose settings name a node, which has no index yet."""
    from django.conf import settings  # noqa: PLC0415

    from bench.search import CHANGES, SHORT, unheard_of  # noqa: PLC0415
    from platform_core.search.engines import Query as Asked  # noqa: PLC0415
    from platform_core.search.engines import Question, engine  # noqa: PLC0415
    from platform_core.search.engines.elastic import asking, indexes  # noqa: PLC0415
    from platform_core.search.engines.elastic.building import build  # noqa: PLC0415
    from platform_core.search.engines.elastic.client import connect  # noqa: PLC0415
    from platform_core.search.public import tokens_of  # noqa: PLC0415

    began = time.perf_counter()
    number = build()
    per_second = number / (time.perf_counter() - began)
    connect().options(request_timeout=60).indices.forcemerge(index=indexes.reading(), max_num_segments=1)
    stats = connect().indices.stats(index=indexes.reading(), metric="store")

    tokens = tokens_of(world.person)
    raw = Raw(settings.SEARCH_ES_URL, f"/{indexes.reading()}/_search")

    def query(text: str) -> Query:
        return Asked(question=Question.of(text, language="ca"), tokens=tokens, limit=20)

    asked: dict[str, tuple[Callable[[Query], object], Callable[[Query], Any], list[str]]] = {
        "find, short": (engine().find, asking.request_of, SHORT * 10),
        "find, a sentence": (engine().find, asking.request_of, world.long * 2),
        "page, short": (engine().answer, asking.counting_request_of, SHORT * 10),
        "page, a sentence": (engine().answer, asking.counting_request_of, world.long * 2),
    }
    times, alone = {}, {}
    for name, (ours, request, texts) in asked.items():
        pairs = list(side_by_side(ours, request, raw, map(query, texts)))
        times[name], alone[name] = summary([pair[0] for pair in pairs]), summary([pair[1] for pair in pairs])
    worker = subprocess.Popen([sys.executable, "manage.py", "serve", "--only", "worker"], stdout=sys.stderr)
    try:
        found = [world.seconds_until_found(unheard_of(place)) for place in range(CHANGES + 1)]
    finally:
        worker.terminate()
        worker.wait()
    return {
        "times": times,
        "raw": alone,
        "rebuild": per_second,
        # The first one waits for the worker to start.
        "found_ms": max(found[1:]) * 1000,
        "megabytes": round(stats["_all"]["primaries"]["store"]["size_in_bytes"] / 1e6),
    }


class Raw:
    """One connection that stays open, and nothing around it."""

    def __init__(self, url: str, path: str) -> None:
        self._connection = HTTPConnection(urlsplit(url).netloc)
        self._path = path

    def ask(self, body: bytes) -> object:
        self._connection.request("POST", self._path, body, {"Content-Type": "application/json"})
        answer = self._connection.getresponse()
        content = json.loads(answer.read())
        assert answer.status == 200, content
        return content


def side_by_side(
    ours: Callable[[Query], object], request: Callable[[Query], Any], raw: Raw, queries: Iterable[Query]
) -> Iterable[tuple[float, float]]:
    """Milliseconds of ours and of the raw query, each first every second time, since the second finds it warm."""
    for place, query in enumerate(queries):
        body = body_of(request(query))

        def one(body: bytes = body) -> float:
            return elapsed(lambda: raw.ask(body))

        def other(query: Query = query) -> float:
            return elapsed(lambda: ours(query))

        if place % 2:
            yield other(), one()
        else:
            alone = one()
            yield other(), alone


def body_of(request: Any) -> bytes:
    return json.dumps(request.to_dict()).encode()


def elapsed(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return (time.perf_counter() - began) * 1000


def summary(times: list[float]) -> dict[str, float]:
    kept = times[4:]
    return {"ms": middle(kept), "p95": percentile(kept, 0.95)}
