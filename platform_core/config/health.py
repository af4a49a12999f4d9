"""`/healthz`: the process is alive. `/readyz`: what it depends on, each with its own answer.

A middleware before everything else, because a probe comes by address, without TLS, a session or a language, and must be
answered while the database is away.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from datetime import timedelta
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from platform_core.background.public import health as background_health
from platform_core.files.public import has_scanner, scanner_answers
from platform_core.search.public import remote_health

LIMIT = 2.0
"""Seconds that all dependencies together get to answer; who is late is reported as not ok."""

STALE = timedelta(minutes=2)
"""A scheduler that has not been seen for so long is not running."""

LATE = timedelta(minutes=5)
"""A job that has been due for so long says that the workers do not keep up."""

Check = Callable[[], dict[str, Any]]


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return HttpResponse("ok", content_type="text/plain")
        if request.path == "/readyz":
            return _ready()
        return self.get_response(request)


def _ready() -> JsonResponse:
    """200 while the product can serve, degraded or not; 503 when the database is away."""
    answers = check_dependencies()
    status = 200 if answers["database"]["ok"] else 503
    response = JsonResponse({"ok": all(answer["ok"] for answer in answers.values()), **answers}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def check_dependencies() -> dict[str, dict[str, Any]]:
    """Ask every dependency at once and wait at most LIMIT seconds. Never raises; says no secret and no address."""
    checks: dict[str, Check] = {
        "database": _database,
        "cache": _cache,
        "sockets": _sockets,
        "background": _background,
        "files": _files,
    }
    if has_scanner():
        checks["scanner"] = _scanner
    if settings.SEARCH_ES_URL:
        checks["search"] = _search
    pool = ThreadPoolExecutor(max_workers=len(checks))
    deadline = time.monotonic() + LIMIT
    pending = {name: pool.submit(_timed, check) for name, check in checks.items()}
    answers = {}
    for name, future in pending.items():
        try:
            answers[name] = future.result(timeout=max(0.0, deadline - time.monotonic()))
        except TooLate:
            answers[name] = {"ok": False, "problem": f"no answer within {LIMIT:g} s"}
    # Whoever hangs keeps its thread, not the reader: the next probe starts afresh.
    pool.shutdown(wait=False, cancel_futures=True)
    return answers


def _timed(check: Check) -> dict[str, Any]:
    start = time.perf_counter()
    try:
        answer = {"ok": True, **check()}
    except Exception as problem:  # noqa: BLE001  any failure of a dependency is the answer; its text may hold an address
        answer = {"ok": False, "problem": type(problem).__name__}
    finally:
        connection.close()
    return {**answer, "ms": round((time.perf_counter() - start) * 1000, 1)}


def _database() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {}


def _cache() -> dict[str, Any]:
    cache.set("readyz", "ok", 10)
    # Production caches in memory while Redis is away, and says so.
    return {"ok": cache.get("readyz") == "ok" and not getattr(cache, "away", False)}


def _sockets() -> dict[str, Any]:
    layer = get_channel_layer()

    async def touch() -> None:
        await layer.group_send("readyz", {"type": "ready.probe"})

    async_to_sync(touch)()
    return {}


def _background() -> dict[str, Any]:
    now = background_health()
    ticking = now.scheduler_tick is not None and timezone.now() - now.scheduler_tick < STALE
    return {
        "ok": ticking and now.workers > 0 and now.oldest_waiting < LATE,
        "workers": now.workers,
        "scheduler": ticking,
        "oldest_waiting_s": round(now.oldest_waiting.total_seconds(), 1),
        "parked": now.parked,
        "failing": list(now.failing),
    }


def _files() -> dict[str, Any]:
    settings.DATA.mkdir(parents=True, exist_ok=True)
    probe = settings.DATA / ".readyz"
    probe.write_text("ok")
    probe.unlink(missing_ok=True)
    return {}


def _scanner() -> dict[str, Any]:
    """Of malware: while it is away files wait, and nothing else does."""
    return {"ok": scanner_answers(limit=LIMIT)}


def _search() -> dict[str, Any]:
    """Elasticsearch: while it is away the database answers in its place."""
    return remote_health(limit=LIMIT) or {}
