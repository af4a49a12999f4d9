"""Somebody becomes a referent, is enrolled, learns, passes the test, and proves it to others."""

import pytest
from django.core import mail
from django.test import Client

from platform_core.background.worker import Worker
from platform_core.organisations.public import MembershipRole, add_member
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory, deliver_all
from training.content import load_course
from training.domain.quizzes import asked_in
from training.models import Attempt, Certificate, LessonPage

pytestmark = pytest.mark.django_db


def test_from_new_referent_to_certified(client):
    course = load_course()
    person = UserFactory(name="Marina Bosch")
    add_member(actor=None, organisation=OrganisationFactory(), email=person.email, role=MembershipRole.REFERENT)
    deliver_all()
    Worker().drain()
    (letter,) = [each for each in mail.outbox if "inscrit" in each.subject]
    assert letter.to == [person.email]
    assert "/formacio/formacio-inicial/" in letter.body

    client.force_login(person)
    assert "Formació inicial per a nous referents" in client.get("/").text
    address = f"/formacio/curs/{course.translation_key}/"
    for lesson in LessonPage.objects.order_by("path"):
        last = client.post(f"{address}fet/", {"lesson": lesson.translation_key})
    assert last.url == "/formacio/formacio-inicial/prova-final/", "the test comes after the last lesson"

    quiz = client.get(last.url).context["item"].key
    started = client.post(f"{address}prova/", {"quiz": quiz})
    attempt = Attempt.objects.get()
    assert len(attempt.asked) == 12
    shown = client.get(started.url).text
    assert "El contracte s'assumeix" not in shown.replace("&#x27;", "'"), "no explanation before it is judged"
    right = {
        each.name: str(each.order.index(next(at for at, option in enumerate(each.question.options) if option.is_right)))
        for each in asked_in(attempt)
    }
    assert "12 correctes de 12" in client.post(started.url, right, follow=True).text

    certificate = Certificate.objects.get()
    somebody_else = Client()
    assert "Marina Bosch" in somebody_else.get(certificate.get_absolute_url()).text
    assert "24 de 24" in client.get("/formacio/formacio-inicial/").text
