"""Two processes that share a Redis of this test's own, which is stopped and started as the test likes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from websockets.exceptions import InvalidStatus

from platform_core.activity.domain import record
from platform_core.realtime import protocol, public
from platform_core.realtime.counts import counts
from platform_core.realtime.publishing import hub_here, outbox
from tests.factories.accounts import UserFactory
from tests.factories.activity import Happened
from tests.harness.servers import Redis, stop

pytestmark = [pytest.mark.redis, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    server = Redis(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def linked(redis: Redis, settings, port: int) -> int:
    """The port of this process' Daphne, whose next hub is linked by Redis."""
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": [redis.url], "capacity": 1000},
        }
    }
    return port


def environment(redis: Redis) -> dict[str, str]:
    """Of another process with the same database and Redis."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "platform_core.config.settings.test",
        "DATABASE_NAME": str(connection.settings_dict["NAME"]),
        "REDIS_URL": redis.url,
    }


class Other:
    """Another process of the product, with the same database and Redis."""

    def __init__(self, redis: Redis) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.platform_core.realtime.live_server"],
            cwd=ROOT,
            env=environment(redis),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = int(self._line())

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def counts(self) -> dict[str, int]:
        assert self.process.stdin is not None
        print(file=self.process.stdin, flush=True)
        return json.loads(self._line())


@pytest.fixture
def other(redis: Redis, transactional_db: None) -> Iterator[Other]:
    other = Other(redis)
    yield other
    stop(other.process)


def happen(number: int, *, about) -> None:
    with transaction.atomic():
        record(Happened(number=number), actor=None, subject=about, streams=["test:a"])


def is_live(browser) -> None:
    """Wait until the browser's process is heard by the others."""
    while not browser.hear_state():
        pass


def test_what_happens_in_one_process_reaches_the_sockets_of_another(linked, other, browse, person):
    here, there = browse(person), [browse(person, at=other.port) for _ in range(3)]
    is_live(here)
    is_live(there[0])
    before = counts.copy()
    for browser in [here, *there]:
        browser.follow("test:a")
    for number in range(20):
        happen(number, about=person)
    for browser in [here, *there]:
        assert browser.numbers(20) == list(range(20))
    assert counts["encoded"] - before["encoded"] == 20
    assert counts["joined"] - before["joined"] == 1
    theirs = other.counts()
    assert theirs["joined"] == 1
    assert theirs["delivered"] == 60
    assert theirs.get("encoded", 0) == 0


def test_a_command_tells_the_others_and_ends(redis, linked, browse, person):
    browser = browse(person)
    is_live(browser)
    browser.follow("test:a")
    command = [sys.executable, "-m", "tests.platform_core.realtime.announce", str(person.pk), "7"]
    subprocess.run(command, cwd=ROOT, env=environment(redis), check=True, timeout=60)
    assert browser.numbers(1) == [7]


def test_a_command_ends_while_redis_is_away(redis, person):
    redis.kill()
    command = [sys.executable, "-m", "tests.platform_core.realtime.announce", str(person.pk), "7"]
    subprocess.run(command, cwd=ROOT, env=environment(redis), check=True, timeout=60)


def test_a_right_that_ends_in_one_process_ends_in_another(linked, other, browse, person):
    browser = browse(person, at=other.port)
    is_live(browser)
    browser.follow("test:a")
    public.revoke(stream="test:a", user_id=person.pk)
    assert browser.hear() == {"op": "revoked", "stream": "test:a"}
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert browser.closing_code() == protocol.Close.AGAIN


def test_without_redis_posting_works_and_everything_heals(redis, linked, other, browse, person):
    here, there = browse(person), browse(person, at=other.port)
    is_live(here)
    is_live(there)
    here.follow("test:a")
    there.follow("test:a")
    happen(0, about=person)
    assert (here.numbers(1), there.numbers(1)) == ([0], [0])
    redis.kill()
    happen(1, about=person)
    assert here.numbers(1) == [1]
    assert there.numbers(1) == [1]  # from the database
    redis.start()
    happen(2, about=person)
    assert (here.numbers(1), there.numbers(1)) == ([2], [2])
    while not hub_here().is_live:
        time.sleep(0.05)
    before = counts["joined"]
    for number in range(3, 10):
        happen(number, about=person)
    for browser in (here, there):
        assert browser.numbers(7) == list(range(3, 10))
        assert browser.hears_nothing()
    assert counts["joined"] == before


def test_sockets_are_told_when_the_others_cannot_be_heard(redis, linked, browse, person):
    browser = browse(person)
    is_live(browser)
    redis.kill()
    assert browser.hear_state() is False
    redis.start()
    assert browser.hear_state() is True


def test_a_redis_that_restarts_at_once_is_joined_again(redis, linked, other, browse, person):
    there = browse(person, at=other.port)
    is_live(there)
    there.follow("test:a")
    redis.kill()
    redis.start()
    for number in range(5):
        happen(number, about=person)
    assert there.numbers(5) == list(range(5))
    is_live(there)
    happen(5, about=person)
    assert there.numbers(1) == [5]


def test_a_page_opens_its_socket_while_redis_is_away(redis, linked, browse, person):
    redis.kill()
    browser = browse(person)
    assert browser.follow("test:a") == 0
    happen(1, about=person)
    assert browser.numbers(1) == [1]
    assert outbox.flush(10)


def test_the_other_process_refuses_what_this_one_refuses(other, browse):
    with pytest.raises(InvalidStatus):
        browse(UserFactory(), at=other.port, origin="https://dolent.test")
    assert settings.ALLOWED_HOSTS
