"""What happens elsewhere shows on an open page, and what is being read does not move."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, OpenPage
from tests.browser.guests import WITH_APP

ENS = "/ens/puigcerver-del-valles/"


def test_a_colleague_s_act_is_announced_on_the_open_home_page(page: OpenPage):
    technician = page("tecnica@ens1.test")
    technician.goto("/")
    news = technician.locator("[data-live-news]")
    expect(news).to_be_empty()
    first = technician.locator("ol.rows li").first.inner_text()

    referent = page("referent@ens1.test")
    referent.goto(f"{ENS}membres/afegeix/")
    referent.locator("main input[type=email]").fill("algu.nou@ens1.test")
    referent.locator("main input[type=email]").press("Enter")
    referent.wait_for_url(f"**{ENS}")

    expect(news).to_contain_text("1 novetat")
    assert technician.locator("ol.rows li").first.inner_text() == first
    news.get_by_role("link").click()
    expect(technician.locator("ol.rows li").first).to_contain_text("Laia Serra")
    expect(news).to_be_empty()


def test_a_lost_connection_is_said_and_so_is_its_return(page: OpenPage):
    member = page("referent@ens2.test")
    away = True

    def meet(socket):
        if away:
            socket.close()
        else:
            socket.connect_to_server()

    member.route_web_socket("**/ws/", meet)
    member.goto("/")
    banner = member.locator("#live-banner")
    expect(banner).to_contain_text("S'ha perdut la connexió", timeout=15_000)
    away = False
    expect(banner).to_contain_text("Tornem a tenir connexió", timeout=30_000)


def test_who_signs_out_in_another_tab_is_told_on_this_one(page: OpenPage):
    first = page()
    first.goto("/compte/login/")
    first.locator("main input[name=login]").fill("moderadora@desk.test")
    first.locator("main input[name=password]").fill(PASSWORD)
    with first.expect_websocket() as opening:
        first.locator("main input[name=password]").press("Enter")
    opening.value.wait_for_event("framereceived", lambda frame: '"subscribed"' in str(frame))
    other = first.context.new_page()
    other.goto("/compte/logout/")
    other.locator("main form button[type=submit]").click()
    other.wait_for_url(lambda url: "/logout" not in url)
    banner = first.locator("#live-banner")
    expect(banner).to_contain_text("Ja no teniu la sessió iniciada aquí", timeout=15_000)
    sockets = []
    first.on("websocket", lambda socket: sockets.append(socket.url))
    first.evaluate("dispatchEvent(new Event('online'))")  # not even then does it ask again
    assert sockets == []


def test_who_is_added_to_an_organisation_is_told_on_the_open_home_page(page: OpenPage):
    """By one's own stream: the organisation's could not be followed yet."""
    newcomer = page(WITH_APP)
    newcomer.goto("/")
    news = newcomer.locator("[data-live-news]")
    expect(news).to_be_empty()
    referent = page("referent@ens1.test")
    referent.goto(f"{ENS}membres/afegeix/")
    referent.locator("main input[type=email]").fill(WITH_APP)
    referent.locator("main input[type=email]").press("Enter")
    referent.wait_for_url(f"**{ENS}")
    expect(news).to_contain_text("1 novetat")
    news.get_by_role("link").click()
    expect(newcomer.locator("ol.rows li").first).to_contain_text("Joan Mòbil")

    # Now that both streams are followed, one event is one piece of news.
    expect(news).to_be_empty()
    referent.get_by_role("listitem").filter(has_text="Joan Mòbil").locator("a[href$='/rol/']").click()
    referent.locator("main select[name=role]").select_option("referent")
    referent.locator("main form button[type=submit]").click()
    referent.wait_for_url(f"**{ENS}")
    expect(news).to_contain_text("1 novetat")


def test_a_visitor_s_page_opens_no_socket(page: OpenPage):
    visitor = page()
    sockets = []
    visitor.on("websocket", lambda socket: sockets.append(socket.url))
    visitor.goto("/")
    visitor.wait_for_load_state("networkidle")
    assert sockets == []
