"""An agent's open pages follow what others do, without a reload and without moving what is being read."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, Product

AGENT, COLLEAGUE, COORDINATOR = "suport@desk.test", "seccio@desk.test", "coordinacio@desk.test"
CALLER = "tecnica@ens1.test"


def call(page: Page, subject: str) -> str:
    """Somebody phones an agent; returns the reference."""
    page.goto("/suport/taula/nova/")
    page.locator("[name=who]").fill(CALLER)
    page.locator("[name=subject]").fill(subject)
    page.locator("[name=text]").fill("Ho expliquem per telèfon.")
    page.locator("[name=mine]").uncheck()
    page.locator("main form[data-intake] button[type=submit]").click()
    page.wait_for_url("**/suport/taula/S-*/")
    return page.url.rstrip("/").rpartition("/")[2]


def test_a_new_ticket_is_announced_and_the_rows_stay(page: OpenPage):
    board, phone = page(AGENT), page(COLLEAGUE)
    board.goto("/suport/taula/")
    first = board.locator("tr[data-ref] a").first.inner_text()
    reference = call(phone, "Acaba d'entrar")
    news = board.locator("[data-fresh]")
    expect(news).to_contain_text("1 canvi")
    assert board.locator("tr[data-ref] a").first.inner_text() == first
    assert board.locator(f"tr[data-ref={reference}]").count() == 0
    news.get_by_role("link").click()
    expect(board.locator(f"tr[data-ref={reference}]")).to_contain_text("Acaba d'entrar")


def test_who_takes_a_ticket_shows_at_once_in_every_open_board(page: OpenPage):
    boards = [page(AGENT), page(COORDINATOR)]
    taker = page(COLLEAGUE)
    reference = call(taker, "Qui el porta?")
    for each in boards:
        each.goto("/suport/taula/")
    taker.goto("/suport/taula/")
    taker.locator(f"tr[data-ref={reference}] button").click()
    for each in (taker, *boards):
        expect(each.locator(f"tr[data-ref={reference}] .who")).to_contain_text("Elvira")
    assert taker.url.endswith("/suport/taula/")


def test_an_answer_and_a_solution_show_in_the_row_where_it_stands(page: OpenPage):
    board, worker = page(AGENT), page(COLLEAGUE)
    reference = call(worker, "Es resol de seguida")
    board.goto("/suport/taula/")
    before = board.locator("tr[data-ref]").evaluate_all("rows => rows.map((row) => row.dataset.ref)")
    worker.locator("#pan-reply textarea").fill("Ja està arreglat.")
    worker.locator("#pan-reply select[name=then]").select_option("resolved")
    worker.locator("#pan-reply button[type=submit]").click()
    expect(board.locator(f"tr[data-ref={reference}]")).to_have_class("board__row board__row--gone")
    after = board.locator("tr[data-ref]").evaluate_all("rows => rows.map((row) => row.dataset.ref)")
    assert after == before


def test_a_promise_that_is_broken_shows_on_an_open_board(page: OpenPage, product: Product):
    board = page(AGENT)
    reference = call(page(COLLEAGUE), "Se'ns passa l'hora")
    with board.expect_websocket() as opening:
        board.goto("/suport/taula/")
    opening.value.wait_for_event("framereceived", lambda frame: '"subscribed"' in str(frame))
    row = board.locator(f"tr[data-ref={reference}]")
    expect(row.locator(".promise")).not_to_have_class("promise promise--breached")
    many = int(board.locator("#board-tabs a", has_text="A punt de vèncer").locator(".count").inner_text())
    with opening.value.expect_event(
        "framereceived", lambda frame: "desk.clock_breached" in str(frame) and reference in str(frame), timeout=60_000
    ):
        product.ask("-m", "tests.browser.expire", reference)
    expect(row.locator(".promise")).to_have_class("promise promise--breached")
    expect(board.locator("#board-tabs a", has_text="A punt de vèncer").locator(".count")).to_have_text(str(many + 1))


def test_a_new_message_waits_at_the_bench_and_who_has_it_shows_at_once(page: OpenPage):
    reader, other = page(AGENT), page(COLLEAGUE)
    reference = call(other, "Dues persones alhora")
    reader.goto(f"/suport/taula/{reference}/")
    reader.locator("#pan-reply textarea").fill("Estic escrivint…")
    other.keyboard.press("n")
    other.keyboard.type("Compte amb la cua.")
    other.locator("#pan-note button[type=submit]").click()
    expect(reader.locator("[data-fresh]")).to_contain_text("1 missatge nou")
    assert reader.locator(".note").count() == 0
    other.locator(".rail__take").click()
    expect(reader.locator("#bench-head")).to_contain_text("Elvira Codina")
    reader.locator("[data-fresh] button").click()
    expect(reader.locator(".note")).to_contain_text("Compte amb la cua.")
    reader.locator("#pan-reply button[type=submit]").click()
    expect(reader.locator(".msg--desk")).to_contain_text("Estic escrivint…")


def test_an_answer_to_what_changed_meanwhile_is_asked_about_and_kept(page: OpenPage):
    reader, other = page(AGENT), page(COLLEAGUE)
    reference = call(other, "Ha canviat mentrestant")
    reader.goto(f"/suport/taula/{reference}/")
    reader.locator("#pan-reply textarea").fill("La meva resposta.")
    other.locator("#pan-reply textarea").fill("La resposta de l'Elvira.")
    other.locator("#pan-reply button[type=submit]").click()
    expect(other.locator(".msg--desk")).to_be_visible()
    reader.locator("#pan-reply button[type=submit]").click()
    expect(reader.locator(".msg--new")).to_contain_text("La resposta de l'Elvira.")
    expect(reader.locator("#pan-reply textarea")).to_have_value("La meva resposta.")
    reader.locator("#pan-reply button[type=submit]").click()
    expect(reader.locator(".msg--desk").last).to_contain_text("La meva resposta.")


def test_the_board_is_worked_by_keyboard(page: OpenPage):
    board, other = page(AGENT), page(COLLEAGUE)
    reference = call(other, "Per teclat")
    board.goto(f"/suport/taula/?q={reference}")
    board.keyboard.press("j")
    expect(board.locator(f"tr[data-ref={reference}]")).to_have_class("board__row board__row--sel")
    board.keyboard.press("a")
    expect(board.locator(f"tr[data-ref={reference}] .who")).to_contain_text("Oriol")
    board.keyboard.press("x")
    expect(board.locator("[data-chosen]")).to_contain_text("1")
    board.keyboard.press("/")
    assert board.evaluate("document.activeElement.id") == "q"
    board.locator(f"tr[data-ref={reference}] a").focus()
    board.keyboard.press("Enter")
    board.wait_for_url(f"**/{reference}/")


def test_who_calls_is_found_while_one_types(page: OpenPage):
    phone = page(AGENT)
    phone.goto("/suport/taula/nova/")
    phone.locator("[name=who]").press_sequentially("nuria")
    expect(phone.locator("#found [role=option]")).to_have_count(1)
    phone.keyboard.press("ArrowDown")
    phone.keyboard.press("Enter")
    expect(phone.locator("[name=who]")).to_have_value(CALLER)
    expect(phone.locator("[name=organisation]")).to_have_value("Puigcerver del Vallès")
    promised = phone.locator("#promised").inner_text()
    phone.locator("[name=kind]").select_option("outage")
    expect(phone.locator("#promised")).not_to_have_text(promised)
