"""How well people find the answers that come with the product: `python -m bench.eval_search --misses`.

`questions.json` and `questions_apart.json` have questions as municipalities ask them and the answers that are right.
Who wrote the second had seen neither the first nor the other ways to ask that the answers carry; who wrote those had
seen no question of either. Each engine gets a database of its own with the shipped answers, and is asked by somebody
who is signed in, because most of the answers are for referents. A question counts as its first right answer among ten:
the mean of 1/place is the MRR.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.results import Figure, Table, machine, show, write
from tests.harness import elasticsearch, packages
from tests.harness.servers import postgres

SETS = {name: Path(__file__).with_name(f"{name}.json") for name in ("questions", "questions_apart")}
PLACES = 10
"""Answers that are looked at."""
TARGETS = {"sqlite": 0.85, "postgresql": 0.85, "elasticsearch": 0.9}
"""The least share of questions with a right answer among the first three."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question, the name of its set, the keys of its right answers, and the keys of what came, best first."""

    text: str
    of: str
    difficulty: str
    answers: tuple[str, ...]
    came: tuple[str, ...]

    @property
    def place(self) -> int | None:
        """Of the first right answer, from 1; None when there is none."""
        places = [place for place, key in enumerate(self.came, start=1) if key in self.answers]
        return places[0] if places else None


@dataclass(frozen=True)
class Score:
    """Means over `number` questions, 0 to 1."""

    mrr: float
    first: float
    among_three: float
    number: int

    @classmethod
    def of(cls, every: Iterable[Asked]) -> Score:
        places = [one.place for one in every]
        number = len(places) or 1
        return cls(
            sum(1 / place for place in places if place) / number,
            sum(place == 1 for place in places) / number,
            sum(place is not None and place <= 3 for place in places) / number,
            len(places),
        )

    def cells(self) -> list[Any]:
        return [round(self.mrr, 3), round(self.first, 3), round(self.among_three, 3), self.number]


@contextmanager
def sqlite() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="agora-eval-") as folder:
        yield {"DATABASE_URL": f"sqlite:///{folder}/eval.sqlite3", "DATA": folder, "SEARCH_ES_URL": ""}


@contextmanager
def postgresql() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="agora-eval-") as folder, postgres() as url:
        yield {"DATABASE_URL": url, "DATA": folder, "SEARCH_ES_URL": ""}


@contextmanager
def elastic() -> Iterator[dict[str, str]]:
    with sqlite() as environment, elasticsearch.node() as node:
        yield {**environment, "SEARCH_ES_URL": node.url}


ENGINES = {"sqlite": sqlite, "postgresql": postgresql, "elasticsearch": elastic}
"""Each yields the environment of a process in which it answers."""


def missing(engine: str) -> str:
    """What of this machine an engine needs and has not, or ""."""
    if engine == "postgresql" and not packages.POSTGRES.path():
        return "PostgreSQL is not installed"
    if engine == "elasticsearch" and not elasticsearch.is_installed():
        return "Elasticsearch is not here: make elasticsearch"
    return ""


def ask_all(paths: list[Path]) -> list[dict[str, Any]]:
    """What comes for each question, in a process whose settings are set already."""
    import django  # noqa: PLC0415

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    from knowledge_base.models import QuestionPage  # noqa: PLC0415
    from knowledge_base.projectors import KIND  # noqa: PLC0415
    from platform_core.accounts.models import User  # noqa: PLC0415
    from platform_core.search.engines import Query, Question, engine  # noqa: PLC0415
    from platform_core.search.public import find, tokens_of  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("load_answers", stdout=sys.stderr)
    call_command("search_rebuild", stdout=sys.stderr)
    referent = User.objects.create_user("referent@ens.test")
    keys = {str(pk): key for pk, key in QuestionPage.objects.values_list("pk", "key")}
    if settings.SEARCH_ES_URL:
        # The database answers in its place, which would be taken for it: this raises when it is away.
        query = Query(question=Question.of("cens", language="ca"), tokens=tokens_of(referent))
        assert not engine().answer(query).is_degraded, "Elasticsearch does not answer"
    return [
        {
            **one,
            "of": path.stem,
            "came": [
                keys[hit.object_id]
                for hit in find(one["asked"], viewer=referent, kinds=[KIND], language=one["language"], limit=PLACES)
            ],
        }
        for path in paths
        for one in json.loads(path.read_text())["questions"]
    ]


def run(engine: str, paths: list[Path]) -> list[Asked]:
    with ENGINES[engine]() as environment:
        answer = subprocess.run(
            [sys.executable, "-m", "bench.eval_search", "--one", *(f"--questions={path}" for path in paths)],
            env={**os.environ, **environment, "DJANGO_SETTINGS_MODULE": "bench.desk_settings"},
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    return [
        Asked(
            text=one["asked"], of=one["of"], difficulty=one["difficulty"],
            answers=tuple(one["answers"]), came=tuple(one["came"]),
        )
        for one in json.loads(answer.stdout.splitlines()[-1])
    ]  # fmt: skip


def by_set(seen: dict[str, list[Asked]]) -> Iterator[tuple[str, str, Score]]:
    """Each engine with each set of questions."""
    for engine, every in seen.items():
        for name in dict.fromkeys(one.of for one in every):
            yield engine, name, Score.of(one for one in every if one.of == name)


def tables_of(seen: dict[str, list[Asked]]) -> list[Table]:
    columns = ["MRR@10", "success@1", "success@3", "questions"]
    return [
        Table(
            title="How well people find the shipped answers",
            columns=["engine", "set", *columns],
            rows=[[engine, name, *score.cells()] for engine, name, score in by_set(seen)],
        ),
        Table(
            title="By what makes a question difficult",
            columns=["engine", "difficulty", *columns],
            rows=[
                [engine, difficulty, *Score.of(one for one in every if one.difficulty == difficulty).cells()]
                for engine, every in seen.items()
                for difficulty in dict.fromkeys(one.difficulty for one in every)
            ],
        ),
    ]


def figures_of(seen: dict[str, list[Asked]]) -> list[Figure]:
    return [
        Figure(
            name=f"{engine}, {name}: a right answer among the first three",
            value=round(score.among_three, 3),
            unit="of 1",
            target=f"≥ {TARGETS[engine]:g}",
            met=score.among_three >= TARGETS[engine],
        )
        for engine, name, score in by_set(seen)
    ]


def show_misses(seen: dict[str, list[Asked]]) -> None:
    """The questions without a right answer among the first three, and what came instead."""
    for engine, every in seen.items():
        print(f"\n{engine}")
        for one in every:
            if one.place is None or one.place > 3:
                print(f"  {one.difficulty:8} {one.text}  {'/'.join(one.answers)} → {one.place or '-'}:", *one.came[:3])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--misses", action="store_true", help="show the questions that are not answered")
    parser.add_argument(
        "--engine", action="append", choices=list(ENGINES), default=[], help="only this; may be repeated"
    )
    parser.add_argument(
        "--questions", type=Path, action="append", default=[], help="another set, in the same form; may be repeated"
    )
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    sets = given.questions or list(SETS.values())
    if given.one:
        print(json.dumps(ask_all(sets)))
        return
    host, seen = machine(), {}
    for engine in given.engine or ENGINES:
        if problem := missing(engine):
            print(f"{engine}: left out. {problem}.", file=sys.stderr)
        else:
            seen[engine] = run(engine, sets)
    figures, tables = figures_of(seen), tables_of(seen)
    show(figures, tables)
    if given.misses:
        show_misses(seen)
    if given.json:
        write(given.json, title="Finding answers", host=host, figures=figures, tables=tables)


if __name__ == "__main__":
    main()
