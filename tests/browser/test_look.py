"""What everybody must be able to use: no axe-core violation, nothing wider than the screen, all by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.broken import AWAY, BROKEN
from tests.browser.conftest import PASSWORD, OpenPage, Product, Visit
from tests.browser.guests import WITH_APP
from tests.browser.pages import ADMIN, PAGES, REFERENT, Where
from tests.harness import servers

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
COLOURS = {**RULES, "runOnly": ["color-contrast", "link-in-text-block"]}


def _name(where: Where) -> str:
    return f"{where.path} {(where.role or 'visitor').split('@')[0]}"


def _violations(tab: Page, rules: dict[str, list[str]]) -> str:
    """What axe says against what the tab shows, one violation a line."""
    return "\n".join(
        f"{violation['id']}: {node['target']} {node.get('failureSummary', '')}"
        for violation in Axe().run(tab, options=rules).response["violations"]
        for node in violation["nodes"]
    )


def _overflow(tab: Page) -> int:
    """Pixels by which the page is wider than the screen."""
    return int(tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("where", PAGES, ids=_name)
def test_a_page_is_right_on_a_phone_and_on_a_desk_by_day_and_by_night(page: OpenPage, visit: Visit, where: Where):
    """One test a page and not one for each look of it: most of the time of opening a page goes by before axe begins.

    A refused inline style, a missing file or an error in a script would be told in the console.
    """
    tab = page(where.role)
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: said.append(str(error)))
    found: dict[str, str] = {}
    for width in (1280, 360):
        tab.set_viewport_size({"width": width, "height": 900})
        visit(where, tab)
        tab.wait_for_load_state("load")
        found[f"{width} px"] = _violations(tab, RULES)
        # By night the same page stands there in other colours.
        tab.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found[f"{width} px, dark"] = _violations(tab, COLOURS)
        tab.emulate_media(color_scheme="light", reduced_motion="reduce")
    tab.set_viewport_size({"width": 320, "height": 900})
    found["320 px"] = "" if _overflow(tab) == 0 else f"{_overflow(tab)} px wider than the screen"
    found["console"] = "\n".join(line for line in said if "404 (Not Found)" not in line)
    assert {look: told for look, told in found.items() if told} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_where_the_second_factor_is_asked(page: OpenPage, width: int, scheme: str):
    tab = page(width=width, scheme=scheme)
    tab.goto("/compte/login/")
    tab.locator("main input[name=login]").fill(WITH_APP)
    tab.locator("main input[name=password]").fill(PASSWORD)
    tab.locator("main input[name=password]").press("Enter")
    tab.wait_for_url("**/compte/2fa/authenticate/**")
    assert _violations(tab, RULES) == ""


def test_axe_finds_nothing_where_a_new_address_is_checked(page: OpenPage):
    tab = page(width=360)
    tab.goto("/compte/signup/")
    tab.locator("main input[name=name]").fill("Nova Persona")
    tab.locator("main input[name=email]").fill("per.comprovar@ens1.test")
    tab.locator("main input[name=password1]").fill("quatre mots que ningú sap")
    tab.locator("main input[name=password1]").press("Enter")
    tab.wait_for_url("**/compte/confirm-email/**")
    assert _violations(tab, RULES) == ""


@pytest.fixture(scope="module")
def broken_url(product: Product) -> Iterator[str]:
    port = servers.free_port()
    process = product.start("-m", "tests.browser.broken", str(port), settings="tests.browser.broken")
    servers.wait_for_port(port, process, what="the broken pages")
    yield f"http://localhost:{port}"
    servers.stop(process)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(("path", "status"), [(BROKEN, 500), (AWAY, 503)])
def test_axe_finds_nothing_on_the_pages_of_a_bad_day(
    page: OpenPage, broken_url: str, *, path: str, status: int, width: int, scheme: str
):
    tab = page(width=width, scheme=scheme)
    refused: list[str] = []
    tab.on("requestfailed", lambda request: refused.append(request.url))
    answer = tab.goto(broken_url + path)
    assert answer is not None
    assert answer.status == status
    assert tab.evaluate("getComputedStyle(document.body).fontFamily.includes('Verdana')"), "it has its style"
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    assert _violations(tab, RULES) == ""
    assert refused == []


def test_the_first_tab_leads_past_the_menu(page: OpenPage):
    tab = page(REFERENT)
    tab.goto("/")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/#contingut")
    assert tab.evaluate("document.activeElement.id") == "contingut"


def test_the_persons_menu_works_by_keyboard_and_gives_the_focus_back(page: OpenPage):
    tab = page(REFERENT)
    tab.goto("/")
    tab.locator("summary.me").focus()
    tab.keyboard.press("Enter")
    menu = tab.locator(".menu__list").first
    menu.wait_for(state="visible")
    tab.keyboard.press("Tab")
    assert "perfil" in tab.evaluate("document.activeElement.href")
    tab.keyboard.press("Escape")
    menu.wait_for(state="hidden")
    assert tab.evaluate("document.activeElement.className") == "me"


def test_question_mark_lists_the_shortcuts_and_closing_gives_the_focus_back(page: OpenPage):
    tab = page(REFERENT)
    tab.goto("/")
    tab.locator(".logo").focus()
    tab.keyboard.press("?")
    dialog = tab.locator("dialog#shortcuts")
    dialog.wait_for(state="visible")
    assert tab.evaluate("document.activeElement.closest('dialog') !== null")
    tab.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    assert tab.evaluate("document.activeElement.className") == "logo"


def test_g_and_a_letter_goes_where_the_menu_goes_but_not_while_typing(page: OpenPage):
    tab = page(REFERENT)
    tab.goto("/perfil/")
    field = tab.locator("main input[type=text]").first
    field.focus()
    tab.keyboard.type("ge")
    assert tab.url.endswith("/perfil/")
    tab.locator("main").focus()
    tab.keyboard.press("g")
    tab.keyboard.press("e")
    tab.wait_for_url("**/ens/**")


def test_the_theme_is_remembered_and_written_by_the_server(page: OpenPage):
    tab = page(REFERENT, scheme="light")
    tab.goto("/")
    tab.locator("summary.me").click()
    button = tab.locator("[data-theme-toggle]")
    button.click()
    button.click()
    assert tab.evaluate("document.documentElement.dataset.theme") == "dark"
    assert 'data-theme="dark"' in tab.request.get("/").text()


def test_what_was_typed_survives_an_expired_session_and_is_forgotten_on_sign_out(page: OpenPage):
    tab = page(REFERENT)
    tab.goto("/perfil/")
    name = tab.locator("main form[data-keep] input[type=text]").first
    name.fill("Laia Serra i Puig")
    cookies = tab.context.cookies()
    tab.context.clear_cookies(name="sessionid")
    tab.locator("main form[data-keep] button[type=submit]").click()
    tab.wait_for_url("**/login/**")
    tab.context.add_cookies(cookies)
    tab.goto("/perfil/")
    tab.get_by_role("status").filter(has_text="escriv").wait_for()
    assert name.input_value() == "Laia Serra i Puig"
    tab.locator("summary.me").click()
    tab.evaluate("document.querySelector('form[data-forgets]').addEventListener('submit', (e) => e.preventDefault())")
    tab.locator("form[data-forgets] button").click()
    assert tab.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length") == 0


def test_errors_are_told_beside_the_field_and_on_top_with_the_focus(page: OpenPage):
    tab = page()
    tab.goto("/compte/signup/")
    tab.locator("main form button[type=submit]").first.click()
    tab.locator(".errors").wait_for()
    assert tab.evaluate("document.activeElement.className") == "errors"
    tab.locator(".errors a").first.click()
    assert tab.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"


def test_on_a_phone_the_menu_stands_at_the_foot_of_the_screen(page: OpenPage):
    tab = page(ADMIN, width=360)
    tab.goto("/")
    box = tab.locator("nav.nav").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] == 900
    for link in tab.locator("nav.nav a:visible").all():
        size = link.bounding_box()
        assert size is not None
        assert size["height"] >= 44
    for address in ("/ens/", "/horari/"):  # what the menu has no room for
        assert tab.locator(f"nav.nav a[href='{address}']").is_hidden()
        assert tab.locator(f"footer a[href='{address}']").is_visible()
