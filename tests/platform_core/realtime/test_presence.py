"""How many people are in a stream and who writes, in one process and in two."""

from __future__ import annotations

import pytest
from django.db import transaction

from platform_core.activity.domain import record
from platform_core.activity.models import Activity
from platform_core.realtime import presence, public
from tests.factories.accounts import UserFactory
from tests.factories.activity import Happened
from tests.platform_core.realtime.test_processes import is_live, linked, other, redis  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db(transaction=True)

ROOM = "room:a"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(presence, "LOOK", 0.05)
    monkeypatch.setattr(presence, "PAUSE", 0.0)
    monkeypatch.setattr(presence, "SAY_AGAIN", 0.5)
    monkeypatch.setattr(presence, "FORGET", 3.0)


def heard(browser, *, readers=None, writing=None):
    """Wait until the browser is told of so many readers, or of these people writing."""
    while True:
        frame = browser.hear()
        if frame["op"] != "presence":
            continue
        names = [one["name"] for one in frame["typing"]]
        if readers in (None, frame["readers"]) and writing in (None, names):
            return frame


def test_each_person_counts_once_whatever_their_tabs(browse, person):
    first, other_person = browse(person), UserFactory()
    first.follow(ROOM)
    assert heard(first) == {
        "op": "presence", "stream": ROOM, "readers": 1, "typing": [], "writers": 0,
    }  # fmt: skip
    second_tab, theirs = browse(person), browse(other_person)
    second_tab.follow(ROOM)
    theirs.follow(ROOM)
    heard(first, readers=2)
    heard(theirs, readers=2)
    second_tab.close()
    theirs.close()
    heard(first, readers=1)


def test_who_loses_the_right_is_not_counted_any_more(browse, person):
    mine, gone = browse(person), UserFactory()
    theirs = browse(gone)
    mine.follow(ROOM)
    theirs.follow(ROOM)
    heard(mine, readers=2)
    public.revoke(stream=ROOM, user_id=gone.pk)
    heard(mine, readers=1)


def test_who_writes_is_told_by_name_and_forgotten_by_itself(browse, person, monkeypatch):
    monkeypatch.setattr(presence, "TYPING", 0.3)
    mine, writer = browse(person), UserFactory(name="Laia Fictícia")
    theirs = browse(writer)
    mine.follow(ROOM)
    theirs.follow(ROOM)
    heard(mine, readers=2)
    theirs.tell(op="typing", stream=ROOM)
    frame = heard(mine, writing=["Laia Fictícia"])
    assert frame["typing"] == [{"id": writer.pk, "name": "Laia Fictícia"}]
    assert frame["writers"] == 1
    heard(mine, writing=[])


def test_who_may_not_write_is_not_shown_writing_and_is_asked_about_once(browse, person, monkeypatch):
    asked = []
    monkeypatch.setattr(presence, "_name_of", lambda who, stream: asked.append((who.user_id, stream)))
    silent = UserFactory(name="Algú que calla")
    mine, theirs = browse(person), browse(silent)
    mine.follow(ROOM)
    theirs.follow(ROOM)
    heard(mine, readers=2)
    for _ in range(5):
        theirs.tell(op="typing", stream=ROOM)
    third = browse(UserFactory())
    third.follow(ROOM)
    assert heard(mine, readers=3)["writers"] == 0
    assert asked == [(silent.pk, ROOM)]


@pytest.mark.parametrize(
    ("stream", "code"),
    [(ROOM, "not_allowed"), ("test:a", "not_allowed"), ("desk", "not_allowed"), ("", "bad_stream"), (7, "bad_stream")],
)
def test_writing_where_one_does_not_follow_or_nobody_writes_is_an_error_and_no_more(browse, person, stream, code):
    browser = browse(person)
    browser.follow("test:a")
    browser.tell(op="typing", stream=stream)
    answer = browser.hear()
    assert (answer["op"], answer["code"]) == ("error", code)
    assert browser.hears_nothing()


def test_a_stream_without_presence_tells_nothing_of_it(browse, person):
    browser = browse(person)
    browser.follow("test:a")
    with transaction.atomic():
        record(Happened(number=1), actor=None, subject=person, streams=["test:a"])
    assert browser.hear()["op"] == "event"


def test_nothing_of_it_is_kept(browse, person):
    browser = browse(person)
    browser.follow(ROOM)
    browser.tell(op="typing", stream=ROOM)
    heard(browser, writing=[person.name])
    assert not Activity.objects.filter(subject_type="accounts.user").exists()


@pytest.mark.redis
def test_two_processes_count_together_and_each_alone_without_redis(redis, linked, other, browse, person):  # noqa: F811
    writer = UserFactory(name="Laia Fictícia")
    here, there = browse(person), browse(writer, at=other.port)
    is_live(here)
    is_live(there)
    here.follow(ROOM)
    there.follow(ROOM)
    heard(here, readers=2)
    heard(there, readers=2)
    there.tell(op="typing", stream=ROOM)
    heard(here, writing=["Laia Fictícia"])
    redis.kill()
    heard(here, readers=1)
    redis.start()
    heard(here, readers=2)
    there.close()
    heard(here, readers=1)
