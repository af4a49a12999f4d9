"""Who may read a question: the predicate and the queryset say the same, and what one may not read is nowhere."""

import pytest
from django.contrib.auth.models import AnonymousUser

from knowledge_base.models import Audience, Confidence, QuestionPage
from knowledge_base.permissions import can_read, visible_to
from platform_core.accounts.roles import Role
from tests.factories.accounts import UserFactory
from tests.factories.questions import deliver, question, topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def questions():
    logo, hidden = topic("Logotip"), topic("Amagat")
    made = [question(f"Pregunta per a {audience.label}", of=logo, audience=audience) for audience in Audience]
    made.append(question("Un esborrany", of=logo, live=False))
    made.append(question("Dins d'un tema retirat", of=hidden))
    hidden.unpublish()
    return made


def viewers():
    return [
        AnonymousUser(),
        UserFactory(),
        UserFactory(is_active=False),
        UserFactory(roles=[Role.MODERATOR]),
        UserFactory(roles=[Role.AGENT_1]),
        UserFactory(roles=[Role.EDITOR]),
        UserFactory(roles=[Role.ADMINISTRATOR]),
    ]


def test_the_predicate_and_the_queryset_say_the_same(questions):
    for viewer in viewers():
        found = set(visible_to(viewer).values_list("pk", flat=True))
        for page in QuestionPage.objects.all():
            assert can_read(viewer, page) == (page.pk in found), (viewer, page.title)


def test_a_visitor_reads_the_public_a_person_theirs_and_the_service_all(questions):
    visitor, person, agent = AnonymousUser(), UserFactory(), UserFactory(roles=[Role.AGENT_1])
    counts = [visible_to(viewer).count() for viewer in (visitor, person, agent)]
    assert counts == [1, 2, 3]


@pytest.mark.parametrize("audience", [Audience.SIGNED_IN, Audience.STAFF])
def test_what_one_may_not_read_is_nowhere(client, audience):
    logo = topic("Logotip")
    question("Una de pública", of=logo)
    secret = question("El secret de la mascota", of=logo, text="Es diu Pànxol.", audience=audience)
    only = topic("Mascotes")
    question("Quina mascota tenim?", of=only, audience=audience)
    deliver()

    assert client.get(secret.get_absolute_url()).status_code == 404
    assert client.get(only.get_absolute_url()).status_code == 404
    assert client.post(f"/faq/valoracio/{secret.pk}/", {"helped": "yes"}).status_code == 404
    for address in ("/faq/", "/faq/logotip/", "/faq/logotip/una-de-publica/", "/faq/suggeriments/?q=mascota"):
        page = client.get(address)
        assert page.status_code == 200
        assert "mascota" not in page.text.replace("q=mascota", "").lower()
    assert "Pànxol" not in client.get("/faq/?q=mascota").text
    assert "1 pregunta" in client.get("/faq/").text
    assert "2 preguntes" not in client.get("/faq/").text


def test_a_chosen_related_question_that_the_reader_may_not_see_is_left_out(client):
    logo = topic("Logotip")
    shown = question("Una de pública", of=logo)
    secret = question("El secret", of=logo, audience=Audience.STAFF)
    shown.related_questions.create(question=secret, sort_order=0)

    assert "El secret" not in client.get(shown.get_absolute_url()).text


def test_a_withdrawn_question_stops_being_found_once_the_worker_has_run(client):
    page = question("On es canvia el logotip?")
    deliver()
    assert "<mark>" in client.get("/faq/?q=logotip").text
    page.unpublish()
    # Before the worker has told the index, the second gate holds.
    assert "<mark>" not in client.get("/faq/?q=logotip").text
    deliver()
    assert "<mark>" not in client.get("/faq/?q=logotip").text


def test_a_question_that_becomes_internal_is_hidden_at_once(client):
    page = question("On es canvia el logotip?")
    deliver()
    page.audience = Audience.STAFF
    page.save_revision().publish()
    assert "<mark>" not in client.get("/faq/?q=logotip").text
    assert client.get(page.get_absolute_url()).status_code == 404


def test_confidence_is_said(client):
    page = question("Quant triga?", confidence=Confidence.TO_CONFIRM)
    assert "El servei encara ho ha de confirmar" in client.get(page.get_absolute_url()).text
    assert "El servei encara ho ha de confirmar" in client.get(page.topic.get_absolute_url()).text
