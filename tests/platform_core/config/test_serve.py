from __future__ import annotations

import socket
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from platform_core.base.console import console_language
from tests.factories import background as jobs
from tests.platform_core.background.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

EMBEDDED = "platform_core.config.settings.embedded"


def test_one_process_serves_pages_and_runs_jobs_until_it_is_asked_to_end(serve):
    process = serve("--port", "0")
    line = process.first_line()
    assert line.startswith("Àgora Participa311: http://127.0.0.1:")
    with urlopen(line.partition(": ")[2] + "/healthz") as answer:  # noqa: S310  our own address
        assert answer.status == 200
    with transaction.atomic():
        jobs.note.enqueue("k")
    wait_until(lambda: jobs.effects("k") == 1, what="the job runs")
    process.ask_to_end()
    code, errors = process.end()
    assert code == 0
    assert "Traceback" not in errors


def test_a_request_in_hand_is_answered_before_the_server_ends(serve, meeting):
    slow = {"DJANGO_SETTINGS_MODULE": "tests.factories.slow_page", "MEETING": meeting.address}
    process = serve("--only", "web", "--port", "0", **slow)
    address = process.first_line().partition(": ")[2]
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(lambda: urlopen(address).read())  # noqa: S310  our own address
        meeting.wait()
        process.ask_to_end()
        wait_until(lambda: not is_listening(address), what="it stops listening")
        meeting.let_go()
        assert answer.result() == b"answered"
    assert process.end() == (0, "")


def is_listening(address: str) -> bool:
    parts = urlsplit(address)
    with socket.socket() as probe:
        return probe.connect_ex((parts.hostname, parts.port)) == 0


def test_the_embedded_folder_has_one_server_and_a_database_server_has_many(serve):
    first = serve("--port", "0")
    address = first.first_line().partition(": ")[2]
    second = serve("--port", "0")
    if connection.vendor == "postgresql":
        assert second.first_line().startswith("Àgora")
        return
    refusal = (
        f"CommandError: Already running, process {first.process.pid}, at {address}. "
        "For a second one choose another folder and port: DATA=other PORT=8001 make run\n"
    )
    assert second.end() == (1, refusal)
    first.kill()
    assert serve("--port", "0").first_line().startswith("Àgora")


def test_a_busy_port_is_named_with_the_way_to_another(serve):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        code, errors = serve(PORT=str(port)).end()
    assert code == 1
    assert errors.splitlines() == [f"CommandError: Port {port} is in use. Choose another: PORT={port + 1} make run"]


@pytest.mark.parametrize("port", ["abc", "-1", "65536", "80.5", "٣", " "])
def test_a_port_that_is_none_is_refused(port, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en")
    with pytest.raises(CommandError, match=f"“{port}” is not a port: write a number from 1 to 65535"):
        call_command("serve", port=port)


def test_a_person_is_answered_in_the_language_of_the_terminal(monkeypatch):
    monkeypatch.setenv("LC_ALL", "ca_ES.UTF-8")
    with pytest.raises(CommandError, match="no és un port"):
        call_command("serve", port="x")


@pytest.mark.parametrize(
    ("value", "language"), [("ca_ES.UTF-8", "ca"), ("es_ES", "es"), ("de_DE", "en"), ("C", "en"), ("", "en")]
)
def test_the_language_of_the_terminal_is_one_that_the_product_has(value, language, monkeypatch):
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", value)
    assert console_language() == language


def test_a_database_that_is_not_migrated_is_refused(serve, folder):
    sqlite3.connect(folder / "agora.sqlite3").close()
    code, errors = serve(DJANGO_SETTINGS_MODULE=EMBEDDED).end()
    assert (code, errors.splitlines()) == (
        1,
        ["CommandError: The database is not up to date: run `manage.py migrate` first."],
    )


def test_a_database_that_cannot_be_opened_is_one_clear_line(serve, folder):
    (folder / "agora.sqlite3").mkdir()
    code, errors = serve("--only", "worker", DJANGO_SETTINGS_MODULE=EMBEDDED).end()
    assert code == 1
    assert errors.startswith("CommandError: The database cannot be used: unable to open database file.")
    assert len(errors.splitlines()) == 1


def test_a_database_server_that_is_away_is_one_clear_line(serve):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    url = f"postgres://agora@127.0.0.1:{port}/agora"
    away = {"DJANGO_SETTINGS_MODULE": "platform_core.config.settings.test", "DATABASE_URL": url}
    code, errors = serve("--only", "scheduler", **away).end()
    assert code == 1
    assert f"(127.0.0.1:{port})" in errors
    assert len(errors.splitlines()) == 1


def test_a_folder_that_cannot_be_written_is_one_clear_line(serve, folder):
    (folder / "serve.lock").mkdir()
    code, errors = serve(DJANGO_SETTINGS_MODULE=EMBEDDED).end()
    assert code == 1
    assert errors.startswith(f"CommandError: The folder {folder} cannot be written: ")
    assert len(errors.splitlines()) == 1
