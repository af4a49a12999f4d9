"""Who asked for it gets a letter for each page, once, in their language, and stops it with one click."""

import re

import pytest
from wagtail.models import Locale

from knowledge_base.models import Audience, NewsPage, Subscription
from knowledge_base.news import domain
from platform_core.accounts.roles import Role
from platform_core.activity.models import Activity
from tests.factories.accounts import UserFactory
from tests.factories.news import news
from tests.factories.questions import deliver

pytestmark = pytest.mark.django_db


def subscriber(**facts):
    person = UserFactory(**facts)
    domain.subscribe(person=person)
    return person


def test_a_person_asks_for_letters_and_for_no_more(client):
    person = UserFactory()
    news()
    client.force_login(person)
    assert 'value="yes"' in client.get("/novetats/").text
    assert client.post("/novetats/subscripcio/", {"letters": "yes"}).url == "/novetats/"
    client.post("/novetats/subscripcio/", {"letters": "yes"})
    assert Subscription.objects.get().person == person
    assert 'value="no"' in client.get("/novetats/").text
    client.post("/novetats/subscripcio/", {"letters": "no"})
    assert not Subscription.objects.exists()
    kinds = ("knowledge_base.news_subscribed", "knowledge_base.news_unsubscribed")
    assert [Activity.objects.filter(type=kind).count() for kind in kinds] == [1, 1]


def test_a_visitor_is_asked_to_sign_in(client):
    assert "/compte/login/" in client.post("/novetats/subscripcio/", {"letters": "yes"}).url
    assert client.get("/novetats/subscripcio/").status_code == 405


def test_each_gets_one_letter_a_page_however_often_it_is_published(mailoutbox):
    first, second = subscriber(), subscriber()
    UserFactory()
    page = news("Noves sessions", changes=(("", "Demaneu plaça."),))
    deliver()
    page.save_revision().publish()
    deliver()
    assert sorted(letter.to[0] for letter in mailoutbox) == sorted([first.email, second.email])
    letter = mailoutbox[0]
    assert letter.subject == "Noves sessions"
    assert "/novetats/noves-sessions/" in letter.body
    assert "Demaneu plaça." in letter.body


def test_nobody_hears_of_what_they_may_not_read_or_of_what_was_there_before(mailoutbox):
    page = news("La d'abans")
    agent = subscriber(roles=[Role.AGENT_1])
    subscriber()
    NewsPage.objects.get(pk=page.pk).save_revision().publish()
    news("De la casa", audience=Audience.STAFF)
    deliver()
    assert [(letter.to, letter.subject) for letter in mailoutbox] == [([agent.email], "De la casa")]


def test_the_letter_is_in_the_language_of_its_reader(mailoutbox):
    subscriber(language="es")
    page = news("Noves sessions")
    translation = page.copy_for_translation(Locale.objects.get(language_code="es"), copy_parents=True)
    translation.title, translation.slug = "Nuevas sesiones", "nuevas-sesiones"
    translation.save_revision().publish()
    deliver()
    assert [letter.subject for letter in mailoutbox] == ["Nuevas sesiones"]
    assert "/es/novetats/nuevas-sesiones/" in mailoutbox[0].body


def test_a_page_that_was_withdrawn_meanwhile_is_not_told(mailoutbox):
    subscriber()
    news().unpublish()
    deliver()
    assert mailoutbox == []


def test_one_click_stops_them_and_looking_does_not(client, mailoutbox):
    subscriber()
    news()
    deliver()
    headers = mailoutbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = re.search(r"<(.+)>", headers["List-Unsubscribe"]).group(1)
    assert link in mailoutbox[0].body
    path = link[link.index("/", 8) :].removeprefix("/es").removeprefix("/en")
    assert client.get(path).status_code == 200
    assert Subscription.objects.exists()
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert client.post(path).status_code == 200
    assert not Subscription.objects.exists()
    assert client.get("/novetats/atura/fals/").status_code == 404
