"""Writing a text and attaching files, in a real browser: the tabs, the list, drag and drop, paste, the keyboard."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.pages import ADMIN
from tests.factories.files import PNG

WHERE = "/gestio/estil/"

GIVE = """([selector, kind, name, bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
  const facts = { bubbles: true, cancelable: true };
  const event = kind === "drop" ? new DragEvent("drop", { ...facts, dataTransfer: data })
                                : new ClipboardEvent("paste", { ...facts, clipboardData: data });
  document.querySelector(selector).dispatchEvent(event);
}"""


def chosen(page: Page) -> list[str]:
    return page.evaluate("[...document.querySelector('#id_files').files].map((file) => file.name)")


def test_the_preview_shows_what_was_written_and_gives_it_back(page: OpenPage):
    here = page(ADMIN)
    here.goto(WHERE)
    here.get_by_label("Amb detall").fill("un **mot** <script>alert(1)</script>")
    write, preview = here.get_by_role("tab", name="Escriu"), here.get_by_role("tab", name="Vista prèvia")
    write.focus()
    here.keyboard.press("ArrowRight")
    expect(preview).to_be_focused()
    expect(preview).to_have_attribute("aria-selected", "true")
    shown = here.get_by_role("tabpanel", name="Vista prèvia")
    expect(shown.locator("strong")).to_have_text("mot")
    expect(shown).to_contain_text("<script>alert(1)</script>")
    here.keyboard.press("Home")
    expect(here.get_by_label("Amb detall")).to_be_visible()
    expect(here.get_by_label("Amb detall")).to_have_value("un **mot** <script>alert(1)</script>")


def test_files_are_chosen_dropped_pasted_and_taken_away_again(page: OpenPage):
    here = page(ADMIN)
    here.goto(WHERE)
    here.set_input_files("#id_files", {"name": "a.png", "mimeType": "image/png", "buffer": PNG})
    here.set_input_files("#id_files", {"name": "b.txt", "mimeType": "text/plain", "buffer": b"b"})
    here.evaluate(GIVE, ["[data-uploads]", "drop", "c.png", list(PNG)])
    here.evaluate(GIVE, ["#id_detail", "paste", "image.png", list(PNG)])
    assert chosen(here) == ["a.png", "b.txt", "c.png", "captura-1.png"]
    here.get_by_role("button", name="Treu b.txt").press("Enter")
    assert chosen(here) == ["a.png", "c.png", "captura-1.png"]
    expect(here.locator(".uploads__say")).to_have_text("Tret: b.txt.")
    expect(here.get_by_role("button", name="Treu c.png")).to_be_focused()


def test_a_file_that_would_be_refused_for_its_size_is_said_at_once(page: OpenPage):
    here = page(ADMIN)
    here.goto(WHERE)
    here.set_input_files("#id_files", {"name": "buit.txt", "mimeType": "text/plain", "buffer": b""})
    large = {"name": "gran.txt", "mimeType": "text/plain", "buffer": b"a" * (15 * 1024 * 1024 + 1)}
    expect(here.locator(".uploads__say")).to_contain_text("buit.txt")
    here.set_input_files("#id_files", large)
    expect(here.locator(".uploads__say")).to_contain_text("«gran.txt» fa més de 15 MB")
    assert chosen(here) == []
