"""`/ws/` on a real Daphne with real sockets, in one process."""

from __future__ import annotations

import threading

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from websockets.exceptions import InvalidStatus

from platform_core.activity.domain import purge, record
from platform_core.activity.models import Stream
from platform_core.realtime import protocol, public
from platform_core.realtime.counts import counts
from tests.factories.accounts import UserFactory
from tests.factories.activity import Happened
from tests.platform_core.realtime import kinds
from tests.platform_core.realtime.browser import session_of

pytestmark = pytest.mark.django_db(transaction=True)


def happen(number: int, *, about, stream: str = "test:a") -> None:
    with transaction.atomic():
        record(Happened(number=number), actor=None, subject=about, streams=[stream])


def test_a_subscriber_hears_what_happens_in_order(browse, person):
    browser = browse(person)
    assert browser.follow("test:a") == 0
    for number in range(5):
        happen(number, about=person)
    frames = [browser.hear() for _ in range(5)]
    assert frames == [
        {"op": "event", "stream": "test:a", "cursor": n + 1, "type": "tests.happened", "data": {"number": n}}
        for n in range(5)
    ]


def test_a_rollback_reaches_nobody(browse, person):
    browser = browse(person)
    browser.follow("test:a")
    with transaction.atomic():
        record(Happened(number=1), actor=None, subject=person, streams=["test:a"])
        transaction.set_rollback(True)
    assert browser.hears_nothing()
    happen(2, about=person)
    assert browser.numbers(1) == [2]


def test_what_is_published_in_a_thread_reaches_the_sockets(browse, person):
    browser = browse(person)
    browser.follow("test:a")

    def work():
        happen(7, about=person)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert browser.numbers(1) == [7]
    thread.join()


def test_an_event_is_encoded_once_for_all_sockets(browse, person):
    browsers = [browse(person) for _ in range(5)]
    for browser in browsers:
        browser.follow("test:a")
    before = counts.copy()
    happen(1, about=person)
    assert [browser.numbers(1) for browser in browsers] == [[1]] * 5
    assert counts["encoded"] - before["encoded"] == 1
    assert counts["delivered"] - before["delivered"] == 5
    assert counts["read"] == before["read"]


def test_an_event_that_nobody_follows_is_not_even_encoded(port, person):
    before = counts["encoded"]
    happen(1, about=person)
    assert counts["encoded"] == before


def test_a_browser_that_was_away_gets_exactly_what_it_missed(browse, person):
    first = browse(person)
    first.follow("test:a")
    happen(1, about=person)
    cursor = first.hear()["cursor"]
    first.close()
    for number in range(2, 252):
        happen(number, about=person)
    second = browse(person)
    assert second.follow("test:a", since=cursor) == 251
    happen(252, about=person)
    assert second.numbers(251) == list(range(2, 253))
    assert second.hears_nothing()


def test_nothing_is_lost_or_doubled_while_others_publish(browse, person):
    def work():
        for number in range(1, 61):
            happen(number, about=person)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    heard, cursor = [], 0
    while len(heard) < 60:
        browser = browse(person)
        browser.follow("test:a", since=cursor)
        for frame in (browser.hear() for _ in range(min(7, 60 - len(heard)))):
            heard.append(frame["data"]["number"])
            cursor = frame["cursor"]
        browser.close()
    thread.join()
    assert heard == list(range(1, 61))


def test_frames_that_come_out_of_order_or_never_are_put_right_from_the_database(browse, person):
    browser = browse(person)
    browser.follow("test:a")
    with transaction.atomic():
        record(Happened(number=1), actor=None, subject=person, streams=["test:a"])
        record(Happened(number=2), actor=None, subject=person, streams=["test:a"])
        connection.run_on_commit = connection.run_on_commit[1:]  # the first one is never published
    assert browser.numbers(2) == [1, 2]
    assert browser.hears_nothing()


def test_a_page_that_missed_too_much_or_what_retention_removed_is_told_to_load_anew(browse, person):
    for number in range(3):
        happen(number, about=person)
    purge(older_than=timezone.now())
    browser = browse(person)
    assert browser.follow("test:a", since=1) == 3
    assert browser.hear() == {"op": "reset", "stream": "test:a", "cursor": 3}
    Stream.objects.create(name="test:long", head=protocol.BACKLOG + 1)
    browser.follow("test:long", since=0)
    assert browser.hear()["op"] == "reset"
    happen(9, about=person)
    assert browser.numbers(1) == [9]


def test_what_is_not_presented_does_not_leave_and_the_cursor_moves(browse, person):
    browser = browse(person)
    browser.follow("test:a")
    happen(404, about=person)
    assert browser.hear() == {"op": "skip", "stream": "test:a", "cursor": 1}


def test_people_follow_their_own_stream_and_no_one_elses(browse, person):
    other = UserFactory()
    browser = browse(person)
    assert browser.follow(f"user:{person.pk}") == 0
    browser.tell(op="subscribe", stream=f"user:{other.pk}")
    answer = browser.hear()
    assert (answer["op"], answer["code"], answer["stream"]) == ("error", "not_allowed", f"user:{other.pk}")
    happen(1, about=person, stream=f"user:{other.pk}")
    happen(2, about=person, stream=f"user:{person.pk}")
    frame = browser.hear()
    assert frame["stream"] == f"user:{person.pk}"
    assert frame["data"]["subject"] == f"accounts.user:{person.pk}"


def test_who_loses_the_right_stops_hearing_at_once(browse, person):
    browser, other = browse(person), browse(UserFactory())
    for each in (browser, other):
        each.follow("test:a")
        each.follow("test:b")
    person.name = "Ara és fora"
    person.save(update_fields=["name"])
    public.recheck(person.pk)
    happen(1, about=person)
    assert {browser.hear()["stream"], browser.hear()["stream"]} == {"test:a", "test:b"}
    assert browser.hears_nothing()
    assert other.numbers(1) == [1]


def test_a_right_that_ends_while_a_subscription_begins_ends_it(browse, person):
    kinds.gate.clear()
    kinds.asked.clear()
    browser = browse(person)
    browser.tell(op="subscribe", stream="slow:a")
    assert kinds.asked.wait(20)  # the answer was yes
    person.name = "Ara és fora"
    person.save(update_fields=["name"])
    public.recheck(person.pk)
    kinds.gate.set()
    assert browser.hear()["code"] == "not_allowed"
    happen(1, about=person, stream="slow:a")
    assert browser.hears_nothing()


def test_a_session_whose_end_nobody_told_is_noticed_with_the_next_right(browse, person):
    key = session_of(person)
    browser = browse(person, session=key)
    browser.follow("test:a")
    Session.objects.filter(pk=key)._raw_delete(using="default")  # no signal, as when the order got lost with Redis
    public.recheck(person.pk)
    assert browser.closing_code() == protocol.Close.AGAIN


def test_a_recheck_that_still_allows_loses_nothing(browse, person):
    browser = browse(person)
    browser.follow("test:a")
    for number in range(10):
        public.recheck(person.pk)
        happen(number, about=person)
    assert browser.numbers(10) == list(range(10))
    assert browser.hears_nothing()


def test_a_revocation_ends_one_subscription(browse, person):
    browser = browse(person)
    browser.follow("test:a")
    browser.follow("test:b")
    public.revoke(stream="test:a", user_id=person.pk)
    assert browser.hear() == {"op": "revoked", "stream": "test:a"}
    happen(1, about=person)
    happen(2, about=person, stream="test:b")
    assert browser.numbers(1) == [2]


def test_an_unsubscribed_stream_is_silent(browse, person):
    browser = browse(person)
    browser.follow("test:a")
    browser.tell(op="unsubscribe", stream="test:a")
    assert browser.hear() == {"op": "unsubscribed", "stream": "test:a"}
    happen(1, about=person)
    assert browser.hears_nothing()


def test_signing_out_closes_the_sockets_of_that_session_only(browse, person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    key = client.session.session_key
    leaving, staying = browse(person, session=key), browse(person)
    leaving.follow("test:a")
    staying.follow("test:a")
    client.logout()
    assert leaving.closing_code() == protocol.Close.AGAIN
    assert browse(person, session=key).closing_code() == protocol.Close.UNAUTHENTICATED
    assert staying.hears_nothing()


def test_a_deactivated_person_is_put_out(browse, person):
    browser = browse(person)
    browser.follow("test:a")
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert browser.closing_code() == protocol.Close.AGAIN


def test_a_foreign_page_cannot_open_a_socket(browse, person):
    for origin in ("https://dolent.test", "null", "http://127.0.0.1.dolent.test", "http://[", ""):
        with pytest.raises(InvalidStatus) as refused:
            browse(person, origin=origin)
        assert refused.value.response.status_code in (400, 403)  # 400 is Daphne's, for what is no address at all


def test_nobody_is_refused_politely(browse):
    assert browse(None).closing_code() == protocol.Close.UNAUTHENTICATED
    assert browse(None, session="inventada").closing_code() == protocol.Close.UNAUTHENTICATED


NONSENSE = {
    "": "bad_frame",
    "{": "bad_frame",
    "[]": "bad_frame",
    "12": "bad_frame",
    "[" * 4000: "bad_frame",
    '{"op":NaN}': "bad_frame",
    "x" * 5000: "too_large",
    "{}": "unknown_op",
    '{"op":["subscribe"]}': "unknown_op",
    '{"op":"drop"}': "unknown_op",
    '{"op":"subscribe"}': "bad_stream",
    '{"op":"subscribe","stream":7}': "bad_stream",
    '{"op":"subscribe","stream":"test:%s"}' % ("a" * 3000): "bad_stream",
    '{"op":"subscribe","stream":"test:\\ud800"}': "bad_stream",
    '{"op":"subscribe","stream":"test:a\\n"}': "bad_stream",
    '{"op":"subscribe","stream":"test:a","since":-1}': "bad_cursor",
    '{"op":"subscribe","stream":"test:a","since":"1"}': "bad_cursor",
    '{"op":"subscribe","stream":"test:a","since":1.5}': "bad_cursor",
    '{"op":"subscribe","stream":"test:a","since":1e400}': "bad_cursor",
    '{"op":"subscribe","stream":"test:a","since":true}': "bad_cursor",
    '{"op":"subscribe","stream":"test:a","since":1}': "cursor_ahead",
    '{"op":"subscribe","stream":"test:a","since":%s}' % ("9" * 4000): "cursor_ahead",
    '{"op":"subscribe","stream":"unknown:a"}': "not_allowed",
    '{"op":"subscribe","stream":"user:"}': "bad_stream",
}


def test_nonsense_is_answered_and_costs_nothing(browse, person, caplog):
    browser = browse(person)
    browser.follow("test:kept")
    for text, code in NONSENSE.items():
        browser.connection.send(text)
        answer = browser.hear()
        assert (answer["op"], answer["code"]) == ("error", code), text[:80]
    browser.connection.send(b"\x00\x01")
    assert browser.hear()["code"] == "bad_frame"
    happen(1, about=person, stream="test:kept")
    assert browser.numbers(1) == [1]
    assert not [one for one in caplog.records if one.exc_info]


def test_a_socket_follows_a_stream_once_and_only_so_many(browse, person, monkeypatch):
    monkeypatch.setattr(protocol, "SUBSCRIPTIONS", 2)
    browser = browse(person)
    browser.follow("test:a")
    browser.tell(op="subscribe", stream="test:a")
    assert browser.hear()["code"] == "already_subscribed"
    browser.follow("test:b")
    browser.tell(op="subscribe", stream="test:c")
    assert browser.hear()["code"] == "too_many"


def test_a_person_has_only_so_many_sockets(browse, person, monkeypatch):
    monkeypatch.setattr(protocol, "SOCKETS_A_PERSON", 1)
    first = browse(person)
    first.follow("test:a")
    assert browse(person).closing_code() == protocol.Close.ABUSE
    assert first.hears_nothing()


def test_too_many_frames_are_refused_and_far_too_many_close(browse, person, monkeypatch):
    monkeypatch.setattr(protocol, "RATE", 0.0)
    monkeypatch.setattr(protocol, "BURST", 3.0)
    monkeypatch.setattr(protocol, "PATIENCE", 5)
    browser = browse(person)
    for _ in range(4):
        browser.tell(op="ping")
    assert [browser.hear()["op"] for _ in range(4)] == ["pong"] * 3 + ["error"]
    for _ in range(5):
        browser.tell(op="ping")
    assert browser.closing_code() == protocol.Close.ABUSE


def test_nonsense_and_answers_that_nobody_asked_for_count_as_frames(browse, person, monkeypatch):
    monkeypatch.setattr(protocol, "RATE", 0.0)
    monkeypatch.setattr(protocol, "BURST", 2.0)
    monkeypatch.setattr(protocol, "PATIENCE", 3)
    for nonsense in ("{", '{"op":"pong","n":9}', '{"op":"drop"}'):
        browser = browse(person)
        for _ in range(6):
            browser.connection.send(nonsense)
        assert browser.closing_code() == protocol.Close.ABUSE, nonsense


def test_who_does_not_read_is_closed_and_resumes(browse, person, monkeypatch):
    monkeypatch.setattr(protocol, "ASK_AFTER", 500)
    monkeypatch.setattr(protocol, "WINDOW", 2000)
    slow, reader = browse(person), browse(person)
    slow.follow("test:a")
    reader.follow("test:a")
    for number in range(60):
        happen(number, about=person)
        assert reader.numbers(1) == [number]
    assert slow.closing_code() == protocol.Close.RESUME
    again = browse(person)
    again.follow("test:a", since=0)
    assert again.numbers(60) == list(range(60))
