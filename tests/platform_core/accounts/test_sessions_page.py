"""Where a person is signed in, told in words that they recognise."""

from __future__ import annotations

import pytest
from django.utils import translation

from platform_core.accounts.templatetags.accounts import device
from tests.factories.accounts import PASSWORD, UserFactory

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.mark.parametrize(
    ("user_agent", "text"),
    [
        (FIREFOX, "Firefox on Windows"),
        (
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                "Version/19.0 Safari/605.1.15"
            ),
            "Safari on macOS",
        ),
        (
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 "
                "Safari/537.36 Edg/142.0.0.0"
            ),
            "Edge on Windows",
        ),
        (
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile "
                "Safari/537.36"
            ),
            "Chrome on Android",
        ),
        (
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                "CriOS/142.0 Mobile/15E148 Safari/604.1"
            ),
            "Chrome on iPhone",
        ),
        ("curl/8.5.0", "Another browser or program"),
        ("", "Another browser or program"),
    ],
)
def test_a_browser_is_named_as_people_call_it(user_agent, text):
    with translation.override("en"):
        assert device(user_agent) == text


@pytest.mark.django_db
def test_the_page_says_which_browser_and_from_where(client):
    person = UserFactory(password=PASSWORD)
    credentials = {"login": person.email, "password": PASSWORD}
    client.post("/compte/login/", credentials, headers={"user-agent": FIREFOX}, REMOTE_ADDR="192.0.2.7")
    page = client.get("/compte/sessions/").text
    assert "Firefox a Windows" in page
    assert "192.0.2.7" in page
