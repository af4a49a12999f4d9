"""The desk beside django-helpdesk's own pages, on the same tickets in the same PostgreSQL: `python -m bench.desk`.

Every page is asked through Django's test client in this process, theirs and ours in turns, and the middle time counts;
so both are measured with the same middleware and without a network. The last round asks our board again with a million
tickets. A few minutes; loopback only.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.results import Figure, Table, machine, middle, percentile, show, write
from tests.harness.servers import postgres

LONG = 7
"""The ticket that gets fifty follow-ups."""

Page = Callable[[], Any]


def prepare(tickets: int) -> dict[str, Any]:
    """A migrated database with an installation, people and `tickets`."""
    from django.core.management import call_command  # noqa: PLC0415  Django is set up by now

    call_command("migrate", verbosity=0)
    call_command("demo_world", verbosity=0)
    from bench import desk_data  # noqa: PLC0415
    from helpdesk.desk.domain.opening import default_queue  # noqa: PLC0415
    from helpdesk.desk.library import Queue  # noqa: PLC0415
    from platform_core.accounts.models import User  # noqa: PLC0415
    from platform_core.organisations.models import Membership, Organisation  # noqa: PLC0415

    clear()
    agent = User.objects.get(email="suport@desk.test")
    organisations = list(Organisation.objects.order_by("pk")[:128])
    made = User.objects.bulk_create(
        User(email=f"persona{number}@ens.test", name=f"Persona {number}") for number in range(128)
    )
    Membership.objects.bulk_create(
        Membership(person=person, organisation=ens, role="referent")
        for person, ens in zip(made, organisations, strict=True)
    )
    queue = default_queue()
    Queue.objects.filter(pk=queue.pk).update(allow_public_submission=True, email_address="suport@desk.test")
    facts = {
        "queue": queue.pk,
        "agent": agent.pk,
        "organisations": [one.pk for one in organisations],
        "people": [one.pk for one in made],
    }
    desk_data.fill(first=1, last=tickets, **facts)
    lengthen(LONG * desk_data.RUNNING_EACH, agent)
    return {**facts, "person": made[0], "agent_user": agent}


def clear() -> None:
    """The demo world's tickets go: the numbers here are ours."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE helpdesk_ticket CASCADE")


def lengthen(pk: int, agent: Any) -> None:
    """Give a ticket 50 follow-ups."""
    from helpdesk.desk import domain  # noqa: PLC0415
    from helpdesk.desk.models import Case  # noqa: PLC0415

    for number in range(45):
        domain.reply(actor=agent, case=Case.objects.get(pk=pk), text=f"Encara ho mirem ({number}).")


def clients(facts: dict[str, Any]) -> tuple[Any, Any]:
    from django.test import Client  # noqa: PLC0415

    agent, person = Client(), Client()
    agent.force_login(facts["agent_user"], backend="django.contrib.auth.backends.ModelBackend")
    person.force_login(facts["person"], backend="django.contrib.auth.backends.ModelBackend")
    for client, user in ((agent, facts["agent_user"]), (person, facts["person"])):
        accept(user)
        assert client.get("/").status_code == 200, "nobody is signed in"
    return agent, person


def accept(user: Any) -> None:
    """The code of ethics, and the second factor, are not what is measured."""
    from platform_core.accounts.public import accept_code, current_code, ensure_first_code  # noqa: PLC0415

    ensure_first_code()  # as after each installation
    if code := current_code():
        accept_code(user=user, version=code.version)


def pages(facts: dict[str, Any], data_query: str) -> dict[str, tuple[Page, Page]]:
    """What is compared: ours, theirs."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from helpdesk.desk import board  # noqa: PLC0415

    agent, person = clients(facts)
    long = LONG * 50
    box = facts["mailbox"]

    def their_list() -> None:
        get(agent, "/theirs/tickets/")
        # As many rows as ours.
        rows = f"draw=1&start=0&length={board.PAGE_SIZE}&order[0][column]=0"
        get(agent, f"/theirs/datatables_ticket_list/{data_query}?{rows}")

    def our_form() -> None:
        page = get(person, "/suport/nova/")
        answer = person.post("/suport/nova/", our_ticket(page.content.decode(), facts))
        assert answer.status_code == 302, answer.content.decode()[:2000]

    visitor = Client()

    def their_form() -> None:
        get(visitor, "/theirs/tickets/submit/")
        answer = visitor.post("/theirs/tickets/submit/", their_ticket(facts))
        assert answer.status_code == 302, answer.content.decode()[:2000]

    def our_mail() -> None:
        from helpdesk.desk.mail.intake import receive  # noqa: PLC0415

        receipt = receive(a_mail())
        assert receipt.action == "created", receipt

    def their_mail() -> None:
        (box / uuid4().hex).write_bytes(a_mail())
        call_command("get_email", verbosity=0)
        assert not list(box.iterdir()), "their mailbox was not read"

    return {
        "board": (lambda: get(agent, "/suport/taula/"), their_list),
        "workbench with 50 follow-ups": (
            lambda: get(agent, f"/suport/taula/S-{long}/"),
            lambda: get(agent, f"/theirs/tickets/{long}/"),
        ),
        "new ticket on the web": (our_form, their_form),
        "a mail becomes a ticket": (our_mail, their_mail),
    }


def get(client: Any, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, f"{path} answered {answer.status_code}"
    return answer


def our_ticket(page: str, facts: dict[str, Any]) -> dict[str, str]:
    number = re.search(r'name="submission" value="([^"]+)"', page)
    assert number, "the form has no number"
    return {
        "submission": number[1],
        "kind": "question",
        "subject": "No trobem el botó de publicar",
        "text": "Hem creat el procés i no sabem on es publica.",
        "organisation": str(facts["organisations"][0]),
    }


def their_ticket(facts: dict[str, Any]) -> dict[str, str]:
    return {
        "queue": str(facts["queue"]),
        "title": "No trobem el botó de publicar",
        "body": "Hem creat el procés i no sabem on es publica.",
        "submitter_email": "fora@ens.test",
        "priority": "3",
    }


def a_mail() -> bytes:
    return (
        f"From: Persona <fora{uuid4().hex[:6]}@ens.test>\r\nTo: suport@desk.test\r\nSubject: No trobem el botó\r\n"
        f"Message-ID: <{uuid4().hex}@ens.test>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0100\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        "Hem creat el procés i no sabem on es publica.\r\n"
    ).encode()


def timed(page: Page) -> tuple[float, int]:
    """Milliseconds and queries of one visit."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    began = time.perf_counter()
    page()
    took = (time.perf_counter() - began) * 1000
    with CaptureQueriesContext(connection) as queries:
        page()
    return took, len(queries)


def compare(found: dict[str, tuple[Page, Page]], *, rounds: int) -> dict[str, dict[str, Any]]:
    """{page: {ours, theirs: {ms, p95, queries}}}, taking turns."""
    seen: dict[str, dict[str, list[tuple[float, int]]]] = {}
    for turn in range(rounds + 1):
        for name, (ours, theirs) in found.items():
            for who, page in (("ours", ours), ("theirs", theirs)):
                measured = timed(page)
                if turn:  # the first one warms up
                    seen.setdefault(name, {}).setdefault(who, []).append(measured)
        print(f"round {turn} of {rounds}", file=sys.stderr, flush=True)
    return {
        name: {
            who: {
                "ms": middle([ms for ms, _queries in times]),
                "p95": percentile([ms for ms, _queries in times], 0.95),
                "queries": max(queries for _ms, queries in times),
            }
            for who, times in both.items()
        }
        for name, both in seen.items()
    }


def board_alone(agent: Any, *, rounds: int) -> float:
    get(agent, "/suport/taula/")
    return middle([timed(lambda: get(agent, "/suport/taula/"))[0] for _round in range(rounds)])


AIMS = {"board": 10, "board, every second ticket running": 10, "workbench with 50 follow-ups": 3}


def figures_of(seen: dict[str, dict[str, Any]], *, growth: float, sizes: tuple[int, int]) -> list[Figure]:
    found = []
    for name, both in seen.items():
        ratio, queries = both["theirs"]["ms"] / both["ours"]["ms"], both["ours"]["queries"]
        aim = AIMS.get(name)
        found.append(
            Figure(
                name=f"{name}: theirs over ours",
                value=round(ratio, 1),
                unit="×",
                target=f"≥ {aim}, ≤ 12 queries" if aim else "",
                met=ratio >= aim and queries <= 12 if aim else None,
                rivals={"ours, ms": round(both["ours"]["ms"], 1), "theirs, ms": round(both["theirs"]["ms"], 1)},
                note=f"{queries} queries; theirs {both['theirs']['queries']}",
            )
        )
    name = f"board with {sizes[1]:,} tickets over the board with {sizes[0]:,}"
    found.append(Figure(name=name, value=round(growth, 2), unit="×", target="≤ 1.3", met=growth <= 1.3))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--big", type=int, default=1_000_000)
    given = parser.parse_args()
    host = machine()
    with postgres() as url, tempfile.TemporaryDirectory(prefix="agora-bench-") as folder:
        os.environ |= {"DATABASE_URL": url, "DATA": folder, "DJANGO_SETTINGS_MODULE": "bench.desk_settings"}
        import django  # noqa: PLC0415

        django.setup()
        seen, growth = run(given, Path(folder))
        from django.db import connections  # noqa: PLC0415

        connections.close_all()
    figures = figures_of(seen, growth=growth, sizes=(given.small, given.big))
    table = Table(
        title=f"Pages with {given.tickets:,} tickets",
        columns=["page", "whose", "middle ms", "p95 ms", "queries"],
        rows=[
            [name, who, round(one["ms"], 1), round(one["p95"], 1), one["queries"]]
            for name, both in seen.items()
            for who, one in both.items()
        ],
        note="In one process by Django's test client, theirs and ours in turns. Theirs: django-helpdesk 2.6.1.",
    )
    show(figures, [table])
    if given.json:
        write(given.json, title="Desk", host=host, figures=figures, tables=[table])


def run(given: argparse.Namespace, folder: Path) -> tuple[dict[str, dict[str, Any]], float]:
    """The comparison at `tickets`, and how much the board grows from `small` to `big`."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415

    from bench import desk_data  # noqa: PLC0415
    from helpdesk.desk.library import Queue  # noqa: PLC0415

    facts = prepare(given.small)
    box = folder / "mailbox"
    box.mkdir()
    Queue.objects.filter(pk=facts["queue"]).update(
        allow_email_submission=True, email_box_type="local", email_box_local_dir=f"{box}/", email_box_interval=0
    )
    get_user_model().objects.filter(pk=facts["agent"]).update(is_staff=True)  # who their pages let in
    facts["agent_user"].refresh_from_db()
    facts["mailbox"] = box
    # Their templates want a name that our accounts do not have.
    get_user_model().username = property(lambda user: user.email)
    agent, _person = clients(facts)
    small = board_alone(agent, rounds=2 * given.rounds)
    rows = {key: facts[key] for key in ("queue", "agent", "organisations", "people")}
    desk_data.fill(first=given.small + 1, last=given.tickets, **rows)
    query = b64encode(b'{"filtering": {"status__in": [1, 2, 3]}, "filtering_null": {}, "sorting": "created", '
                      b'"sortreverse": false, "search_string": ""}').decode()  # fmt: skip
    seen = compare(pages(facts, query), rounds=given.rounds)
    free = given.tickets + 100_000  # the tickets that the comparison filed stand between
    desk_data.fill(first=free + 1, last=free + given.big - given.tickets, **rows)
    growth = board_alone(agent, rounds=2 * given.rounds) / small
    clear()
    desk_data.fill(first=1, last=given.tickets, each=2, **rows)
    crowded = pages(facts, query)["board"]
    return {**seen, **compare({"board, every second ticket running": crowded}, rounds=given.rounds)}, growth


if __name__ == "__main__":
    main()
