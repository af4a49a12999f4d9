"""Page servers side by side, and the memory of the embedded process: `python -m bench.server --json FILE`.

Loopback only, a few minutes at most. Every server runs as one process with the same number of threads; they take turns
in short rounds, so that whatever else the machine does hits all of them alike, and the middle round counts.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from bench.results import Figure, Table, machine, middle, show, write
from bench.visitor import DEMO_PASSWORD, Visitor
from tests.harness import packages
from tests.harness.servers import free_port, postgres, stop, wait_for_port

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
THREADS = 4
"""Threads of each server that has threads, and half the connections of the load client."""

MEMORY_LIMIT = 350.0
"""MiB resident that the embedded process may take after REQUESTS."""
REQUESTS = 1000


@dataclass(frozen=True)
class PageServer:
    """`command` has the places {port} and {app}; `app` is the attribute of the module that speaks its protocol."""

    name: str
    app: str
    command: str


SERVERS = (
    PageServer("daphne", "asgi", "daphne -b 127.0.0.1 -p {port} -v 0 {app}"),
    PageServer("gunicorn sync", "wsgi", "gunicorn --no-control-socket -w 1 -k sync -b 127.0.0.1:{port} {app}"),
    PageServer(
        "gunicorn gthread",
        "wsgi",
        "gunicorn --no-control-socket -w 1 -k gthread --threads {threads} -b 127.0.0.1:{port} {app}",
    ),
    PageServer(
        "granian wsgi",
        "wsgi",
        "granian --interface wsgi --workers 1 --blocking-threads {threads} --no-ws --port {port} {app}",
    ),
    PageServer("granian asgi", "asgi", "granian --interface asgi --workers 1 --no-ws --port {port} {app}"),
)
BARE = {"wsgi": "bench.bare:wsgi", "asgi": "bench.bare:asgi"}
FULL = {"wsgi": "platform_core.config.wsgi:application", "asgi": "platform_core.config.asgi:application"}

PAGES = {
    "bare view": (BARE, "/empty", False),
    "view behind our middleware": (FULL, "/bench/empty", True),
    "home, signed in": (FULL, "/", True),
}
"""What is asked: the application, the path, and whether by somebody signed in."""


@contextmanager
def running(command: list[str], *, port: int, environment: dict[str, str], what: str) -> Iterator[psutil.Process]:
    """A server on a port, for as long as the block runs."""
    log = tempfile.TemporaryFile()  # noqa: SIM115  it lives as long as the process
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        wait_for_port(port, process, what=what)
        yield psutil.Process(process.pid)
    except BaseException:
        log.seek(0)
        sys.stderr.write(log.read().decode(errors="replace")[-2000:])
        raise
    finally:
        stop(process)
        log.close()


def manage(*words: str, environment: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
    )


def ask(port: int, path: str, *, cookie: str, seconds: float) -> dict[str, float]:
    """One round of the load client."""
    command = [sys.executable, "-m", "bench.load", str(port), path, "--cookie", cookie, "--seconds", str(seconds)]
    command += ["--connections", str(2 * THREADS)]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)


def compare(*, rounds: int, seconds: float) -> dict[str, dict[str, dict[str, float]]]:
    """{server: {page: figures}}; each figure is the middle one of its rounds."""
    with ExitStack() as stack:
        data = stack.enter_context(tempfile.TemporaryDirectory(prefix="agora-bench-"))
        environment = {**os.environ, "DATA": data, "DJANGO_SETTINGS_MODULE": "bench.settings", "LOG_LEVEL": "ERROR"}
        environment.pop("DATABASE_URL", None)
        if packages.POSTGRES.path():
            environment["DATABASE_URL"] = stack.enter_context(postgres())
        manage("migrate", "-v0", environment=environment)
        manage("demo_world", environment=environment)
        manage("collectstatic", "--noinput", "-v0", environment=environment)
        ports = {
            (server, id(app)): _start(stack, server, app, environment) for server in SERVERS for app in (BARE, FULL)
        }
        visitor = Visitor(f"http://127.0.0.1:{ports[SERVERS[0], id(FULL)]}")
        visitor.sign_in("referent@ens1.test", DEMO_PASSWORD)
        seen: dict[tuple[str, str], list[dict[str, float]]] = {}
        for turn in range(rounds + 1):
            print(f"round {turn} of {rounds}", file=sys.stderr, flush=True)
            for page, (app, path, signed_in) in PAGES.items():
                for server in SERVERS:
                    cookie = visitor.cookie if signed_in else ""
                    # The first turn only warms up: templates, connections, caches.
                    figures = ask(ports[server, id(app)], path, cookie=cookie, seconds=seconds if turn else 0.5)
                    if turn:
                        seen.setdefault((server.name, page), []).append(figures)
    return {
        server.name: {
            page: {
                key: middle([figures[key] for figures in seen[server.name, page]]) for key in seen[server.name, page][0]
            }
            for page in PAGES
        }
        for server in SERVERS
    }


def _start(stack: ExitStack, server: PageServer, app: dict[str, str], environment: dict[str, str]) -> int:
    port = free_port()
    words = server.command.format(port=port, app=app[server.app], threads=THREADS).split()
    command = [str(BIN / words[0]), *words[1:]]
    stack.enter_context(running(command, port=port, environment=environment, what=server.name))
    return port


ROLES = (
    "referent@ens1.test",
    "tecnica@ens1.test",
    "alumna@ens2.test",
    "suport@desk.test",
    "editora@desk.test",
    "coordinacio@desk.test",
    "admin@desk.test",
)
MAIN_PAGES = (
    "/",
    "/es/",
    "/en/",
    "/ens/",
    "/en/ens/?q=sant",
    "/perfil/",
    "/codi-etic/",
    "/compte/2fa/",
    "/horari/",
    "/accessibilitat/",
    "/faq/",
    "/suport/",
    "/suport/nova/",
)
STAFF_PAGES = (
    "/suport/taula/",
    "/gestio/",
    "/gestio/estil/",
    "/gestio/images/",
    "/gestio/documents/",
    "/admin/",
    "/ens/exporta/",
)
VISITOR_PAGES = ("/", "/en/", "/compte/login/", "/compte/signup/", "/compte/password/reset/", "/no-hi-es/", "/readyz")
LINK = re.compile(r'(?:href|src)="(/(?!/)[^"#]*)"')


def memory() -> dict[str, Any]:
    """MiB resident of `manage.py serve` on a fresh folder with the demo world: at the start, and after REQUESTS."""
    with tempfile.TemporaryDirectory(prefix="agora-bench-") as data:
        environment = {**os.environ, "DATA": data, "DJANGO_SETTINGS_MODULE": "platform_core.config.settings.embedded"}
        environment.pop("DATABASE_URL", None)
        manage("migrate", "-v0", environment=environment)
        manage("demo_world", environment=environment)
        manage("collectstatic", "--noinput", "-v0", environment=environment)
        port = free_port()
        command = [sys.executable, "manage.py", "serve", "--port", str(port)]
        with running(command, port=port, environment=environment, what="serve") as process:
            start = _resident(process)
            statuses = _walk(f"http://127.0.0.1:{port}")
            return {"start": start, "after": _resident(process), "threads": process.num_threads(), "statuses": statuses}


def _resident(process: psutil.Process) -> float:
    return sum(one.memory_info().rss for one in [process, *process.children(recursive=True)]) / 2**20


def _walk(base: str) -> dict[int, int]:
    """REQUESTS requests of several people at once over the main pages and their files; how many of each status."""
    people = [(Visitor(base), list(VISITOR_PAGES))]
    for email in ROLES:
        visitor = Visitor(base)
        visitor.sign_in(email, DEMO_PASSWORD)
        pages = [*MAIN_PAGES, *(STAFF_PAGES if email.endswith("@desk.test") else ())]
        people.append((visitor, pages))
    files = [path for path in LINK.findall(people[0][0].get("/")[1]) if path.startswith("/static/")]
    turns = [(visitor, pages + files[:4]) for visitor, pages in people]

    def stroll(visitor: Visitor, pages: list[str]) -> list[int]:
        share = -(-REQUESTS // len(turns))
        return [visitor.get(pages[number % len(pages)])[0] for number in range(share)]

    counts: dict[int, int] = {}
    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        for statuses in pool.map(lambda turn: stroll(*turn), turns):
            for status in statuses:
                counts[status] = counts.get(status, 0) + 1
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each round")
    parser.add_argument("--only", choices=("pages", "memory"))
    given = parser.parse_args()
    host = machine()
    figures: list[Figure] = []
    tables: list[Table] = []
    if given.only != "memory":
        found, table = _pages(compare(rounds=given.rounds, seconds=given.seconds))
        figures += found
        tables.append(table)
    if given.only != "pages":
        figures.append(_memory(memory()))
    show(figures, tables)
    if given.json:
        write(given.json, title="Page servers and memory", host=host, figures=figures, tables=tables)


def _pages(seen: dict[str, dict[str, dict[str, float]]]) -> tuple[list[Figure], Table]:
    rows = [
        [server, page, round(f["per_second"]), round(f["p50_ms"], 1), round(f["p95_ms"], 1), int(f["failures"])]
        for server, pages in seen.items()
        for page, f in pages.items()
    ]
    note = f"One process each, {2 * THREADS} keep-alive connections; gunicorn's sync worker closes each connection."
    table = Table(
        title="Page servers",
        columns=["server", "page", "requests/s", "p50 ms", "p95 ms", "failures"],
        rows=rows,
        note=note,
    )
    figures = [
        Figure(
            name=f"{page}, requests a second, {CHOSEN}",
            value=round(seen[CHOSEN][page]["per_second"]),
            unit="requests/s",
            target="the fastest of the servers, within a tenth" if page == "home, signed in" else "",
            met=_among_the_fastest(seen, page) if page == "home, signed in" else None,
            rivals={name: round(pages[page]["per_second"]) for name, pages in seen.items() if name != CHOSEN},
        )
        for page in PAGES
    ]
    return figures, table


CHOSEN = "granian wsgi"
"""The page server of docs/decisions/0010-page-server.md."""


def _among_the_fastest(seen: dict[str, dict[str, dict[str, float]]], page: str) -> bool:
    return seen[CHOSEN][page]["per_second"] >= 0.9 * max(pages[page]["per_second"] for pages in seen.values())


def _memory(seen: dict[str, Any]) -> Figure:
    answers = ", ".join(f"{count} × {status}" for status, count in sorted(seen["statuses"].items()))
    return Figure(
        name="memory of the embedded process after 1,000 requests",
        value=round(seen["after"]),
        unit="MiB resident",
        target=f"≤ {MEMORY_LIMIT:g}",
        met=seen["after"] <= MEMORY_LIMIT,
        note=f"{seen['start']:.0f} MiB at the start; {seen['threads']} threads; answers: {answers}",
    )


if __name__ == "__main__":
    main()
