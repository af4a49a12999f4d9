"""A referent has a doubt, finds the answer, says whether it helped, and the editors learn of it."""

import re

import pytest
from django.core.management import call_command

from knowledge_base.models import QuestionPage
from platform_core.accounts.roles import Role
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory, referent
from tests.factories.questions import deliver

pytestmark = pytest.mark.django_db


def test_a_referent_asks_on_the_home_page_reads_and_says_what_is_missing(client):
    call_command("load_answers")
    deliver()
    person = referent(OrganisationFactory()).person
    client.force_login(person)

    home = client.get("/")
    assert re.search(r'<form class="bigsearch" role="search" action="/cerca/">', home.text)

    found = client.get("/cerca/", {"q": "la fase no canvia sola"})
    title = "Les fases del procés canvien soles quan arriba la data?"
    first = found.context["results"].hits[0]
    assert first.title == title
    assert "<mark>" in found.text

    answer = client.get(first.url)
    assert title in answer.text
    assert "El servei encara ho ha de confirmar" in answer.text, "this one waits for the service"
    assert "23 de novembre del 2026" in answer.text, "the day on which it was last checked"

    page = QuestionPage.objects.get(title=title)
    assert answer.context["related"], "others of the same topic"
    rate = re.search(r'<form method="post" action="(/faq/valoracio/\d+/)"', answer.text)[1]
    thanks = client.post(rate, {"helped": "no"}, follow=True)
    assert "Gràcies" in thanks.text
    client.post(rate, {"helped": "no", "comment": "No diu on es programa."})
    assert (page.ratings.get().helped, page.ratings.get().comment) == (False, "No diu on es programa.")

    client.force_login(UserFactory(roles=[Role.EDITOR]))
    assert title in client.get("/gestio/reports/faq/ratings/").text
    assert "No diu on es programa." in client.get("/gestio/reports/faq/comments/").text


def test_while_a_referent_writes_a_ticket_the_closest_answers_are_beside_it(client):
    call_command("load_answers")
    deliver()
    client.force_login(referent(OrganisationFactory()).person)
    form = client.get("/suport/nova/")
    assert 'data-suggest="/faq/suggeriments/"' in form.text
    assert "Processos i fases" in form.text or "processos-fases" in form.text, "the topics are the questions'"
    box = client.get("/faq/suggeriments/", {"q": "no ens surt el boto de suport a les propostes"})
    assert box.text.count('class="sug"') == 3
    assert "QuestionPage" not in box.text


def test_a_visitor_finds_what_is_public_and_not_what_is_for_who_is_signed_in(client):
    call_command("load_answers")
    deliver()
    assert "menors de" in client.get("/faq/", {"q": "poden participar nens de 12 anys?"}).text
    assert client.get("/faq/", {"q": "penjar acta trobada"}).text.count("acta d") == 0
    members_only = QuestionPage.objects.get(key="faq-05")
    assert client.get(members_only.get_absolute_url()).status_code == 404
