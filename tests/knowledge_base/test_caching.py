"""Public pages that are kept: quick for visitors, right at once, and never one person's page for another."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from knowledge_base import views
from knowledge_base.models import Audience
from platform_core.accounts.roles import Role
from tests.factories.accounts import UserFactory
from tests.factories.questions import index, question, topic

pytestmark = pytest.mark.django_db

ONE_QUERY = 1


@pytest.fixture(autouse=True)
def pages_are_kept(settings):
    settings.PUBLIC_PAGES_KEPT = 300
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def subject():
    return topic("Logotip", slug="logotip")


@pytest.fixture
def page(subject):
    return question("On es canvia el logotip?", of=subject)


def queries(client, url, **extra):
    with CaptureQueriesContext(connection) as made:
        assert client.get(url, **extra).status_code == 200
    return len(made)


@pytest.mark.parametrize("where", ["/faq/", "/faq/logotip/", "/faq/logotip/on-es-canvia-el-logotip/"])
def test_the_second_visit_asks_one_thing(client, page, where):
    first = client.get(where)
    assert queries(client, where) == ONE_QUERY
    second = client.get(where)
    assert second.content == first.content
    assert {**second.headers} == {**first.headers}
    assert "csrftoken" not in client.cookies


def test_the_languages_are_kept_apart(client, page):
    texts = {prefix: client.get(f"{prefix}/faq/logotip/").text for prefix in ("", "/es", "/en")}
    assert {prefix: client.get(f"{prefix}/faq/logotip/").text for prefix in texts} == texts
    assert len(set(texts.values())) == len(texts)
    # The address says the language, whatever the browser prefers.
    assert client.get("/faq/logotip/", headers={"accept-language": "es"}).text == texts[""]


def test_the_themes_and_hosts_are_kept_apart(client, page, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.get("/faq/logotip/")
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in client.get("/faq/logotip/").text
    client.cookies["theme"] = "anything"
    assert "data-theme" not in client.get("/faq/logotip/").text
    assert "//other.test/" in client.get("/faq/logotip/", headers={"host": "other.test"}).text


def test_published_anew_withdrawn_moved_and_deleted_show_at_once(client, subject, page):
    other = question("Una altra?", of=subject)
    urls = ["/faq/", "/faq/logotip/", page.get_absolute_url()]
    for url in urls:
        client.get(url)
    page.title = "On es posa el logotip?"
    page.save_revision().publish()
    assert "On es posa el logotip?" in client.get("/faq/logotip/").text
    assert "On es posa el logotip?" in client.get(page.get_absolute_url()).text
    other.unpublish()
    assert "Una altra?" not in client.get("/faq/logotip/").text
    assert client.get(other.get_absolute_url()).status_code == 404
    plans = topic("Plans", slug="plans")
    client.get("/faq/plans/")
    page.move(plans, pos="last-child")
    assert "On es posa el logotip?" in client.get("/faq/plans/").text
    assert client.get(urls[2]).status_code == 404
    page.refresh_from_db()
    page.delete()
    assert client.get("/faq/plans/").status_code == 404
    plans.title = "Uns altres plans"
    question("Què?", of=plans)
    plans.save_revision().publish()
    assert "Uns altres plans" in client.get("/faq/").text
    front = index()
    front.introduction = "Benvingudes"
    front.save_revision().publish()
    assert "Benvingudes" in client.get("/faq/").text


def test_a_change_of_audience_takes_a_page_away_at_once(client, page):
    client.get(page.get_absolute_url())
    page.audience = Audience.STAFF
    page.save_revision().publish()
    assert client.get(page.get_absolute_url()).status_code == 404
    assert "On es canvia" not in client.get("/faq/").text


@pytest.mark.parametrize("audience", [Audience.SIGNED_IN, Audience.STAFF])
def test_what_somebody_signed_in_sees_is_never_kept_for_others(client, subject, page, audience):
    hidden = question("On es guarda el cens?", of=subject, audience=audience)
    agent = UserFactory(roles=[Role.AGENT_1], name="Oriol Bastida")
    client.force_login(agent)
    own = client.get("/faq/logotip/")
    assert hidden.title in own.text
    assert str(agent.pk) in re.findall(r'data-person="(\d+)"', own.text)
    client.get(hidden.get_absolute_url())
    client.logout()
    client.cookies.clear()
    assert hidden.title not in client.get("/faq/logotip/").text
    assert "data-person" not in client.get("/faq/logotip/").text
    assert client.get(hidden.get_absolute_url()).status_code == 404
    client.force_login(agent)
    assert hidden.title in client.get("/faq/logotip/").text, "nor is the visitors' page theirs"


def test_a_kept_page_has_no_token_and_the_form_comes_later_with_ones_own(client, page):
    url = page.get_absolute_url()
    assert "csrfmiddlewaretoken" not in client.get(url).text
    later = f'hx-get="/faq/valoracio/{page.pk}/"'
    assert later in client.get(url).text
    form = client.get(f"/faq/valoracio/{page.pk}/", headers={"hx-request": "true"})
    assert "<html" not in form.text
    assert "csrfmiddlewaretoken" in form.text
    alone = client.get(f"/faq/valoracio/{page.pk}/")
    assert "csrfmiddlewaretoken" in alone.text
    assert alone["X-Robots-Tag"] == "noindex"
    client.post(f"/faq/valoracio/{page.pk}/", {"helped": "yes"})
    assert "Gràcies" in client.get(url).text, "who has said something is shown their own page"
    client.cookies.clear()
    assert "Gràcies" not in client.get(url).text


def test_a_message_waits_for_its_reader(client, page):
    url = page.get_absolute_url()
    client.get(url)
    client.cookies["messages"] = "something"
    assert queries(client, url) > ONE_QUERY


@pytest.mark.parametrize("query", ["?q=logotip", "?a=1", "?q="])
def test_an_address_with_a_query_is_drawn_each_time(client, page, query):
    client.get(f"/faq/{query}")
    assert queries(client, f"/faq/{query}") > ONE_QUERY


def test_a_page_that_is_not_there_is_not_kept(client, subject):
    assert client.get("/faq/logotip/encara-no/").status_code == 404
    question("Encara no", of=subject)
    assert client.get("/faq/logotip/encara-no/").status_code == 200


def test_a_draft_that_is_looked_at_is_not_kept(client, page):
    page.title = "Un esborrany"
    page.save_revision()
    assert "Un esborrany" not in client.get(page.get_absolute_url()).text


def test_what_is_drawn_while_a_change_is_made_is_old_at_once(client, page, monkeypatch):
    """The number is read before the page is drawn: a change in between makes a page that nobody is given."""

    def change_meanwhile(*_args, **_facts):
        monkeypatch.undo()
        page.title = "Canviada mentrestant"
        page.save_revision().publish()
        return []

    monkeypatch.setattr(views, "related_to", change_meanwhile)
    assert "On es canvia" in client.get(page.get_absolute_url()).text
    assert "Canviada mentrestant" in client.get(page.get_absolute_url()).text
