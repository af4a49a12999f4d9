"""The search with a hundred thousand entries, with each of its engines: `python -m bench.search`.

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
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.results import Figure, Table, machine, middle, percentile, show, write
from tests.harness import elasticsearch
from tests.harness.servers import postgres

if TYPE_CHECKING:
    from platform_core.accounts.models import User
    from platform_core.search.public import Draft

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
CHANGES = 20
"""How many are made, one after the other, to see when each is found."""


def sentences() -> list[str]:
    found = [part for text in strings(json.loads(SENTENCES.read_text())) for part in re.split(r"(?<=[.?!]) ", text)]
    return [text for text in dict.fromkeys(found) if len(text) > 25]


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(part)


@dataclass(frozen=True)
class World:
    """What is searched, who asks, and what is asked. Changing `drafts` and telling it changes the world."""

    drafts: dict[str, Draft]
    person: User
    long: list[str]
    per_second: float

    @classmethod
    def fill(cls, entries: int) -> World:
        """In a process whose settings are set already."""
        from django.core.management import call_command  # noqa: PLC0415
        from django.db import connection  # noqa: PLC0415
        from django.test import override_settings  # noqa: PLC0415

        from platform_core.accounts.models import User  # noqa: PLC0415
        from platform_core.search import public as search  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        chance = random.Random(311)  # noqa: S311  the same texts every time
        known, person = sentences(), User.objects.create_user("persona@ens.test")

        def audience() -> str:
            one = [search.for_person(chance.randint(person.pk, person.pk + 300))]
            return chance.choice([search.PUBLIC] * 12 + [search.SIGNED_IN] * 4 + one * 3 + [search.STAFF])

        drafts = {str(number): draft(*chance.sample(known, 6), audience=audience()) for number in range(entries)}
        search.register(
            search.Projector(
                kind=KIND, project=drafts.get, ids=lambda: list(drafts), visible=lambda _viewer, ids: set(ids)
            )
        )
        with override_settings(SEARCH_ES_URL=""):
            began = time.perf_counter()
            search.rebuild(only=[KIND])
            per_second = entries / (time.perf_counter() - began)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
        return cls(drafts, person, chance.sample(known, 60), per_second)

    def typed(self) -> list[str]:
        """Beginnings of what is asked, as they are sent while somebody types."""
        return [text[:length] for text in [*SHORT, *self.long[:20]] for length in (4, 7, 12) if len(text) >= length]

    def seconds_until_found(self, word: str) -> float:
        """From a change with this word, which nothing else has, until it is found."""
        from platform_core.search.public import find, refresh  # noqa: PLC0415

        self.drafts[word] = draft(f"Una paraula {word}")
        began = time.perf_counter()
        refresh(kind=KIND, object_id=word)
        while not find(word, viewer=self.person):
            time.sleep(0.005)
        return time.perf_counter() - began


def unheard_of(place: int) -> str:
    """A word that nothing has, another one for each place."""
    return f"xarbo{chr(ord('b') + place)}ut"


def draft(title: str, *body: str, audience: str = "public") -> Draft:
    from django.utils import timezone  # noqa: PLC0415

    from platform_core.search.public import Draft  # noqa: PLC0415

    now = timezone.now()
    return Draft(
        title=title, body=" ".join(body), path="/x/", audience=frozenset({audience}), updated_at=now, group="Tema"
    )


def measure(entries: int) -> dict[str, Any]:
    """What the engine of these settings takes."""
    import django  # noqa: PLC0415

    django.setup()
    from django.conf import settings  # noqa: PLC0415

    from bench import search_elastic  # noqa: PLC0415
    from platform_core.search.public import find, search, suggest  # noqa: PLC0415

    world = World.fill(entries)
    if settings.SEARCH_ES_URL:
        return search_elastic.measure(world)
    person = world.person
    times = {
        "find, short": timed(lambda text: find(text, viewer=person), SHORT * 5),
        "find, a sentence": timed(lambda text: find(text, viewer=person), world.long),
        "page, short": timed(lambda text: search(text, viewer=person), SHORT * 5),
        "page, a sentence": timed(lambda text: search(text, viewer=person), world.long),
        "suggest": timed(suggest, world.typed()),
    }
    found = [world.seconds_until_found(unheard_of(place)) for place in range(CHANGES)]
    return {"times": times, "rebuild": world.per_second, "found_ms": max(found) * 1000}


def timed(ask: Callable[[str], object], questions: Iterable[str]) -> dict[str, float]:
    """Milliseconds in the middle and at p95, after one round that warms up."""
    times = []
    for text in questions:
        began = time.perf_counter()
        ask(text)
        times.append((time.perf_counter() - began) * 1000)
    kept = times[3:]
    return {"ms": middle(kept), "p95": percentile(kept, 0.95)}


def run(entries: int, *, database: str = "", elasticsearch_url: str = "") -> dict[str, Any]:
    """`measure` in a process with that database (SQLite when none is given) and, when given, Elasticsearch."""
    with tempfile.TemporaryDirectory(prefix="agora-bench-") as folder:
        environment = {
            "DATABASE_URL": database or f"sqlite:///{folder}/bench.sqlite3",
            "DATA": folder,
            "SEARCH_ES_URL": elasticsearch_url,
            "DJANGO_SETTINGS_MODULE": "bench.desk_settings",
        }
        command = [sys.executable, "-m", "bench.search", "--one", str(entries)]
        answer = subprocess.run(
            command, env={**os.environ, **environment}, stdout=subprocess.PIPE, check=True, text=True
        )
    return dict(json.loads(answer.stdout.splitlines()[-1]))


def figures_of(engine: str, seen: dict[str, Any], entries: int) -> list[Figure]:
    if "raw" in seen:
        asked = [
            Figure(
                name=f"{engine}: {name}, beside the raw query, in the middle",
                value=round(times["ms"] / seen["raw"][name]["ms"], 2),
                unit="×",
                target="≤ 1.3",
                met=times["ms"] <= 1.3 * seen["raw"][name]["ms"],
            )
            for name, times in seen["times"].items()
            if name in seen["raw"]
        ]
    else:
        asked = [
            Figure(
                name=f"{engine}: {name}, p95",
                value=round(times["p95"], 1),
                unit="ms",
                target=f"≤ {TARGETS[name.partition(',')[0]]}",
                met=times["p95"] <= TARGETS[name.partition(",")[0]],
            )
            for name, times in seen["times"].items()
        ]
    rebuilt = Figure(
        name=f"{engine}: rebuild of {entries:,}", value=round(seen["rebuild"]), unit="entries/s", target="≥ 2,000",
        met=seen["rebuild"] >= 2000,
    )  # fmt: skip
    fresh = Figure(
        name=f"{engine}: a change is found, the slowest of {CHANGES}", value=round(seen["found_ms"]), unit="ms",
        target="≤ 2,000", met=seen["found_ms"] <= 2000,
    )  # fmt: skip
    size = [Figure(name=f"{engine}: its index", value=seen["megabytes"], unit="MB")] if "megabytes" in seen else []
    return [*asked, rebuilt, fresh, *size]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--engine", action="append", choices=["SQLite", "PostgreSQL", "Elasticsearch"], default=[])
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(given.one)))
        return
    host, wanted, seen = machine(), given.engine or ["SQLite", "PostgreSQL", "Elasticsearch"], {}
    if "SQLite" in wanted:
        seen["SQLite"] = run(given.entries)
    if "PostgreSQL" in wanted:
        with postgres() as url:
            seen["PostgreSQL"] = run(given.entries, database=url)
    if "Elasticsearch" in wanted and elasticsearch.is_installed():
        with postgres() as url, elasticsearch.node() as node:
            seen["Elasticsearch"] = run(given.entries, database=url, elasticsearch_url=node.url)
    elif "Elasticsearch" in wanted:
        print("Elasticsearch is not here, and was left out: make elasticsearch")
    figures = [figure for name, found in seen.items() for figure in figures_of(name, found, given.entries)]
    table = Table(
        title=f"Questions to {given.entries:,} entries",
        columns=["engine", "question", "middle ms", "p95 ms"],
        rows=[
            [f"{engine}{suffix}", name, round(times["ms"], 1), round(times["p95"], 1)]
            for engine, found in seen.items()
            for suffix, key in (("", "times"), (", the raw query", "raw"))
            for name, times in found.get(key, {}).items()
        ],
        note="find: the best ten, as beside a ticket. page: a page of results with all counts and facets. The raw query"
        " is the same one sent by itself over one connection, its answer read as JSON, in turns with ours.",
    )
    show(figures, [table])
    if given.json:
        write(given.json, title="Search", host=host, figures=figures, tables=[table])


if __name__ == "__main__":
    main()
