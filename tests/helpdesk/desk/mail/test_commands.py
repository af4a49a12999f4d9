"""`receive_mail` as a mail server pipes into it: real processes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from helpdesk.desk.mail import intake
from helpdesk.desk.models import Arrival, Case
from platform_core.files.storage import PrivateStorage
from tests.factories.desk import seed_desk
from tests.factories.mail import mail
from tests.platform_core.background.processes import _environment, short_folder

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder():
    with short_folder() as folder:
        yield folder


def pipe(raw: bytes, folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-W", "ignore", "manage.py", "receive_mail", *arguments]
    env = {**_environment(folder), **environment}
    return subprocess.run(command, input=raw, cwd=settings.ROOT, env=env, capture_output=True, check=False)


def test_a_mail_is_a_ticket_and_one_line_of_json(folder):
    seed_desk()
    first = pipe(mail(message_id="<a@fora.test>"), folder, "--queue", "suport")
    assert (first.returncode, first.stderr) == (0, b"")
    case = Case.objects.get()
    assert json.loads(first.stdout) == {"action": "created", "ticket": case.reference, "reason": ""}
    assert first.stdout.count(b"\n") == 1
    assert pipe(mail(message_id="<a@fora.test>"), folder).stdout == first.stdout
    assert Case.objects.count() == 1


def test_what_cannot_be_read_is_kept_and_ends_well(folder):
    result = pipe(b"\xff\xfe\0", folder)
    assert result.returncode == 0
    assert json.loads(result.stdout)["action"] == "quarantined"
    assert Arrival.objects.count() == 1


def test_while_the_database_is_away_the_mail_stays_with_the_mail_server(folder):
    away = {"DATABASE_URL": "postgres://ningu@127.0.0.1:9/res"}
    result = pipe(mail(), folder, **away, DJANGO_SETTINGS_MODULE="platform_core.config.settings.test")
    assert (result.returncode, result.stdout) == (75, b"")
    assert b"could not be kept" in result.stderr
    assert b"Traceback" not in result.stderr


def test_a_queue_that_does_not_exist_loses_no_mail(folder):
    assert pipe(mail(), folder, "--queue", "no-hi-es").returncode == 75


def test_the_same_mail_at_the_same_moment_is_one_ticket():
    seed_desk()
    raw, together = mail(), threading.Barrier(4)

    def receive(_number: int) -> intake.Receipt:
        together.wait()
        try:
            return intake.receive(raw)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as four:
        receipts = list(four.map(receive, range(4)))
    assert Case.objects.count() == Arrival.objects.count() == 1
    assert len({receipt for receipt in receipts if receipt.action == "created"}) == 1


BEGIN = """
import os, signal, sys
import django
django.setup()
from helpdesk.desk.mail import intake
from helpdesk.desk.models import Arrival
from platform_core.files.storage import PrivateStorage

Arrival._meta.get_field("raw").storage = PrivateStorage(os.environ["KEPT"])
settle = intake._settle
"""
DIE = "os.kill(os.getpid(), signal.SIGKILL)"
AFTER_KEEPING = f"intake._read = lambda *_, **__: {DIE}"
BEFORE_THE_COMMIT = f"intake._settle = lambda *words: (settle(*words), {DIE})"


@pytest.mark.parametrize("where", [AFTER_KEEPING, BEFORE_THE_COMMIT], ids=["after keeping it", "before the commit"])
def test_a_process_that_is_killed_leaves_the_mail_to_the_next_one_and_makes_one_ticket(folder, where, monkeypatch):
    seed_desk()
    kept = str(folder / "kept")
    program = f"{BEGIN}\n{where}\nintake.receive(sys.stdin.buffer.read())"
    died = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        input=mail(),
        cwd=settings.ROOT,
        env={**_environment(folder), "KEPT": kept},
        capture_output=True,
        check=False,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    assert (Arrival.objects.get().outcome, Case.objects.count()) == ("waiting", 0)
    monkeypatch.setattr(Arrival._meta.get_field("raw"), "storage", PrivateStorage(kept))
    monkeypatch.setattr(intake, "LEFT_BEHIND", -intake.LEFT_BEHIND)
    assert (intake.read_waiting(), intake.read_waiting()) == (1, 0)
    assert Case.objects.count() == 1
