"""What a browser may send at most, and what it may never send: the answer, and what it does to the others."""

from __future__ import annotations

from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from platform_core.realtime import protocol
from tests.factories.accounts import UserFactory
from tests.platform_core.realtime.browser import LONG
from tests.platform_core.realtime.test_sockets import happen

pytestmark = pytest.mark.django_db(transaction=True)

WRONG_TYPES = {
    '{"op":null}': "unknown_op",
    '{"op":7}': "unknown_op",
    '{"op":{"subscribe":true},"stream":"test:a"}': "unknown_op",
    '{"op":"SUBSCRIBE","stream":"test:a"}': "unknown_op",
    '{"op":"subscribe","stream":null}': "bad_stream",
    '{"op":"subscribe","stream":["test:a"]}': "bad_stream",
    '{"op":"subscribe","stream":{"name":"test:a"}}': "bad_stream",
    '{"op":"unsubscribe","stream":true}': "bad_stream",
    '{"op":"typing","stream":1e9}': "bad_stream",
    '{"op":"subscribe","stream":"test:a","since":[]}': "bad_cursor",
    '{"op":"subscribe","stream":"test:a","since":{"cursor":1}}': "bad_cursor",
    '{"op":"subscribe","stream":"test:a","since":false}': "bad_cursor",
    '"subscribe"': "bad_frame",
    "null": "bad_frame",
    "true": "bad_frame",
    '[{"op":"ping"}]': "bad_frame",
    '{"op":"ping"}{"op":"ping"}': "bad_frame",
}


def test_values_of_the_wrong_type_are_answered_and_the_subscriptions_go_on(browse, person):
    browser = browse(person)
    browser.follow("test:kept")
    for text, code in WRONG_TYPES.items():
        browser.connection.send(text)
        answer = browser.hear()
        assert (answer["op"], answer["code"]) == ("error", code), text
    for n in ('"1"', "null", "1.5", "[]", "true"):
        browser.connection.send(f'{{"op":"pong","n":{n}}}')  # an answer that nobody waits for
    happen(1, about=person, stream="test:kept")
    assert browser.numbers(1) == [1]


def test_binary_frames_are_answered_whatever_is_in_them(browse, person):
    browser = browse(person)
    browser.follow("test:kept")
    for data in (b"", b"\x00", b'{"op":"ping"}', b"\xff" * 60_000):
        browser.connection.send(data)
        assert browser.hear()["code"] == "bad_frame"
    happen(1, about=person, stream="test:kept")
    assert browser.numbers(1) == [1]


def test_text_that_is_not_unicode_ends_that_socket_alone(browse, person):
    rude, other = browse(person), browse(person)
    other.follow("test:kept")
    rude.connection.send(b'{"op":"ping"}\xff\xfe', text=True)
    assert rude.closing_code() == 1006  # dropped by the server under ours
    happen(1, about=person, stream="test:kept")
    assert other.numbers(1) == [1]


def test_of_a_thousand_subscriptions_fifty_are_kept_and_each_other_is_refused(browse, person, monkeypatch):
    monkeypatch.setattr(protocol, "RATE", 1e9)  # asked as slowly as one may
    monkeypatch.setattr(protocol, "PATIENCE", 10**9)
    browser, wanted = browse(person), [f"test:n{number}" for number in range(1000)]
    for stream in wanted:
        browser.tell(op="subscribe", stream=stream)
    answers = [browser.hear() for _ in wanted]
    kept = {frame["stream"] for frame in answers if frame["op"] == "subscribed"}
    assert kept == set(wanted[: protocol.SUBSCRIPTIONS])
    assert {frame["stream"] for frame in answers if frame.get("code") == "too_many"} == set(wanted) - kept
    happen(1, about=person, stream=wanted[-1])
    happen(2, about=person, stream=wanted[protocol.SUBSCRIPTIONS - 1])
    assert browser.numbers(1) == [2]
    browser.tell(op="unsubscribe", stream=wanted[0])
    assert browser.hear()["op"] == "unsubscribed"
    assert browser.follow(wanted[-1]) == 1, "there is room again"


def test_a_thousand_subscriptions_at_once_close_that_socket_alone(browse, person):
    flood, other = browse(person), browse(UserFactory())
    other.follow("test:kept")
    with suppress(ConnectionClosed):  # it may be closed before all of it was sent
        for number in range(1000):
            flood.tell(op="subscribe", stream=f"test:n{number}")
    assert flood.closing_code() == protocol.Close.ABUSE
    happen(1, about=person, stream="test:kept")
    assert other.numbers(1) == [1]


def test_the_real_limits_let_a_page_do_what_pages_do(browse, person):
    """As many frames at once as a page with all its streams sends when it comes back."""
    browser = browse(person)
    for number in range(protocol.SUBSCRIPTIONS):
        browser.tell(op="subscribe", stream=f"test:n{number}", since=0)
    assert [browser.hear()["op"] for _ in range(protocol.SUBSCRIPTIONS)] == ["subscribed"] * protocol.SUBSCRIPTIONS
    assert browser.connection.ping().wait(LONG), "the protocol's own sign of life"
