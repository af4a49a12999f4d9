"""What a probe hears."""

from __future__ import annotations

import json
import threading

import pytest
from django.db import OperationalError, connection
from django.test import Client

from platform_core.config import health
from tests.factories.files import running_scanner


def test_healthz_answers_without_asking_the_database(client: Client, django_assert_num_queries):
    response = client.get("/healthz", headers={"host": "10.1.2.3"})
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db(transaction=True)
def test_readyz_names_each_dependency(client: Client):
    response = client.get("/readyz", headers={"host": "10.1.2.3"})
    answer = json.loads(response.content)
    assert response.status_code == 200
    assert set(answer) == {"ok", "database", "cache", "sockets", "background", "files"}
    assert answer["database"]["ok"]
    assert answer["files"]["ok"]
    # No worker runs beside this test, and the answer says so without calling the product down.
    assert answer["background"]["ok"] is False
    assert answer["ok"] is False


@pytest.mark.django_db(transaction=True)
def test_readyz_is_503_when_the_database_is_away_and_tells_no_address(client: Client, monkeypatch: pytest.MonkeyPatch):
    def refuse() -> None:
        raise OperationalError("connection to 10.9.8.7 failed, password=secret")

    monkeypatch.setattr(connection, "ensure_connection", refuse)
    monkeypatch.setattr(health, "_database", refuse)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert json.loads(response.content)["database"]["ok"] is False
    assert b"10.9.8.7" not in response.content
    assert b"secret" not in response.content


@pytest.mark.django_db(transaction=True)
def test_readyz_names_the_malware_scanner_when_there_is_to_be_one(client: Client, settings):
    with running_scanner() as scanner:
        settings.CLAMD_ADDRESS = scanner.address
        assert json.loads(client.get("/readyz").content)["scanner"]["ok"] is True
    response = client.get("/readyz")
    answer = json.loads(response.content)
    assert (response.status_code, answer["ok"], answer["scanner"]["ok"]) == (200, False, False)
    assert scanner.address.encode() not in response.content


@pytest.mark.django_db(transaction=True)
def test_readyz_does_not_take_another_program_for_the_scanner(client: Client, settings):
    with running_scanner(says=b"HTTP/1.1 400") as scanner:
        settings.CLAMD_ADDRESS = scanner.address
        assert json.loads(client.get("/readyz").content)["scanner"]["ok"] is False


def test_readyz_does_not_wait_for_a_dependency_that_hangs(monkeypatch: pytest.MonkeyPatch):
    forever = threading.Event()
    monkeypatch.setattr(health, "LIMIT", 0.05)
    for name in ("_database", "_cache", "_sockets", "_files", "_background"):
        monkeypatch.setattr(health, name, forever.wait)
    answers = health.check_dependencies()
    forever.set()
    assert {answer["ok"] for answer in answers.values()} == {False}
