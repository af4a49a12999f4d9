"""Sockets of the product as it is started, `manage.py serve`."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from django.db import connection
from websockets.exceptions import ConnectionClosed

from platform_core.config.server import LARGEST_MESSAGE
from platform_core.config.settings import embedded
from platform_core.realtime import protocol
from tests.platform_core.realtime.browser import Browser, session_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_is_connected_when_the_server_ends_is_asked_to_come_back(serve, person, settings):
    if connection.vendor == "sqlite":
        # It signs sessions, and `serve` runs with the embedded settings there.
        settings.SECRET_KEY = embedded.SECRET_KEY
    process = serve("--only", "web", "--port", "0")
    port = urlsplit(process.first_line().partition(": ")[2]).port
    browser, rude, *ruder = [Browser(port, session_of(person)) for _ in range(4)]
    assert browser.follow(f"user:{person.pk}") == 0

    rude.connection.send("x" * (LARGEST_MESSAGE + 1))
    assert rude.closing_code() == 1006  # dropped, and not read
    for other, message in zip(ruder, ("x" * 2**20, b"x" * 2**20), strict=True):
        with suppress(ConnectionClosed):  # it may be gone before all of the megabyte is sent
            other.connection.send(message)
        assert other.closing_code() == 1006
    assert browser.hears_nothing(), "the others go on"

    process.ask_to_end()
    assert browser.closing_code() == protocol.Close.AGAIN
    assert process.end() == (0, "")
