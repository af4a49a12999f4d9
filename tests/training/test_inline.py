"""Questions inside a lesson: judged on the server, at once, and never told before they are answered."""

import json

import pytest

from tests.factories.accounts import UserFactory
from tests.factories.training import course, enrolled, lesson
from training.inline import shown_in
from training.models import ModulePage
from training.projectors import project_lesson

pytestmark = pytest.mark.django_db
ID = "11111111-2222-4333-8444-555555555555"
SINGLE = {
    "prompt": "Què es fa primer?",
    "explanation": "La fase ho regula tot.",
    "options": [
        {"text": "Activar la fase", "is_right": True, "why": ""},
        {"text": "Tancar el procés", "is_right": False, "why": "Tancar és el final."},
        {"text": "Esperar", "is_right": False, "why": ""},
    ],
}
SHORT = {"prompt": "Com se'n diu?", "explanation": "", "accepted": "Fase secretíssima"}


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def module():
    return ModulePage.objects.descendant_of(course(lessons=1)).get()


def asking(module, kind="single", value=SINGLE):
    block = {"type": "question", "id": "b1", "value": [{"type": kind, "id": ID, "value": value}]}
    return lesson(module, "Amb pregunta", body=[{"type": "text", "value": "<p>Text.</p>"}, block])


def address(page):
    return f"/formacio/formacio-inicial/modul-1/{page.slug}/"


def answer(client, page, text=None, *, value=None, fragment=False, **more):
    choices = shown_in(page, viewer=client_user(client))[ID].asked.choices
    sent = value if value is not None else next(place for place, option, _chosen in choices if option == text)
    above = page.get_parent().get_parent().specific
    data = {"lesson": str(page.translation_key), "question": ID, f"q-{ID}": sent, **more}
    headers = {"X-Fragment": "1"} if fragment else {}
    return client.post(f"/formacio/curs/{above.translation_key}/pregunta/", data, headers=headers)


def client_user(client):
    from django.contrib.auth import get_user  # noqa: PLC0415

    class Asks:
        session = client.session

    return get_user(Asks())


@pytest.mark.parametrize("takes", [True, False])
def test_the_page_asks_and_does_not_tell(client, person, module, takes):
    page = asking(module)
    if takes:
        enrolled(person, module.get_parent().specific)
    client.force_login(person)
    shown = client.get(address(page)).text
    assert "Què es fa primer?" in shown
    assert "Activar la fase" in shown
    for hidden in ("La fase ho regula tot.", "Tancar és el final.", "is_right"):
        assert hidden not in shown


def test_a_short_answer_is_nowhere_on_the_page_nor_in_the_search(client, person, module):
    page = asking(module, "short", SHORT)
    client.force_login(person)
    assert "secretíssima" not in client.get(address(page)).text
    found = project_lesson(str(page.pk))
    assert "Com se'n diu?" in found.body
    assert "secretíssima" not in found.body


@pytest.mark.parametrize("fragment", [True, False])
def test_what_is_right_is_said_at_once_with_its_explanation(client, person, module, fragment):
    page = asking(module)
    enrolled(person, module.get_parent().specific)
    client.force_login(person)
    said = answer(client, page, "Activar la fase", fragment=fragment).text
    assert "La fase ho regula tot." in said
    assert ("<html" in said) is not fragment


def test_what_is_wrong_says_why_and_not_what_is_right(client, person, module):
    page = asking(module)
    client.force_login(person)
    said = answer(client, page, "Tancar el procés").text
    assert "Tancar és el final." in said
    assert "La fase ho regula tot." not in said
    shown = answer(client, page, "Tancar el procés", show="1").text
    assert "La fase ho regula tot." in shown


@pytest.mark.parametrize("value", ["", "7", "-1", "x", "1' OR 1=1", "9" * 300, "٣"])
def test_what_the_page_cannot_have_sent_is_said_and_nothing_breaks(client, person, module, value):
    page = asking(module)
    client.force_login(person)
    said = answer(client, page, value=value)
    assert said.status_code == 200
    assert "La fase ho regula tot." not in said.text


@pytest.mark.parametrize("wrong", [{"lesson": "x"}, {"question": "x"}, {"lesson": ""}])
def test_a_question_that_is_not_there_is_not_found(client, person, module, wrong):
    page = asking(module)
    client.force_login(person)
    assert answer(client, page, value="0", **wrong).status_code == 404


def test_an_answer_to_another_question_is_refused(client, person, module):
    page = asking(module)
    client.force_login(person)
    said = answer(client, page, value="0", **{"q-other": "1"})
    assert "La fase ho regula tot." not in said.text


def test_each_reader_has_an_order_of_their_own_that_stays(module):
    page = asking(module)
    people = UserFactory.create_batch(20)
    orders = {person.pk: shown_in(page, viewer=person)[ID].asked.order for person in people}
    assert len(set(orders.values())) > 1
    assert all(shown_in(page, viewer=person)[ID].asked.order == orders[person.pk] for person in people)


def test_the_version_that_somebody_takes_keeps_its_question(client, person, module):
    page = asking(module)
    enrolled(person, module.get_parent().specific)
    page.body = json.dumps([{"type": "text", "value": "<p>Ja no hi ha pregunta.</p>"}])
    page.save_revision().publish()
    client.force_login(person)
    assert "Què es fa primer?" in client.get(address(page)).text
