"""Who is let in, and until when: the origin of the page, and the session that opened the socket."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from platform_core.realtime import hub, protocol
from tests.factories.accounts import UserFactory
from tests.platform_core.realtime.browser import session_of

pytestmark = pytest.mark.django_db(transaction=True)


def ends_in(key: str, seconds: float) -> None:
    Session.objects.filter(pk=key).update(expire_date=timezone.now() + timedelta(seconds=seconds))


def test_a_session_that_expires_closes_its_sockets_and_no_one_elses(browse, person, monkeypatch):
    monkeypatch.setattr(hub, "RECONCILE", 0.1)
    key = session_of(person)
    ends_in(key, 1.5)
    leaving, staying = browse(person, session=key), browse(UserFactory())
    leaving.follow("test:a")
    staying.follow("test:a")
    assert leaving.closing_code() == protocol.Close.AGAIN
    assert browse(person, session=key).closing_code() == protocol.Close.UNAUTHENTICATED
    assert staying.hears_nothing()


def test_a_session_that_a_page_has_prolonged_comes_back_and_stays(browse, person, monkeypatch):
    monkeypatch.setattr(hub, "RECONCILE", 0.1)
    key = session_of(person)
    ends_in(key, 1.5)
    browser = browse(person, session=key)
    browser.follow("test:a")
    ends_in(key, 3600)
    assert browser.closing_code() == protocol.Close.AGAIN
    again = browse(person, session=key)
    assert again.follow("test:a", since=0) == 0
    assert again.hears_nothing()


def test_a_session_that_has_expired_opens_nothing(browse, person):
    key = session_of(person)
    ends_in(key, -1)
    assert browse(person, session=key).closing_code() == protocol.Close.UNAUTHENTICATED


def test_an_origin_that_the_installation_trusts_may_open_a_socket(browse, person, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://agora.example"]
    assert browse(person, origin="https://agora.example").follow("test:a") == 0
    with pytest.raises(InvalidStatus) as refused:
        browse(person, origin="http://agora.example")  # not the same origin
    assert refused.value.response.status_code == 403


def test_a_name_that_is_not_ours_cannot_open_a_socket_even_to_its_own_page(port, person):
    """As when another site has its name lead to our address."""
    with socket.create_connection(("127.0.0.1", port)) as line, pytest.raises(InvalidStatus) as refused:
        connect(
            f"ws://dolent.test:{port}/ws/", sock=line, origin=f"http://dolent.test:{port}", proxy=None,
            additional_headers={"Cookie": f"sessionid={session_of(person)}"},
        )  # fmt: skip
    assert refused.value.response.status_code == 403


def test_without_an_origin_no_socket_is_opened(port, person):
    """Every browser says it; what does not say it may be anything."""
    with pytest.raises(InvalidStatus) as refused:
        connect(
            f"ws://127.0.0.1:{port}/ws/", proxy=None, additional_headers={"Cookie": f"sessionid={session_of(person)}"}
        )
    assert refused.value.response.status_code == 403
