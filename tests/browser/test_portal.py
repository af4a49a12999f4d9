"""The requester's side in a real browser: filing, what is kept, and an answer that arrives while one reads."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.factories.files import PNG

REFERENT, AGENT = "referent@ens2.test", "suport@desk.test"
SUBJECT = "Una prova del navegador: no arriben els correus"


def write(person: Page, subject: str = SUBJECT) -> None:
    person.goto("/suport/nova/")
    person.get_by_label("Incidència").check()
    person.get_by_label("En una frase").fill(subject)
    person.get_by_label("Amb detall").fill("Des d'aquest matí **no** arriben. La veïna 12345678Z hi és.")


def test_a_referent_files_an_incident_and_the_answer_arrives_while_they_read(page: OpenPage, tmp_path: Path):
    person = page(REFERENT)
    write(person)
    expect(person.locator("[data-identity-note]")).to_be_visible()
    person.get_by_role("button", name="Tapa'l ara").click()
    expect(person.get_by_label("Amb detall")).to_have_value(
        "Des d'aquest matí **no** arriben. La veïna •••••678Z hi és."
    )
    expect(person.get_by_label("Amb detall")).to_be_focused()
    expect(person.locator("[data-identity-note]")).to_be_hidden()
    expect(person.locator("#promised")).to_contain_text("us respondrem abans de")
    picture = tmp_path / "captura.png"
    picture.write_bytes(PNG)
    person.locator("input[type=file]").set_input_files(picture)
    person.get_by_role("button", name="Envia el tiquet").dblclick()
    person.wait_for_url("**/suport/S-*/")
    reference = person.url.rstrip("/").rpartition("/")[2]
    expect(person.locator("#talk")).to_contain_text("•••••678Z")
    expect(person.locator("#talk")).to_contain_text("captura.png")
    expect(person.locator("#ticket-promise")).to_contain_text("Ho resoldrem abans de")

    agent = page(AGENT)
    agent.goto(f"/suport/taula/{reference}/")
    agent.locator("#pan-reply textarea").fill("Bon dia! Quin procés és?")
    agent.locator("#pan-reply select[name=then]").select_option("waiting")
    agent.locator("#pan-reply button[type=submit]").click()
    agent.wait_for_url(f"**/suport/taula/{reference}/")

    # It waits behind a button, and the state says whose turn it is.
    expect(person.locator("[data-fresh]")).to_contain_text("1 resposta nova")
    expect(person.locator("#ticket-head")).to_contain_text("Esperem la vostra resposta")
    expect(person.locator("#talk")).not_to_contain_text("Quin procés és?")
    person.locator("[data-fresh] button").click()
    expect(person.locator("#talk")).to_contain_text("Quin procés és?")

    person.get_by_label("La vostra resposta").fill("El del pressupost.")
    person.get_by_role("button", name="Envia la resposta").click()
    expect(person.locator("#talk")).to_contain_text("El del pressupost.")
    # What was sent is not offered again.
    expect(person.get_by_label("La vostra resposta")).to_have_value("")

    person.goto("/suport/")
    expect(person.locator("ul.rows li", has_text=SUBJECT)).to_have_count(1)  # pressed twice, filed once


def test_what_was_typed_survives_a_session_that_ended(page: OpenPage):
    person = page()
    person.goto("/compte/login/?next=/suport/nova/")
    sign_in(person)
    write(person, "Un tiquet que no s'ha de perdre")
    person.wait_for_timeout(600)  # the draft is written after a moment without typing
    person.context.clear_cookies(name="sessionid")
    person.get_by_role("button", name="Envia el tiquet").click()
    person.wait_for_url("**/compte/login/**")
    sign_in(person)
    person.goto("/suport/nova/")
    expect(person.get_by_label("En una frase")).to_have_value("Un tiquet que no s'ha de perdre")
    expect(person.get_by_label("Incidència")).to_be_checked()


def lose_the_answer(person: Page) -> None:
    """The server takes what is sent, and the connection drops before its answer arrives."""

    def take_and_drop(route: Route) -> None:
        if route.request.method != "POST":
            return route.fallback()
        assert route.fetch(max_redirects=0).status == HTTPStatus.FOUND
        return route.abort("connectionreset")

    person.route("**/suport/nova/", take_and_drop)
    with person.expect_event("requestfailed"):
        person.get_by_role("button", name="Envia el tiquet").click()
    person.unroute("**/suport/nova/")


def file_again(person: Page) -> None:
    person.get_by_role("button", name="Envia el tiquet").click()
    person.wait_for_url("**/suport/S-*/")


def test_a_ticket_whose_answer_was_lost_is_sent_again_and_filed_once(page: OpenPage):
    person, subject = page(REFERENT), "La resposta es va perdre"
    write(person, subject)
    lose_the_answer(person)
    # As people do: look elsewhere whether the connection is back, and then at the form again.
    person.goto("/suport/")
    expect(person.locator("ul.rows li", has_text=subject)).to_have_count(1)
    reference = person.locator("ul.rows li", has_text=subject).locator("a").get_attribute("href")
    person.goto("/suport/nova/")
    expect(person.get_by_label("En una frase")).to_have_value(subject)
    file_again(person)
    assert person.url.endswith(reference)
    person.goto("/suport/nova/")
    expect(person.get_by_label("En una frase")).to_have_value("")
    person.goto("/suport/")
    expect(person.locator("ul.rows li", has_text=subject)).to_have_count(1)


def test_what_was_changed_after_a_lost_answer_is_not_thrown_away(page: OpenPage):
    person, subject = page(REFERENT), "Encara hi faltava una cosa"
    write(person, subject)
    lose_the_answer(person)
    person.goto("/suport/nova/")
    person.get_by_label("Amb detall").fill("I això no ho sabíeu.")
    file_again(person)
    expect(person.locator("#talk")).to_contain_text("I això no ho sabíeu.")


def test_the_platform_follows_the_organisation_until_somebody_writes_another(page: OpenPage):
    person = page(REFERENT)
    person.goto("/suport/nova/")
    host, ens = person.get_by_label("Plataforma"), person.get_by_label("En nom de")
    preset = host.input_value()
    assert preset
    chosen = ens.input_value()
    ens.select_option("")
    expect(host).to_have_value("")
    ens.select_option(chosen)
    expect(host).to_have_value(preset)
    host.fill("una.altra.example")
    ens.select_option("")
    expect(host).to_have_value("una.altra.example")


def test_bad_input_is_told_beside_the_field_and_a_key_opens_a_new_ticket(page: OpenPage):
    person = page(REFERENT, width=360)
    person.goto("/suport/")
    person.keyboard.press("c")
    person.wait_for_url("**/suport/nova/")
    person.evaluate("document.querySelector('form[data-new]').noValidate = true")
    person.get_by_role("button", name="Envia el tiquet").click()
    expect(person.locator(".errors")).to_contain_text("En una frase")
    expect(person.locator("#id_subject_error")).to_be_visible()


def sign_in(person: Page) -> None:
    person.locator("main input[name=login]").fill("tecnica@ens1.test")
    person.locator("main input[name=password]").fill("participa311-demo")
    person.locator("main input[name=password]").press("Enter")
    person.wait_for_url(lambda url: "/compte/login" not in url)


def test_an_answer_opens_beside_the_draft_and_spares_the_ticket(page: OpenPage):
    person = page("referent@ens1.test")
    person.goto("/suport/nova/")
    person.get_by_label("En una frase").fill("Com puc canviar el logotip de la capçalera")
    first = person.locator("#suggestions [data-open]").first
    expect(first).to_be_visible()
    first.click()
    expect(first).to_have_attribute("aria-expanded", "true")
    expect(person.locator("#suggestions [data-body] .answer").first).to_be_visible()
    expect(person.get_by_label("En una frase")).to_have_value("Com puc canviar el logotip de la capçalera")
    expect(person.locator("[data-opened]")).not_to_have_value("")
    person.get_by_role("button", name="Això m'ho ha resolt").first.click()
    person.wait_for_url("**/faq/suggeriments/resolt/")
    expect(person.get_by_role("heading", level=1)).to_contain_text("Ens alegrem")
    person.goto("/suport/nova/")
    expect(person.get_by_label("En una frase")).to_have_value("")


def test_whoever_is_not_signed_in_says_whether_an_answer_helped(page: OpenPage):
    reader = page(None)
    reader.goto("/faq/menors-14-anys/hi-poden-participar-menors-de-14-anys/")
    reader.locator("#valoracio button[value=yes]").click()
    expect(reader.locator("#valoracio [role=status]")).to_contain_text("Gràcies")
