from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from knowledge_base.models import Audience, NewsPage
from knowledge_base.news.content import load_examples
from knowledge_base.news.permissions import can_read, visible_to
from platform_core.accounts.roles import Role
from platform_core.organisations.models import Kind
from tests.factories.accounts import UserFactory
from tests.factories.news import component, news, release
from tests.factories.organisations import MembershipFactory, OrganisationFactory
from tests.factories.questions import deliver, index

pytestmark = pytest.mark.django_db


def test_the_list_tells_what_is_new_the_latest_first(client):
    news("La vella", date=date(2026, 3, 1))
    release("0.31.2", date=date(2026, 4, 1), components=(component("propostes"),))
    page = client.get("/novetats/")
    assert [item.title for item in page.context["listed"].pages] == ["Versió 0.31.2", "La vella"]
    assert "Propostes" in page.text
    assert "0.31.2" in page.text
    assert "Versió 0.31.2" in client.get("/novetats/versio-0312/").text


@pytest.mark.parametrize("prefix", ["", "/es", "/en"])
def test_the_pages_are_there_in_the_three_languages(client, prefix):
    page = news("Noves sessions")
    assert f'href="{prefix}/novetats/noves-sessions/"' in client.get(f"{prefix}/novetats/").text
    text = client.get(f"{prefix}/{page.site_path}").text
    assert "Hi ha places." in text
    assert ('lang="ca"' in text.partition("<main")[2].partition("</main>")[0]) is bool(prefix)


def test_it_is_filtered_by_kind_and_component(client):
    news("Una notícia", components=(component("debats"),))
    release("0.31.1", components=(component("propostes"), component("debats")))
    release("0.31.2", components=(component("propostes"),))

    def titles(query):
        return [item.title for item in client.get(f"/novetats/{query}").context["listed"].pages]

    assert titles("?tipus=novetats") == ["Una notícia"]
    assert titles("?tipus=versions") == ["Versió 0.31.2", "Versió 0.31.1"]
    assert titles("?component=debats") == ["Versió 0.31.1", "Una notícia"]
    assert titles("?tipus=versions&component=debats") == ["Versió 0.31.1"]
    assert titles("?component=enquestes") == []


@pytest.mark.parametrize("text", ["x", "-1", "9" * 4000, "١٢~٣", "1' OR '1'='1", "\0", "<script>", "2026-99-99~1", "~"])
def test_nonsense_is_as_if_it_were_not_there(client, text):
    news()
    for name in ("tipus", "component", "despres"):
        page = client.get("/novetats/", {name: text})
        assert [item.title for item in page.context["listed"].pages] == ["Noves sessions"]


def test_the_pages_of_the_list_follow_each_other_without_gap_or_repetition(client, monkeypatch):
    monkeypatch.setattr("knowledge_base.news.queries.PAGE_SIZE", 2)
    titles = [f"Notícia {number}" for number in range(5)]
    for title in titles:
        news(title, date=date(2026, 3, 1))
    seen, address = [], "/novetats/"
    while address:
        listed = client.get(address).context["listed"]
        seen += [item.title for item in listed.pages]
        address = f"/novetats/{listed.next_address}" if listed.next_address else ""
    assert seen == titles[::-1]


def test_no_query_a_row(client):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get("/novetats/")
        return len(captured)

    release("0.30.0", components=(component("propostes"),))
    client.get("/novetats/")
    one = queries()
    for number in range(1, 15):
        release(f"0.30.{number}", components=(component("propostes"), component("debats")))
    assert queries() == one


@pytest.mark.parametrize("audience", [Audience.SIGNED_IN, Audience.STAFF])
def test_what_one_may_not_read_is_nowhere(client, audience):
    hidden = news("Només per a dins", audience=audience)
    deliver()
    addresses = ["/", "/novetats/", "/novetats/atom/"]
    assert all(hidden.title not in client.get(address).text for address in addresses)
    assert client.get(f"/{hidden.site_path}").status_code == 404
    client.force_login(UserFactory(roles=[Role.AGENT_1]))
    assert hidden.title in client.get("/novetats/").text
    assert hidden.title in client.get("/").text
    assert client.get(f"/{hidden.site_path}").status_code == 200
    assert hidden.title not in client.get("/novetats/atom/").text, "a feed has no reader that we know"


def test_who_may_read_is_the_same_asked_of_one_page_and_of_all(django_user_model):
    from django.contrib.auth.models import AnonymousUser  # noqa: PLC0415

    for audience in Audience:
        news(f"Per a {audience}", audience=audience)
        news(f"Esborrany per a {audience}", audience=audience, live=False)
    for viewer in (AnonymousUser(), UserFactory(), UserFactory(roles=[Role.EDITOR])):
        by_one = {page.pk for page in NewsPage.objects.all() if can_read(viewer, page)}
        assert by_one == set(visible_to(viewer).values_list("pk", flat=True))


def test_the_feed_has_what_is_public_with_whole_addresses(client):
    release("0.31.2", components=(component("propostes"),))
    feed = client.get("/novetats/atom/")
    assert feed["Content-Type"].startswith("application/atom+xml")
    assert "<title>Versió 0.31.2</title>" in feed.text
    assert 'href="http://' in feed.text
    assert "/novetats/versio-0312/" in feed.text
    assert 'term="Propostes"' in feed.text


def test_what_changes_is_told_to_whom_it_is_for(client):
    page = news(
        changes=(
            ("", "Per a tothom."),
            (Kind.MUNICIPALITY, "Per a municipis."),
            (Kind.COUNTY_COUNCIL, "Per a consells."),
        )
    )
    text = client.get(f"/{page.site_path}").text
    assert ("Per a tothom." in text, "Per a municipis." in text) == (True, False)
    seat = MembershipFactory(organisation=OrganisationFactory(kind=Kind.MUNICIPALITY))
    client.force_login(seat.person)
    text = client.get(f"/{page.site_path}").text
    assert ("Per a municipis." in text, "Per a consells." in text) == (True, False)


def test_release_notes_say_their_version():
    page = release("0.31.2", live=False)
    page.version = ""
    with pytest.raises(Exception, match="version"):
        page.full_clean()


def test_it_is_found_by_the_search_while_it_is_there(client):
    from django.contrib.auth.models import AnonymousUser  # noqa: PLC0415

    from platform_core.search.public import find  # noqa: PLC0415

    page = release("0.31.2", text="Les adhesions canvien de nom.", components=(component("propostes"),))
    deliver()
    assert [hit.title for hit in find("adhesions", viewer=AnonymousUser())] == ["Versió 0.31.2"]
    page.unpublish()
    assert find("adhesions", viewer=AnonymousUser()) == []


def test_the_home_page_tells_the_last_two_and_a_new_one_is_there_once_the_worker_has_run(client):
    for number in range(3):
        news(f"Notícia {number}")
    index()
    deliver()
    page = client.get("/").text
    assert ["Notícia 0" in page, "Notícia 1" in page, "Notícia 2" in page] == [False, True, True]
    news("La més nova")
    deliver()
    assert "La més nova" in client.get("/").text


def test_the_examples_are_there_once_and_say_that_they_are(client):
    assert load_examples() == 3
    assert load_examples() == 0
    page = NewsPage.objects.get(title__startswith="Noves sessions")
    assert "És un exemple" in client.get(f"/{page.site_path}").text
