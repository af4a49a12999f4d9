"""What happens elsewhere shows on an open page, and what is being read does not move."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage

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


def test_a_visitor_s_page_opens_no_socket(page: OpenPage):
    visitor = page()
    sockets = []
    visitor.on("websocket", lambda socket: sockets.append(socket.url))
    visitor.goto("/")
    visitor.wait_for_load_state("networkidle")
    assert sockets == []
