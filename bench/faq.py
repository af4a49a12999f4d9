"""Public pages of the questions, kept and drawn each time: `python -m bench.faq --json FILE`.

Two granian processes as production runs them, on the same database; they take turns in short rounds, so that whatever
else the machine does hits both alike, and the middle round counts.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.results import Figure, Table, machine, middle, show, write
from bench.server import BIN, FULL, SERVERS, THREADS, ask, manage, running
from tests.harness import packages
from tests.harness.servers import free_port, postgres

PAGES = ("/faq/", "/faq/menors-14-anys/", "/faq/menors-14-anys/hi-poden-participar-menors-de-14-anys/")
WAYS = {"kept": "bench.settings", "drawn": "bench.faq_settings"}
LEAST = 10.0
"""How many times as many pages a second as when each is drawn."""
GRANIAN = next(server for server in SERVERS if server.name == "granian wsgi")

Seen = dict[str, dict[str, dict[str, float]]]


def compare(*, rounds: int, seconds: float) -> Seen:
    """The figures of each page, each way: requests a second, and how long one takes."""
    with ExitStack() as stack:
        data = stack.enter_context(tempfile.TemporaryDirectory(prefix="agora-bench-"))
        environment = {**os.environ, "DATA": data, "DJANGO_SETTINGS_MODULE": "bench.settings", "LOG_LEVEL": "ERROR"}
        environment.pop("DATABASE_URL", None)
        if packages.POSTGRES.path():
            environment["DATABASE_URL"] = stack.enter_context(postgres())
        manage("migrate", "-v0", environment=environment)
        manage("load_answers", environment=environment)
        manage("collectstatic", "--noinput", "-v0", environment=environment)
        ports = {}
        for way, settings in WAYS.items():
            ports[way] = free_port()
            words = GRANIAN.command.format(port=ports[way], app=FULL[GRANIAN.app], threads=THREADS).split()
            chosen = {**environment, "DJANGO_SETTINGS_MODULE": settings}
            command = [str(BIN / words[0]), *words[1:]]
            stack.enter_context(running(command, port=ports[way], environment=chosen, what=way))
        seen: dict[tuple[str, str], list[dict[str, float]]] = {}
        for turn in range(rounds + 1):
            print(f"round {turn} of {rounds}", file=sys.stderr, flush=True)
            for page in PAGES:
                for way, port in ports.items():
                    # The first turn only warms up: templates, connections, caches.
                    figures = ask(port, page, cookie="", seconds=seconds if turn else 0.5)
                    if turn:
                        seen.setdefault((page, way), []).append(figures)
    return {
        page: {way: {key: middle([one[key] for one in seen[page, way]]) for key in seen[page, way][0]} for way in WAYS}
        for page in PAGES
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each round")
    given = parser.parse_args()
    host = machine()
    seen = compare(rounds=given.rounds, seconds=given.seconds)
    figures = [_figure(page, ways) for page, ways in seen.items()]
    rows = [
        [page, way, round(f["per_second"]), round(f["p50_ms"], 1), round(f["p95_ms"], 1), int(f["failures"])]
        for page, ways in seen.items()
        for way, f in ways.items()
    ]
    columns = ["page", "way", "requests/s", "p50 ms", "p95 ms", "failures"]
    note = f"granian (WSGI), one process, {2 * THREADS} keep-alive connections."
    tables = [Table(title="Pages of the questions", columns=columns, rows=rows, note=note)]
    show(figures, tables)
    if given.json:
        write(given.json, title="Pages of the questions", host=host, figures=figures, tables=tables)


def _figure(page: str, ways: dict[str, dict[str, float]]) -> Figure:
    times = ways["kept"]["per_second"] / ways["drawn"]["per_second"] if ways["drawn"]["per_second"] else 0.0
    return Figure(
        name=f"{page} kept, against drawn each time",
        value=round(times, 1),
        unit="times",
        target=f"≥ {LEAST:g}",
        met=times >= LEAST and not ways["kept"]["failures"],
    )


if __name__ == "__main__":
    main()
