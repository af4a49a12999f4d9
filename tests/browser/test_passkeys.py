"""Passkeys in real Chromium, with the virtual authenticator of its developer tools."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
EMAIL, PASSWORD = "tecnica@ens1.test", "participa311-demo"


def plug_in_a_key(page: Page) -> None:
    """An authenticator inside the computer that knows its person's finger, and says yes at once."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def sign_in_with_the_password(page: Page) -> None:
    page.goto("/compte/login/")
    page.locator("main input[name=login]").fill(EMAIL)
    page.locator("main input[name=password]").fill(PASSWORD)
    page.locator("main input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/compte/login" not in url)


def test_a_person_adds_a_passkey_signs_in_with_it_alone_and_removes_it(page):
    browser = page()
    blocked: list[str] = []
    browser.on("console", lambda message: blocked.append(message.text) if "Content Security" in message.text else None)
    plug_in_a_key(browser)
    sign_in_with_the_password(browser)

    browser.goto("/compte/2fa/webauthn/add/")
    browser.locator("main input[name=password]").fill(PASSWORD)  # it confirms that it is us first
    browser.locator("main button.btn--primary").click()
    browser.locator("main input[name=name]").fill("Portàtil de prova")
    browser.locator("main input[name=passwordless]").check()
    browser.locator("main form[data-passkey=create] button[type=submit]").click()
    browser.wait_for_url(re.compile("recovery-codes"))

    browser.goto("/compte/logout/")
    browser.locator("main form button[type=submit]").click()
    browser.goto("/compte/login/")
    browser.locator("#passkey-login button").click()
    browser.wait_for_url(lambda url: "/compte/" not in url)
    browser.goto("/perfil/")
    assert EMAIL in browser.locator("main").inner_text()

    browser.goto("/compte/logout/")
    browser.locator("main form button[type=submit]").click()
    sign_in_with_the_password(browser)
    browser.locator("form[data-passkey=authenticate] button").click()
    browser.wait_for_url(lambda url: "/compte/" not in url)

    browser.goto("/compte/2fa/webauthn/")
    assert "Portàtil de prova" in browser.locator("main").inner_text()
    browser.locator("main a.btn--danger").click()
    browser.locator("main input[name=password]").fill(PASSWORD)
    browser.locator("main button.btn--primary").click()
    browser.locator("main button.btn--danger").click()
    browser.wait_for_url(re.compile("/compte/2fa/"))
    assert blocked == []


def test_a_key_that_says_no_leaves_a_message_and_the_form(page):
    browser = page()
    browser.goto("/compte/login/")
    browser.evaluate(
        "void (navigator.credentials.get = async () => { throw new DOMException('no', 'NotAllowedError') })"
    )
    browser.locator("#passkey-login button").click()
    browser.locator("#passkey-login [role=alert]").filter(has_text=re.compile(".+")).wait_for()
    assert browser.locator("#passkey-login button").is_enabled()
