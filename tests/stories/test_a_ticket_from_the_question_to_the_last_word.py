"""The main job, from end to end: a referent files an incident with a screenshot and sees the promise; the desk answers,
passes it on and resolves it; the answer arrives as real mail; the referent answers that mail with the program that they
have, and the ticket opens again. Once for each of five mail programs.
"""

from __future__ import annotations

import io
import json
from email.parser import BytesHeaderParser
from email.policy import default
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from helpdesk.desk import queries
from helpdesk.desk.models import Case, Clocked, Level, Side, State
from platform_core.background.worker import Worker
from tests.factories.desk import agent, referent_of, seed_desk
from tests.factories.files import PNG
from tests.factories.organisations import deliver_all
from tests.mail_servers import smtp_server  # noqa: F401  fixture

pytestmark = pytest.mark.django_db
CORPUS = Path(__file__).parent.parent / "helpdesk" / "desk" / "mailparse" / "corpus"
PROGRAMS = ["gmail-ca", "outlook365-es", "thunderbird-ca", "applemail-en", "roundcube-ca"]


def work() -> None:
    """What the worker does."""
    deliver_all()
    Worker().drain()


def receive(raw: bytes, monkeypatch) -> dict[str, str]:
    """`manage.py receive_mail < message.eml`, as the mail server calls it."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
    said = io.StringIO()
    call_command("receive_mail", stdout=said)
    return json.loads(said.getvalue())


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_ticket_from_the_question_to_the_last_word(client, smtp_server, monkeypatch, program):  # noqa: F811
    seed_desk()
    raw = (CORPUS / f"{program}.eml").read_bytes()
    sender = BytesHeaderParser(policy=default).parsebytes(raw)["From"].addresses[0]
    person = referent_of(email=sender.addr_spec, name=sender.display_name, language="ca")
    oriol, elvira = agent(1), agent(2)

    # The referent files it, and sees by when.
    client.force_login(person)
    form = {"kind": "incident", "subject": "No arriben els correus", "text": "Des d'ahir.", "submission": uuid4()}
    filed = client.post(
        "/suport/nova/", {**form, "files": [SimpleUploadedFile("captura.png", PNG, "image/png")]}, follow=True
    )
    case = Case.objects.get()
    assert case.reference in filed.content.decode()
    assert "Ho resoldrem abans" in filed.content.decode()
    work()
    assert case.reference in smtp_server.next()["Subject"]

    # The desk sees it arrive, answers, passes it on, and the next level resolves it.
    client.force_login(oriol)
    assert case.reference in client.get("/suport/taula/").content.decode()
    bench = case.get_bench_url()
    client.post(bench, {"text": "Ho estem mirant.", "then": "open", "version": case.version})
    work()
    first = smtp_server.next()
    client.post(f"{bench}nivell/", {"level": 2, "reason": "Cal mirar la cua de correu.", "version": _version(case)})
    client.force_login(elvira)
    client.post(bench, {"text": "La cua ja és buida.", "then": "resolved", "version": _version(case)})
    case.refresh_from_db()
    assert (case.state, case.level, case.assignee) == (State.RESOLVED, Level.SECTION, elvira)
    assert not case.clocks.filter(what=Clocked.RESOLUTION, breached_at__isnull=False).exists()

    # The answer arrives as real mail, in the same thread, without what only the desk may read.
    work()
    letter = smtp_server.next()
    words = letter.get_body(("plain",)).get_content()
    assert letter["To"] == person.email
    assert "La cua ja és buida." in words
    assert first["Message-ID"] in letter["References"]
    assert "Cal mirar la cua" not in letter.as_string()

    # The referent answers it, and it opens again with what they wrote.
    answer = raw.replace(b"<TICKET-MESSAGE-ID>", str(letter["Message-ID"]).encode())
    said = receive(answer, monkeypatch)
    assert (said["action"], said["ticket"]) == ("replied", case.reference)
    assert receive(answer, monkeypatch) == said
    case.refresh_from_db()
    assert case.state == State.OPEN
    lines = [line for line in queries.conversation(case, internal=False) if not line.is_change]
    expected = (CORPUS / f"{program}.reply.txt").read_text()
    assert lines[-1].text.split() == expected.split()
    assert (lines[-1].entry.side, lines[-1].author) == (Side.REQUESTER, person)
    assert len(lines) == 4


def _version(case: Case) -> int:
    return Case.objects.get(pk=case.pk).version
