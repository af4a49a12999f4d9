"""Shelf life: who looks after an answer, until when it holds, and what a release puts in doubt."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from knowledge_base import domain, reminders, shelf
from knowledge_base.models import Doubt, QuestionPage, next_review
from platform_core.accounts.roles import Role
from platform_core.activity.models import Activity
from platform_core.base.errors import Refusal
from tests.factories.accounts import UserFactory
from tests.factories.news import component, news, release
from tests.factories.questions import deliver, question

pytestmark = pytest.mark.django_db


def days(number):
    return timezone.localdate() + timedelta(days=number)


@pytest.mark.parametrize(
    ("since", "until"), [("2026-03-04", "2027-03-04"), ("2028-02-29", "2029-02-28"), ("2026-12-31", "2027-12-31")]
)
def test_an_answer_holds_for_the_months_of_the_setting(settings, since, until):
    settings.ANSWER_REVIEW_MONTHS = 12
    assert next_review(date.fromisoformat(since)) == date.fromisoformat(until)


def test_months_that_are_shorter_end_sooner(settings):
    settings.ANSWER_REVIEW_MONTHS = 6
    assert next_review(date(2026, 8, 31)) == date(2027, 2, 28)


def test_readers_are_told_that_an_overdue_answer_is_being_reviewed(client):
    late, fine = question("Tard", review_by=days(-1)), question("Bé", review_by=days(0))
    assert "Estem revisant aquesta resposta" in client.get(f"/{late.site_path}").text
    assert "Estem revisant aquesta resposta" not in client.get(f"/{fine.site_path}").text


def test_the_report_says_which_and_why(client):
    owner = UserFactory(roles=[Role.EDITOR])
    kept = {"answer_owner": owner, "review_by": days(200)}
    question("Tot bé", **kept)
    question("Tard", **kept | {"review_by": days(-1)})
    question("Aviat", **kept | {"review_by": days(10)})
    question("Òrfena", **kept | {"answer_owner": None})
    client.force_login(owner)
    page = client.get("/gestio/reports/faq/shelf/")
    assert all(title in page.text for title in ("Tot bé", "Tard", "Aviat", "Òrfena"))
    for name, title in (("overdue", "Tard"), ("soon", "Aviat"), ("orphaned", "Òrfena")):
        assert [item.title for item in shelf.of(name)] == [title]
        filtered = client.get(f"/gestio/reports/faq/shelf/?shelf={name}").text
        assert title in filtered
        assert "Tot bé" not in filtered
    assert client.get("/gestio/reports/faq/shelf/?export=csv").status_code == 200
    client.force_login(UserFactory())
    assert "Tard" not in client.get("/gestio/reports/faq/shelf/", follow=True).text


def test_a_release_asks_once_for_the_answers_that_speak_of_what_it_touches():
    proposals, debates = component("propostes"), component("debats")
    touched, other = question("De propostes"), question("De debats")
    touched.components, other.components = [proposals], [debates]
    for page in (touched, other):
        page.save()
    notes = release("0.31.2", components=(proposals,))
    news("Una notícia", components=(debates,))
    deliver()
    assert [(item.question_id, item.release_id) for item in Doubt.objects.all()] == [(touched.pk, notes.pk)]
    assert [item.title for item in shelf.of("doubted")] == ["De propostes"]
    assert any("0.31.2" in reason for reason in shelf.reasons(shelf.of("doubted").get()))
    assert Activity.objects.filter(type="knowledge_base.answer_doubted", subject_id=str(touched.pk)).count() == 1

    domain.check_answer(actor=UserFactory(roles=[Role.EDITOR]), question=touched)
    notes.save_revision().publish()
    deliver()
    assert not shelf.of("doubted").exists(), "what was checked is not asked for again"


def test_the_button_says_that_an_answer_still_holds(client):
    page = question("Tard", review_by=days(-1), last_checked=days(-400))
    notes = release("0.31.2")
    Doubt.objects.create(question=page, release=notes)
    page.title = "Un esborrany"
    page.save_revision()
    editor = UserFactory(roles=[Role.EDITOR])
    client.force_login(editor)
    assert client.post(f"/gestio/reports/faq/checked/{page.pk}/").status_code == 302

    kept = QuestionPage.objects.get(pk=page.pk)
    assert (kept.title, kept.last_checked, kept.review_by) == ("Tard", days(0), next_review())
    assert Doubt.objects.get().cleared_by == editor
    activity = Activity.objects.get(type="knowledge_base.answer_checked")
    assert (activity.actor, activity.data["releases"]) == (editor, [notes.pk])

    kept.get_latest_revision().publish()
    kept.refresh_from_db()
    assert (kept.title, kept.last_checked) == ("Un esborrany", days(0)), "the draft does not bring the old day back"


def test_only_who_may_edit_says_so(client):
    page = question("Tard", review_by=days(-1))
    for person in (UserFactory(), UserFactory(roles=[Role.AGENT_1])):
        with pytest.raises(Refusal):
            domain.check_answer(actor=person, question=page)
        client.force_login(person)
        client.post(f"/gestio/reports/faq/checked/{page.pk}/")
    page.refresh_from_db()
    assert page.review_by == days(-1)


def test_owners_get_one_letter_a_week_of_theirs(mailoutbox):
    owner, idle = UserFactory(roles=[Role.EDITOR], language="es"), UserFactory(roles=[Role.EDITOR])
    question("Tard", answer_owner=owner, review_by=days(-1))
    question("Aviat", answer_owner=owner, review_by=days(10))
    question("Tot bé", answer_owner=idle, review_by=days(200))
    question("De ningú", review_by=days(-1))
    reminders.send_due()
    reminders.send_due()
    assert [letter.to for letter in mailoutbox] == [[owner.email]]
    assert mailoutbox[0].subject == "Respuestas vuestras por revisar"
    assert "Tard" in mailoutbox[0].body
    assert "Aviat" in mailoutbox[0].body
    assert "/gestio/reports/faq/shelf/" in mailoutbox[0].body


def test_no_query_a_row(client, django_assert_max_num_queries):
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    owner = UserFactory(roles=[Role.EDITOR])
    client.force_login(owner)

    def cost():
        with CaptureQueriesContext(connection) as made:
            client.get("/gestio/reports/faq/shelf/")
        return len(made)

    question("Una", answer_owner=owner)
    cost()
    one = cost()
    for number in range(12):
        question(f"Pregunta {number}", answer_owner=UserFactory(roles=[Role.EDITOR]))
    assert cost() <= one
