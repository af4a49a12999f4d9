"""Incidents that are open now: who writes a ticket about one is led to it first."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from knowledge_base.models import NewsKind, NewsPage
from tests.factories.desk import referent_of
from tests.factories.news import news
from tests.factories.questions import deliver, question

pytestmark = pytest.mark.django_db


def incident(**facts):
    facts.setdefault("title", "Els correus de confirmació arriben tard")
    return news(kind=NewsKind.INCIDENT, date=date(2026, 11, 2), **facts)


def suggested(client, text):
    return client.get("/faq/suggeriments/", {"q": text}).text


def test_an_open_incident_comes_before_what_is_always_so(client):
    client.force_login(referent_of())
    question("Els correus de confirmació arriben tard?")
    page = incident()
    deliver()
    box = suggested(client, "els correus arriben tard")
    assert box.index(f'data-answer="news.page:{page.pk}"') < box.index('data-answer="faq.question')
    assert "Incidència oberta" in box


def test_a_solved_one_says_so_and_has_no_advantage(client):
    client.force_login(referent_of())
    page = incident()
    deliver()
    page.closed_on = date(2026, 11, 3)
    page.save_revision().publish()
    deliver()
    box = suggested(client, "els correus arriben tard")
    assert "Incidència resolta" in box
    assert "Incidència oberta" not in box
    assert "resolta el" in client.get(page.get_absolute_url()).text


def test_a_draft_of_an_incident_is_suggested_to_nobody(client):
    client.force_login(referent_of())
    incident(live=False)
    deliver()
    assert "news.page" not in suggested(client, "els correus arriben tard")


def test_the_list_of_news_can_show_incidents_alone(client):
    incident()
    news("Noves sessions")
    page = client.get("/novetats/", {"tipus": "incidencies"}).text
    assert "arriben tard" in page
    assert "Noves sessions" not in page


@pytest.mark.parametrize(
    ("kind", "closed_on"), [(NewsKind.NEWS, date(2026, 11, 3)), (NewsKind.INCIDENT, date(2026, 11, 1))]
)
def test_only_an_incident_is_solved_and_not_before_it_began(kind, closed_on):
    page = NewsPage(title="Una", slug="una", kind=kind, date=date(2026, 11, 2), closed_on=closed_on, summary="Una.")
    with pytest.raises(ValidationError) as refused:
        page.clean()
    assert "closed_on" in refused.value.message_dict
