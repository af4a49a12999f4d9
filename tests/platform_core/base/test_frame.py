"""What stands around every page, and the pages that stand when nothing else does."""

from pathlib import Path

import pytest
from django.core import mail as outbox
from django.test import Client
from django.utils.translation import gettext_lazy

from platform_core.base import mail
from platform_core.base.context import without_language
from platform_core.base.templatetags.ui import initials
from tests.factories.accounts import UserFactory

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "/"),
        ("/es/", "/"),
        ("/en/ens/", "/ens/"),
        ("/es", "/"),
        ("/estil/", "/estil/"),
        ("/english/", "/english/"),
    ],
)
def test_a_path_without_its_language(path: str, expected: str):
    assert without_language(path) == expected


@pytest.mark.django_db
def test_the_other_languages_lead_to_the_same_page_with_its_query(client: Client):
    html = client.get("/privacitat/?a=1").content.decode()
    assert 'href="/es/privacitat/?a=1" lang="es"' in html
    assert 'href="/en/privacitat/?a=1" lang="en"' in html


@pytest.mark.django_db
def test_the_menu_has_only_what_the_reader_may_open(client: Client):
    assert 'href="/gestio/"' not in client.get("/privacitat/").content.decode()
    client.force_login(UserFactory(is_staff=True))
    assert 'href="/gestio/"' in client.get("/privacitat/").content.decode()


@pytest.mark.django_db
def test_the_page_where_one_is_is_marked_once(client: Client):
    html = client.get("/").content.decode()
    assert html.count('aria-current="page"') == 1


@pytest.mark.django_db
def test_the_theme_of_the_cookie_is_written_by_the_server(client: Client):
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in client.get("/privacitat/").content.decode()
    client.cookies["theme"] = '"><script>'
    assert "<script>" not in client.get("/privacitat/").content.decode()


@pytest.mark.django_db
def test_the_style_page_is_there_for_staff_and_for_nobody_else(client: Client):
    assert client.get("/gestio/estil/").status_code == 404
    client.force_login(UserFactory())
    assert client.get("/gestio/estil/").status_code == 404
    client.force_login(UserFactory(is_staff=True))
    response = client.get("/gestio/estil/")
    assert response.status_code == 200
    assert "style=" not in response.content.decode()
    assert client.get("/gestio/estil/correu/").status_code == 200


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_what_to_do(client: Client):
    response = client.get("/es/no-hi-es/")
    assert response.status_code == 404
    assert 'href="/es/"' in response.content.decode()


@pytest.mark.parametrize("name", ["500.html", "unavailable.html"])
def test_the_page_of_a_broken_service_needs_nothing_of_it(name: str):
    source = (ROOT / "templates" / name).read_text(encoding="utf-8")
    assert "{%" not in source
    assert "{{" not in source


@pytest.mark.django_db
def test_a_form_that_expired_says_that_nothing_is_lost():
    response = Client(enforce_csrf_checks=True).post("/compte/login/", {"login": "a"})
    assert response.status_code == 403
    assert "data-failed" in response.content.decode()


def test_a_letter_is_written_twice_in_the_language_of_its_reader():
    letter = mail.message(
        to="laia@ens1.test",
        subject=gettext_lazy("Welcome to the Àgora"),
        template="mail/sample",
        context={"name": "<Laia>"},
        language="ca",
    )
    letter.send()
    sent = outbox.outbox[0]
    assert sent.subject == "Us donem la benvinguda a l'Àgora"
    assert "<Laia>" in sent.body
    html = str(sent.alternatives[0].content)
    assert "&lt;Laia&gt;" in html
    assert 'lang="ca"' in html


@pytest.mark.parametrize(
    ("name", "expected"), [("Laia Serra Puig", "LP"), ("Laia", "L"), ("àlex vila", "ÀV"), ("", "·"), ("(x)", "·")]
)
def test_initials(name: str, expected: str):
    assert initials(name) == expected
