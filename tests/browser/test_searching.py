"""The search box in a real browser: suggestions by keyboard and mouse, `/`, and a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.pages import AGENT, REFERENT


def type_in(here: Page, selector: str, text: str) -> None:
    here.locator(selector).press_sequentially(text)


@pytest.mark.parametrize(("where", "box"), [("/cerca/", "#q"), ("/horari/", "#top-q"), ("/", "#q")])
def test_suggestions_are_walked_with_the_arrows_opened_with_enter_and_closed_with_escape(
    page: OpenPage, where: str, box: str
):
    here = page()
    here.goto(where)
    here.keyboard.press("/")
    field = here.locator(box)
    expect(field).to_be_focused()
    type_in(here, box, "menors")
    options = here.locator("[role=option]")
    expect(options.first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    here.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "")
    here.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(field).to_have_value("menors")
    here.keyboard.press("ArrowDown")
    expect(options.first).to_be_visible()
    here.keyboard.press("ArrowUp")
    expect(field).not_to_have_attribute("aria-activedescendant", re.compile("."))
    here.keyboard.press("ArrowDown")
    address = options.first.get_attribute("data-url") or ""
    here.keyboard.press("Enter")
    here.wait_for_url(f"**{address}")


def test_enter_without_a_suggestion_searches(page: OpenPage):
    here = page(REFERENT)
    here.goto("/horari/")
    here.keyboard.press("/")
    type_in(here, "#top-q", "menors")
    here.keyboard.press("Enter")
    here.wait_for_url("**/cerca/?q=menors")


def test_a_suggestion_is_opened_with_the_mouse(page: OpenPage):
    here = page()
    here.goto("/cerca/")
    type_in(here, "#q", "menors")
    first = here.locator("[role=option]").first
    address = first.get_attribute("data-url") or ""
    first.click()
    here.wait_for_url(f"**{address}")


def test_on_the_board_the_slash_is_still_the_boards(page: OpenPage):
    here = page(AGENT)
    here.goto("/suport/taula/")
    here.keyboard.press("/")
    expect(here.locator("main #q")).to_be_focused()


def test_on_a_phone_the_search_of_the_header_opens_and_nothing_overflows(page: OpenPage):
    here = page(REFERENT, width=320)
    here.goto("/horari/")
    lens = here.locator("#top-q")
    assert (lens.bounding_box() or {})["width"] < 60
    lens.focus()
    type_in(here, "#top-q", "menors")
    expect(here.locator("[role=option]").first).to_be_visible()
    assert (lens.bounding_box() or {})["width"] > 240
    assert here.evaluate("document.documentElement.scrollWidth") <= 320
