"""The training with thousands of people in it: `python -m bench.training --json FILE`.

Pages: granian as production runs it, with no public page kept, so that a question of the FAQ and a lesson are drawn
each time; they take turns in short rounds, and the middle round counts. Quizzes: Daphne, PostgreSQL, and as many people
as are asked for who all send theirs at once, each of them twice, as a browser that lost its connection does.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.load import HOST, measure
from bench.results import Figure, Table, machine, middle, show, write
from bench.server import BIN, FULL, SERVERS, THREADS, running
from tests.harness.servers import free_port, postgres

QUESTION = "/faq/menors-14-anys/hi-poden-participar-menors-de-14-anys/"
LESSON = "/formacio/formacio-inicial/participa311-i-el-servei/com-demanar-suport/"
BOARD = "/formacio/equip/"
AGENT = "suport@desk.test"
LESSON_QUERIES, BOARD_QUERIES = 10, 12
RATIO, BOARD_MS, SAME_SECOND = 1.5, 300.0, 1.0
SETTINGS = "bench.faq_settings"
CONNECTIONS = 2
"""As many at once as the machine has cores: how long a page takes, not how long it waits for others."""


def prepare(people: int) -> dict[str, Any]:
    from django.core.management import call_command  # noqa: PLC0415  Django is set up by now

    from bench import training_data  # noqa: PLC0415
    from platform_core.accounts.models import User  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("demo_world", verbosity=0)
    call_command("load_answers", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    facts = training_data.fill(people=people)
    trainee, agent = facts["people"][people // 2], User.objects.get(email=AGENT)
    agent.has_accepted_code = True
    agent.save(update_fields=["has_accepted_code"])
    cookies = {"": "", "trainee": training_data.cookie_of(trainee), "agent": training_data.cookie_of(agent)}
    return {**facts, "trainee": trainee, "agent": agent, "cookies": cookies}


def queries_of(person: Any, path: str) -> int:
    """As many as a visit makes, the second time: templates and what is kept for a while are there."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client = Client(HTTP_HOST=HOST)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    assert answer.status_code == 200, f"{path} answered {answer.status_code}"
    return len(queries)


def pages(facts: dict[str, Any], *, rounds: int, seconds: float) -> dict[str, dict[str, float]]:
    """Each page as somebody asks for it, in turns; the middle round of each figure."""
    server = next(server for server in SERVERS if server.name == "granian wsgi")
    asked = {
        "question, visitor": (QUESTION, ""),
        "question, signed in": (QUESTION, "trainee"),
        "lesson": (LESSON, "trainee"),
        "board": (BOARD, "agent"),
        "board of the group": (f"{BOARD}?grup={facts['cohort'].pk}", "agent"),
    }
    port = free_port()
    words = server.command.format(port=port, app=FULL[server.app], threads=THREADS).split()
    seen: dict[str, list[dict[str, float]]] = {}
    with running([str(BIN / words[0]), *words[1:]], port=port, environment=dict(os.environ), what="granian"):
        for turn in range(rounds + 1):
            print(f"round {turn} of {rounds}", file=sys.stderr, flush=True)
            for name, (path, who) in asked.items():
                spent = seconds if turn else 1.0  # the first one warms up
                found = asyncio.run(
                    measure(port, path, cookie=facts["cookies"][who], connections=CONNECTIONS, seconds=spent)
                )
                if turn:
                    seen.setdefault(name, []).append(found)
    return {name: {key: middle([one[key] for one in all_]) for key in all_[0]} for name, all_ in seen.items()}


# ---- a quiz, sent by many at once ----


def rush(facts: dict[str, Any], *, trainees: int) -> dict[str, float]:
    """All of them send their attempt at once, twice each; what the database says afterwards."""
    from django.db import connections  # noqa: PLC0415

    from bench import training_data  # noqa: PLC0415
    from platform_core.activity.models import Activity  # noqa: PLC0415
    from training.domain import quizzes  # noqa: PLC0415
    from training.models import Attempt, AttemptAnswer  # noqa: PLC0415

    key = next(item.key for item in facts["version"].outline.items if item.is_quiz)
    requests, expected = [], 0
    for number, person in enumerate(facts["people"][:trainees]):
        attempt = quizzes.start(person=person, course_key=facts["version"].course_key, key=key)
        rightly = bool(number % 2)
        expected += rightly
        posted = training_data.answers_to(attempt, rightly=rightly)
        requests += 2 * [_request(f"/formacio/prova/{attempt.pk}/", training_data.cookie_of(person), posted)]
    connections.close_all()
    port = free_port()
    words = next(server for server in SERVERS if server.name == "daphne").command
    command = words.format(port=port, app=FULL["asgi"]).split()
    environment = {**os.environ, "CONN_MAX_AGE": "60"}
    with running([str(BIN / command[0]), *command[1:]], port=port, environment=environment, what="daphne"):
        asyncio.run(measure(port, "/readyz", cookie="", connections=1, seconds=1.0))
        sent_in, took, statuses = asyncio.run(_all_at_once(port, requests))
    sent = Attempt.objects.filter(key=key).exclude(sent_at=None)
    return {
        "trainees": trainees,
        "sent_in": sent_in,
        "took": took,
        "judged": sent.count(),
        "passed": sent.filter(is_passed=True).count(),
        "expected": expected,
        "answers": AttemptAnswer.objects.filter(attempt__key=key).count(),
        "questions": sum(len(asked) for asked in Attempt.objects.filter(key=key).values_list("asked", flat=True)),
        "events": Activity.objects.filter(type="training.quiz_judged").count(),
        "certain": statuses.count(302),
        "again": statuses.count(409),
        "failures": sum(status not in (302, 409) for status in statuses),
    }


def _request(path: str, cookie: str, posted: dict[str, str]) -> bytes:
    body = urlencode(posted)
    head = [
        f"POST {path} HTTP/1.1", f"Host: {HOST}", f"Cookie: {cookie}", "Accept-Language: ca", "Connection: close",
        "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}",
    ]  # fmt: skip
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


async def _all_at_once(port: int, requests: list[bytes]) -> tuple[float, float, list[int]]:
    """Everybody is connected before anybody sends. Seconds until the last had sent, and until all were answered."""
    opened = await asyncio.gather(*(asyncio.open_connection(HOST, port) for _request_ in requests))
    began = time.perf_counter()
    for (_reader, writer), request in zip(opened, requests, strict=True):
        writer.write(request)
    await asyncio.gather(*(writer.drain() for _reader, writer in opened))
    sent_in = time.perf_counter() - began
    statuses = await asyncio.gather(*(_status(reader) for reader, _writer in opened))
    took = time.perf_counter() - began
    for _reader, writer in opened:
        writer.close()
    return sent_in, took, list(statuses)


async def _status(reader: asyncio.StreamReader) -> int:
    try:
        answer = await asyncio.wait_for(reader.read(), timeout=300)
        return int(answer.split(b" ", 2)[1])
    except (OSError, ValueError, IndexError, TimeoutError):
        return 0


# ---- what came of it ----


def figures_of(
    seen: dict[str, dict[str, float]], queries: dict[str, int], quiz: dict[str, float], *, people: int
) -> list[Figure]:
    lesson, visitor, signed_in = (
        seen[name]["p95_ms"] for name in ("lesson", "question, visitor", "question, signed in")
    )
    ratio, board = lesson / visitor, max(seen["board"]["p95_ms"], seen["board of the group"]["p95_ms"])
    failed = any(one["failures"] for one in seen.values())
    lost = quiz["trainees"] - quiz["judged"] + quiz["failures"]
    twice = (quiz["answers"] - quiz["questions"]) + (quiz["events"] - quiz["trainees"])
    twice += abs(quiz["passed"] - quiz["expected"])
    return [
        Figure(
            name=f"lesson with {people:,} enrolled", value=queries["lesson"], unit="queries",
            target=f"≤ {LESSON_QUERIES}", met=queries["lesson"] <= LESSON_QUERIES,
        ),
        Figure(
            name="lesson, p95 over that of a question that is not kept", value=round(ratio, 2), unit="×",
            target=f"≤ {RATIO:g}", met=ratio <= RATIO and not failed,
            rivals={"question to a visitor, ms": round(visitor, 1), "question, signed in, ms": round(signed_in, 1)},
            note=f"{lesson:.1f} ms",
        ),
        Figure(
            name=f"board of {people:,} people", value=queries["board"], unit="queries",
            target=f"≤ {BOARD_QUERIES}", met=queries["board"] <= BOARD_QUERIES,
        ),
        Figure(
            name=f"board of {people:,} people, p95", value=round(board, 1), unit="ms", target=f"≤ {BOARD_MS:g}",
            met=board <= BOARD_MS and not failed,
        ),
        Figure(
            name=f"quizzes lost, of {quiz['trainees']:g} sent at once", value=lost, unit="quizzes", target="0",
            met=lost == 0 and quiz["sent_in"] <= SAME_SECOND,
            note=f"each sent twice, all within {quiz['sent_in']:.2f} s; answered in {quiz['took']:.1f} s",
        ),
        Figure(name="quizzes counted twice or wrongly", value=twice, unit="quizzes", target="0", met=twice == 0),
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--trainees", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each round")
    given = parser.parse_args()
    host = machine()
    with ExitStack() as stack:
        url = stack.enter_context(postgres())
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="agora-bench-"))
        os.environ |= {"DATABASE_URL": url, "DATA": folder, "DJANGO_SETTINGS_MODULE": SETTINGS, "LOG_LEVEL": "ERROR"}
        import django  # noqa: PLC0415

        django.setup()
        facts = prepare(given.people)
        queries = {
            "lesson": queries_of(facts["trainee"], LESSON),
            "board": max(
                queries_of(facts["agent"], BOARD), queries_of(facts["agent"], f"{BOARD}?grup={facts['cohort'].pk}")
            ),
        }
        seen = pages(facts, rounds=given.rounds, seconds=given.seconds)
        quiz = rush(facts, trainees=given.trainees)
        from django.db import connections  # noqa: PLC0415

        connections.close_all()
    figures = figures_of(seen, queries, quiz, people=given.people)
    rows = [
        [name, round(f["per_second"]), round(f["p50_ms"], 1), round(f["p95_ms"], 1), int(f["failures"])]
        for name, f in seen.items()
    ]
    note = f"granian (WSGI), one process, {CONNECTIONS} keep-alive connections; PostgreSQL."
    columns = ["page", "requests/s", "p50 ms", "p95 ms", "failures"]
    tables = [Table(title=f"Training with {given.people:,} people", columns=columns, rows=rows, note=note)]
    show(figures, tables)
    if given.json:
        write(given.json, title="Training", host=host, figures=figures, tables=tables)


if __name__ == "__main__":
    main()
