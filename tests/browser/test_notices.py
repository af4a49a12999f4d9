"""The bell: what happens to a person is told on whatever page they are, at once, until they have looked."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage

ASKER, WRITER = "moderadora@desk.test", "referent@ens1.test"
TOPIC = "/agora/agora-plataforma-participa311/t/8/"


def test_who_is_answered_hears_of_it_on_another_page_until_they_look(page: OpenPage):
    asker, writer = page(ASKER), page(WRITER)
    asker.goto(TOPIC)
    asker.locator("#resposta textarea").fill("I vosaltres, com ho feu?")
    asker.locator("#resposta button[type=submit]").click()
    asker.wait_for_url("**#post-*")
    number = asker.locator(".post").last.get_attribute("id").removeprefix("post-")
    asker.goto("/avisos/")
    bell = asker.locator("[data-bell] .count")
    expect(bell).to_be_hidden()
    asker.goto("/horari/")
    writer.goto(f"{TOPIC}?n={number}")
    writer.locator(f"#post-{number} [data-quote]").click()
    writer.locator("#resposta textarea").press_sequentially("Ho fem a mà.")
    writer.locator("#resposta button[type=submit]").click()
    expect(bell).to_have_text("1 per veure")
    asker.locator("[data-bell]").click()
    expect(asker.get_by_role("link", name="Laia Serra us respon")).to_be_visible()
    expect(bell).to_be_hidden()
    asker.reload()
    expect(asker.get_by_role("button", name="Ja els he vist tots")).to_have_count(0)
