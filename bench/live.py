"""Fan-out to many sockets: `python -m bench.live [--json FILE] [--quick]`.

How long one broadcast takes to reach every socket (p95 over all deliveries) and how many broadcasts a second get
through, ours beside plain Channels `group_send` with a member a socket (three layers) and beside a bare ASGI loop over
the sockets. Ours is the product's own consumer: each reader is a member with a session, follows a real topic, and is
told who else is there and who writes; one more comes and goes all the time. The others do less: they ask nobody's
right and tell nobody who is there. Every way runs on the same Daphne with the same frame; the ways take turns in
rounds, and the middle round counts. What the sockets cost while nothing is broadcast is measured in the first round.
Loopback only, a PostgreSQL, a Redis and servers of its own, all ended with the run.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.results import Figure, Table, machine, middle, show, write
from bench.server import manage, running
from tests.harness.servers import free_port, postgres, redis

ROOT = Path(__file__).resolve().parent.parent
WAYS = {
    "ours": "ours",
    "ours-far": "ours, from another process",
    "loop": "plain ASGI loop",
    "channels-core": "Channels group, Redis core",
    "channels-pubsub": "Channels group, Redis pub/sub",
    "channels-memory": "Channels group, in memory",
}
RIVALS = ("channels-core", "channels-pubsub", "channels-memory")
LIMIT = 180.0
"""Seconds that one round may take before the run gives up."""
REST = 12.0
"""Seconds at rest: longer than the longest pause between two frames that say who is there."""
VISITORS = 20
"""Members beside the readers, for who comes and goes."""


def one_round(port: int, *, sockets: int, seconds: float, rest: float, pid: int, people: Path) -> dict[str, float]:
    """The figures of one way in one round, measured by a client in a process of its own."""
    words = [str(port), str(sockets), str(seconds), str(rest), str(pid), str(people)]
    command = [sys.executable, "-m", "bench.listeners", *words]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=LIMIT)
    return json.loads(done.stdout)


def measure(*, counts: list[int], rounds: int, seconds: float, rest: float) -> dict[int, dict[str, dict[str, float]]]:
    """{sockets: {way: middle figures}}; those at rest are of the first round."""
    seen: dict[tuple[int, str], list[dict[str, float]]] = {}
    with ExitStack() as stack:
        redis_url, database_url = stack.enter_context(redis()), stack.enter_context(postgres())
        data = stack.enter_context(tempfile.TemporaryDirectory(prefix="agora-bench-"))
        ports, pids = {}, {}
        environment = {
            **os.environ,
            "REDIS_URL": redis_url,
            "DATABASE_URL": database_url,
            "DATA": data,
            "DJANGO_SETTINGS_MODULE": "bench.live_settings",
        }
        manage("migrate", "-v", "0", environment=environment)
        people = Path(data) / "people.json"
        people.write_bytes(_ask("bench.live_data", str(max(counts) + VISITORS), environment=environment))
        environment["BENCH_STREAM"] = json.loads(people.read_text())["stream"]
        for way in WAYS:
            port = ports[way] = free_port()
            command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "-v", "0"]
            command.append("bench.live_ways:application")
            server = running(command, port=port, environment={**environment, "BENCH_WAY": way}, what=way)
            pids[way] = stack.enter_context(server).pid
        for sockets in counts:
            for number in range(rounds):
                # Each round starts with another way, so that none always follows the same one.
                ways = list(WAYS)[number % len(WAYS) :] + list(WAYS)[: number % len(WAYS)]
                for way in ways:
                    figures = one_round(
                        ports[way], sockets=sockets, seconds=seconds, rest=0.0 if number else rest,
                        pid=pids[way], people=people,
                    )  # fmt: skip
                    seen.setdefault((sockets, way), []).append(figures)
                    print(f"  {sockets} sockets, {WAYS[way]}: {_short(figures)}", file=sys.stderr, flush=True)
    return {
        sockets: {
            way: {key: middle([one[key] for one in seen[sockets, way] if key in one]) for key in seen[sockets, way][0]}
            for way in WAYS
        }
        for sockets in counts
    }


def _ask(module: str, *words: str, environment: dict[str, str]) -> bytes:
    """What a program of the product prints."""
    command = [sys.executable, "-m", module, *words]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE).stdout


def _short(figures: dict[str, float]) -> str:
    return f"p95 {figures['p95_ms']:.1f} ms, {figures['per_second']:.1f} broadcasts/s"


def report(seen: dict[int, dict[str, dict[str, float]]]) -> tuple[list[Figure], Table]:
    figures: list[Figure] = []
    for sockets, ways in seen.items():
        ours, loop = ways["ours"], ways["loop"]
        fastest = min(ways[way]["p95_ms"] for way in RIVALS)
        busiest = max(ways[way]["per_second"] for way in RIVALS)
        p95s = {WAYS[way]: round(found["p95_ms"], 1) for way, found in ways.items() if way != "ours"}
        rates = {WAYS[way]: round(found["per_second"], 1) for way, found in ways.items() if way != "ours"}
        for name, value, target, met, rivals in (
            ("p95, best Channels group over ours", fastest / ours["p95_ms"], "≥ 4", 4.0, p95s),
            ("broadcasts a second, ours over best Channels group", ours["per_second"] / busiest, "≥ 6", 6.0, rates),
        ):
            figures.append(
                Figure(name=f"{sockets} sockets: {name}", value=round(value, 2), unit="×", target=target,
                       met=value >= met, rivals=rivals)
            )  # fmt: skip
        share = ours["p95_ms"] / loop["p95_ms"]
        figures.append(
            Figure(name=f"{sockets} sockets: p95, ours over the plain loop", value=round(share, 2), unit="×",
                   target="≤ 1.5", met=share <= 1.5, rivals=p95s)
        )  # fmt: skip
        for name, key, unit in (("processor", "rest_percent", "% of a core"), ("memory", "rest_kib", "KiB a reader")):
            others = {WAYS[way]: round(found[key], 1) for way, found in ways.items() if way != "ours"}
            figures.append(
                Figure(name=f"{sockets} sockets at rest: {name}", value=round(ours[key], 1), unit=unit, rivals=others)
            )
    rows: list[list[Any]] = [
        [
            sockets,
            WAYS[way],
            round(f["p50_ms"], 1),
            round(f["p95_ms"], 1),
            round(f["per_second"], 1),
            int(f["lost"]),
            round(f["rest_percent"], 1),
            round(f["rest_kib"], 1),
        ]
        for sockets, ways in seen.items()
        for way, f in ways.items()
    ]
    return figures, Table(
        title="Fan-out",
        columns=["sockets", "way", "p50 ms", "p95 ms", "broadcasts/s", "lost", "at rest, %", "KiB a socket"],
        rows=rows,
        note="p50 and p95 of a delivery, one broadcast at a time; broadcasts/s with the next one always waiting. "
        "At rest, in percent of a core, one reader comes and goes each second and one writes. Only ours asks for "
        "rights and tells who is there.",
    )


def more_files() -> None:
    """Let this process and those it starts have enough sockets open."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 8192 if hard == resource.RLIM_INFINITY else min(8192, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sockets", type=int, nargs="+", default=[200, 1000])
    parser.add_argument("--quick", action="store_true", help="200 sockets, one short round")
    given = parser.parse_args()
    # Asked to end, it ends its servers first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    host = machine()
    more_files()
    if given.quick:
        seen = measure(counts=[200], rounds=1, seconds=2.0, rest=REST)
    else:
        seen = measure(counts=given.sockets, rounds=given.rounds, seconds=4.0, rest=REST)
    figures, table = report(seen)
    show(figures, [table])
    if given.json:
        write(given.json, title="Fan-out", host=host, figures=figures, tables=[table])


if __name__ == "__main__":
    main()
