"""The search with a hundred thousand entries, on SQLite and on PostgreSQL: `python -m bench.search`.

The texts are real sentences of the product's own answers, six of them at random an entry, so that words are about as
frequent as in life and rather more repeated. Three fifths are public, the rest of signed-in people, of single people
and of the staff. The question is asked by a person with three tokens. A few minutes; loopback only.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from bench.results import Figure, Table, machine, middle, percentile, show, write
from tests.harness.servers import postgres

SENTENCES = Path("knowledge_base/data/faq_ca.json")
SHORT = [
    "canviar de fase",
    "logotip",
    "exportar propostes",
    "no reben el correu",
    "cens",
    "vot",
    "pressupostos",
    "acta",
]
KIND = "bench.text"
TARGETS = {"find": 60, "page": 60, "suggest": 30}


def sentences() -> list[str]:
    found = [part for text in strings(json.loads(SENTENCES.read_text())) for part in re.split(r"(?<=[.?!]) ", text)]
    return [text for text in dict.fromkeys(found) if len(text) > 25]


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(part)


def measure(entries: int) -> dict[str, Any]:
    """In a process whose settings are set already."""
    import django  # noqa: PLC0415

    django.setup()
    from django.contrib.auth.models import AnonymousUser  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from platform_core.accounts.models import User  # noqa: PLC0415
    from platform_core.search.public import (  # noqa: PLC0415
        PUBLIC,
        SIGNED_IN,
        STAFF,
        Draft,
        Projector,
        find,
        for_person,
        rebuild,
        refresh,
        register,
        search,
        suggest,
    )

    call_command("migrate", verbosity=0)
    chance = random.Random(311)  # noqa: S311  the same texts every time
    known, now = sentences(), timezone.now()
    person = User.objects.create_user("persona@ens.test")

    def audience() -> str:
        among = [PUBLIC] * 12 + [SIGNED_IN] * 4 + [for_person(chance.randint(person.pk, person.pk + 300))] * 3 + [STAFF]
        return chance.choice(among)

    def draft() -> Draft:
        title, *body = chance.sample(known, 6)
        return Draft(
            title=title, body=" ".join(body), path="/x/", audience=frozenset({audience()}), updated_at=now, group="Tema"
        )

    drafts = {str(number): draft() for number in range(entries)}
    register(Projector(kind=KIND, project=drafts.get, ids=lambda: list(drafts), visible=lambda _viewer, ids: set(ids)))
    began = time.perf_counter()
    rebuild(only=[KIND])
    per_second = entries / (time.perf_counter() - began)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    long = chance.sample(known, 60)
    typed = [text[:length] for text in [*SHORT, *long[:20]] for length in (4, 7, 12) if len(text) >= length]
    nobody = AnonymousUser()
    seen = {
        "find, short": timed(lambda text: find(text, viewer=person), SHORT * 5),
        "find, a sentence": timed(lambda text: find(text, viewer=person), long),
        "page, short": timed(lambda text: search(text, viewer=person), SHORT * 5),
        "page, a sentence": timed(lambda text: search(text, viewer=person), long),
        "suggest": timed(suggest, typed),
    }
    drafts["new"] = Draft(
        title="Una paraula xarbotada", body="", path="/x/", audience=frozenset({PUBLIC}), updated_at=now
    )
    began = time.perf_counter()
    refresh(kind=KIND, object_id="new")
    assert find("xarbotades", viewer=nobody)
    return {"times": seen, "rebuild": per_second, "refresh_ms": (time.perf_counter() - began) * 1000}


def timed(ask: Callable[[str], object], questions: Iterable[str]) -> dict[str, float]:
    """Milliseconds in the middle and at p95, after one round that warms up."""
    times = []
    for text in questions:
        began = time.perf_counter()
        ask(text)
        times.append((time.perf_counter() - began) * 1000)
    kept = times[3:]
    return {"ms": middle(kept), "p95": percentile(kept, 0.95)}


def run(url: str, entries: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="agora-bench-") as folder:
        environment = {"DATABASE_URL": url or f"sqlite:///{folder}/bench.sqlite3", "DATA": folder}
        settings = {"DJANGO_SETTINGS_MODULE": "bench.desk_settings"}
        command = [sys.executable, "-m", "bench.search", "--one", str(entries)]
        answer = subprocess.run(
            command, env={**os.environ, **environment, **settings}, stdout=subprocess.PIPE, check=True, text=True
        )
    return dict(json.loads(answer.stdout.splitlines()[-1]))


def figures_of(database: str, seen: dict[str, Any], entries: int) -> list[Figure]:
    found = [
        Figure(
            name=f"{database}: {name}, p95",
            value=round(times["p95"], 1),
            unit="ms",
            target=f"≤ {TARGETS[name.partition(',')[0]]}",
            met=times["p95"] <= TARGETS[name.partition(",")[0]],
        )
        for name, times in seen["times"].items()
    ]
    rebuilt = Figure(
        name=f"{database}: rebuild of {entries:,}", value=round(seen["rebuild"]), unit="entries/s", target="≥ 2,000",
        met=seen["rebuild"] >= 2000,
    )  # fmt: skip
    fresh = Figure(
        name=f"{database}: told and found", value=round(seen["refresh_ms"]), unit="ms", target="≤ 2,000",
        met=seen["refresh_ms"] <= 2000,
    )  # fmt: skip
    return [*found, rebuilt, fresh]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(given.one)))
        return
    host = machine()
    seen = {"SQLite": run("", given.entries)}
    with postgres() as url:
        seen["PostgreSQL"] = run(url, given.entries)
    figures = [figure for name, found in seen.items() for figure in figures_of(name, found, given.entries)]
    table = Table(
        title=f"Questions to {given.entries:,} entries",
        columns=["database", "question", "middle ms", "p95 ms"],
        rows=[
            [database, name, round(times["ms"], 1), round(times["p95"], 1)]
            for database, found in seen.items()
            for name, times in found["times"].items()
        ],
        note="find: the best ten, as beside a ticket. page: a page of results with all counts and facets.",
    )
    show(figures, [table])
    if given.json:
        write(given.json, title="Search", host=host, figures=figures, tables=[table])


if __name__ == "__main__":
    main()
