"""Two people in one topic: what one writes reaches the other without a reload and without moving what is being read."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage

WRITER, READER = "referent@ens1.test", "moderadora@desk.test"
TOPIC = "/agora/agora-plataforma-participa311/t/6/"


def test_an_answer_waits_behind_a_button_and_a_reaction_is_drawn_at_once(page: OpenPage):
    writer, reader = page(WRITER), page(READER)
    with reader.expect_websocket() as opening:
        reader.goto(TOPIC)
    opening.value.wait_for_event("framereceived", lambda frame: '"subscribed"' in str(frame))
    before = reader.locator(".post").count()
    writer.goto(TOPIC)
    writer.locator("#resposta textarea").fill("Acabo d'escriure **això**.")
    writer.locator("#resposta button[type=submit]").click()
    news = reader.locator("[data-fresh] button")
    expect(news).to_contain_text("1 resposta nova")
    assert reader.locator(".post").count() == before
    news.click()
    last = reader.locator(".post").last
    expect(last).to_contain_text("Acabo d'escriure això.")
    expect(last).to_be_focused()
    last.locator("button[value='like+']").click()
    expect(last.locator("button[value='like-']")).to_be_focused()
    expect(writer.locator(".post").last.locator(".react .count")).to_have_text("1")


def test_a_draft_is_kept_while_one_writes_and_is_there_on_another_device(page: OpenPage):
    writer, elsewhere = page(WRITER), page(WRITER)
    writer.goto(TOPIC)
    writer.locator("#resposta textarea").press_sequentially("A mig escriure")
    expect(writer.locator("[data-draft-says]")).to_have_text("Esborrany desat")
    elsewhere.goto(TOPIC)
    expect(elsewhere.locator("#resposta textarea")).to_have_value("A mig escriure")


def test_each_sees_that_the_other_reads_and_writes(page: OpenPage):
    writer, reader = page(WRITER), page(READER)
    reader.goto(TOPIC)
    writer.goto(TOPIC)
    expect(reader.locator("[data-presence]")).to_contain_text("2 persones ho estan llegint")
    writer.locator("#resposta textarea").press_sequentially("Ara")
    expect(reader.locator("[data-presence]")).to_contain_text("Laia Serra escriu…")
    assert "Laia Serra" not in writer.locator("[data-presence]").inner_text()
    writer.goto("/")
    expect(reader.locator("[data-presence]")).to_be_empty(timeout=15_000)
