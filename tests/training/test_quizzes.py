"""Attempts: judged on the server, once, and never told by the page."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from platform_core.accounts.roles import Role
from platform_core.base.errors import Refusal
from tests.factories.accounts import UserFactory
from tests.factories.training import course, do, enrolled, lessons_of, publish
from training import domain
from training.domain import quizzes
from training.domain.quizzes import GRACE, UnansweredError, asked_in
from training.models import Attempt, AttemptAnswer, Certificate, QuizPage
from training.queries import learning_in
from training.questions import TamperedError
from training.results import results_of

pytestmark = pytest.mark.django_db


def single(number):
    options = [{"text": f"Bona {number}", "is_right": True, "why": "Perquè sí"}, {"text": f"Dolenta {number}"}]
    return {
        "id": f"pregunta-{number}",
        "type": "single",
        "value": {"prompt": f"Pregunta {number}?", "explanation": f"Explicació {number}", "options": options},
    }


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def page():
    return course(lessons=1)


def quiz_of(page, *, questions=2, **facts):
    blocks = json.dumps([single(number) for number in range(questions)])
    return publish(page, QuizPage(title="Prova", questions=blocks, **facts))


def begun(person, page, quiz):
    enrolled(person, page)
    return quizzes.start(person=person, course_key=page.translation_key, key=str(quiz.translation_key))


def answers(attempt, *, right):
    """What a browser sends that answers so many questions right, and the others wrong."""
    posted = {}
    for place, each in enumerate(asked_in(attempt)):
        posted[each.name] = [str(each.order.index(0 if place < right else 1))]
    return posted


def send(person, attempt, *, right, **more):
    return quizzes.send(person=person, attempt=attempt, posted={**answers(attempt, right=right), **more})


def test_a_quiz_is_passed_and_the_course_completed(client, person, page):
    quiz = quiz_of(page)
    client.force_login(person)
    enrolled(person, page)
    do(person, *lessons_of(page))
    assert not Certificate.objects.exists()
    intro = client.get("/formacio/formacio-inicial/prova/")
    assert "Comença" in intro.text
    started = client.post(f"/formacio/curs/{page.translation_key}/prova/", {"quiz": quiz.translation_key})
    shown = client.get(started.url).text
    assert "Pregunta 0?" in shown
    for secret in ("Explicació", "Perquè sí", "is_right"):
        assert secret not in shown
    attempt = Attempt.objects.get()
    done = client.post(started.url, answers(attempt, right=2))
    result = client.get(done.url).text
    assert "Explicació 1" in result
    assert "Perquè sí" in result
    assert learning_in(page, viewer=person).is_complete
    assert Certificate.objects.count() == 1


def test_who_does_not_pass_tries_again_and_is_not_told_what_was_right(client, person, page):
    quiz = quiz_of(page, attempts=2)
    attempt = begun(person, page, quiz)
    client.force_login(person)
    address = f"/formacio/prova/{attempt.pk}/"
    assert client.post(address, answers(attempt, right=1)).url == address
    assert "Era:" not in client.get(address).text
    again = quizzes.start(person=person, course_key=page.translation_key, key=str(quiz.translation_key))
    assert again.pk != attempt.pk
    client.post(f"/formacio/prova/{again.pk}/", answers(again, right=1))
    assert "Era:" in client.get(f"/formacio/prova/{again.pk}/").text, "there is nothing left to try"
    with pytest.raises(Refusal):
        quizzes.start(person=person, course_key=page.translation_key, key=str(quiz.translation_key))
    refused = client.post(f"/formacio/curs/{page.translation_key}/prova/", {"quiz": quiz.translation_key})
    assert refused.status_code == 422


def test_an_attempt_is_sent_once(client, person, page):
    attempt = begun(person, page, quiz_of(page))
    client.force_login(person)
    address = f"/formacio/prova/{attempt.pk}/"
    client.post(address, answers(attempt, right=0))
    replayed = client.post(address, answers(attempt, right=2))
    assert replayed.status_code == 409
    assert "Ja havíeu enviat" in replayed.text
    attempt.refresh_from_db()
    assert (attempt.right, attempt.is_passed) == (0, False)
    assert AttemptAnswer.objects.count() == 2


def test_an_answer_to_a_question_that_was_not_asked_is_refused(client, person, page):
    attempt = begun(person, page, quiz_of(page, questions=6, draw=2))
    ids = {each["id"] for each in attempt.asked}
    other = next(f"pregunta-{number}" for number in range(6) if f"pregunta-{number}" not in ids)
    for name in (f"q-{other}", "q-zzz", "q-"):
        with pytest.raises(TamperedError):
            send(person, attempt, right=2, **{name: ["0"]})
    client.force_login(person)
    refused = client.post(f"/formacio/prova/{attempt.pk}/", {**answers(attempt, right=2), f"q-{other}": "0"})
    assert refused.status_code == 422
    assert "no s&#x27;ha fet" in refused.text or "no s'ha fet" in refused.text
    attempt.refresh_from_db()
    assert attempt.sent_at is None


@pytest.mark.parametrize("value", ["7", "x", "-1", "9" * 300])
def test_an_answer_that_is_not_offered_is_refused_and_the_rest_kept(client, person, page, value):
    attempt = begun(person, page, quiz_of(page))
    client.force_login(person)
    posted = answers(attempt, right=2)
    first, second = posted
    refused = client.post(f"/formacio/prova/{attempt.pk}/", {**posted, first: value})
    assert refused.status_code == 422
    assert f'name="{second}" value="{posted[second][0]}" checked' in refused.text
    assert not AttemptAnswer.objects.exists()


def test_what_has_no_answer_is_asked_for_once_more(client, person, page):
    attempt = begun(person, page, quiz_of(page))
    client.force_login(person)
    address = f"/formacio/prova/{attempt.pk}/"
    posted = answers(attempt, right=2)
    posted.popitem()
    asked = client.post(address, posted)
    assert asked.status_code == 422
    assert "checked" in asked.text
    with pytest.raises(UnansweredError):
        quizzes.send(person=person, attempt=attempt, posted=posted)
    assert client.post(address, {**posted, "anyway": "1"}).status_code == 302
    attempt.refresh_from_db()
    assert attempt.right == 1


def test_nobody_sees_or_sends_the_attempt_of_another(client, person, page):
    attempt = begun(person, page, quiz_of(page))
    client.force_login(UserFactory())
    assert client.get(f"/formacio/prova/{attempt.pk}/").status_code == 404
    assert client.post(f"/formacio/prova/{attempt.pk}/", answers(attempt, right=2)).status_code == 404
    with pytest.raises(Refusal):
        send(UserFactory(), attempt, right=2)
    assert client.get(f"/formacio/prova/{'9' * 30}/").status_code == 404


def test_after_the_time_is_up_nothing_is_judged_and_it_says_so(client, person, page):
    quiz = quiz_of(page, time_limit=10)
    attempt = begun(person, page, quiz)
    client.force_login(person)
    shown = client.get(f"/formacio/prova/{attempt.pk}/").text
    assert "data-seconds-left" in shown
    ends = timezone.localtime(attempt.deadline)
    assert f"{ends.hour}.{ends.minute:02} h" in shown, "in the service's time zone"
    Attempt.objects.update(deadline=timezone.now() - GRACE - timedelta(seconds=1))
    late = client.post(f"/formacio/prova/{attempt.pk}/", answers(attempt, right=2), follow=True)
    assert "ha acabat el temps" in late.text
    attempt.refresh_from_db()
    assert (attempt.ran_out, attempt.is_passed, attempt.answers.count()) == (True, False, 0)
    other = quizzes.start(person=person, course_key=page.translation_key, key=str(quiz.translation_key))
    Attempt.objects.filter(pk=other.pk).update(deadline=timezone.now() - GRACE / 2)
    assert send(person, other, right=2).is_passed, "a slow connection is not late"


def test_who_needs_more_time_has_it(person, page):
    enrolment = enrolled(person, page)
    quiz = quiz_of(page, time_limit=20)
    domain.take_newest(actor=person, enrolment=enrolment, course=page)
    agent = UserFactory(roles=[Role.AGENT_1])
    domain.give_extra_time(actor=agent, enrolment=enrolment, percent=50)
    attempt = quizzes.start(person=person, course_key=page.translation_key, key=str(quiz.translation_key))
    assert attempt.deadline - attempt.started_at == timedelta(minutes=30)
    for actor, percent in ((person, 10), (agent, -1), (agent, 201)):
        with pytest.raises(Refusal):
            domain.give_extra_time(actor=actor, enrolment=enrolment, percent=percent)


def test_who_begins_twice_goes_on_with_the_same_attempt(person, page):
    quiz = quiz_of(page, questions=8, draw=4)
    first = begun(person, page, quiz)
    assert begun(person, page, quiz) == first


def test_the_pass_mark_is_not_reached_by_rounding(person, page):
    quiz = quiz_of(page, questions=3, pass_mark=67)
    assert not send(person, begun(person, page, quiz), right=2).is_passed
    assert send(person, begun(person, page, quiz), right=3).is_passed
    with pytest.raises(Refusal):
        begun(person, page, quiz)


def test_a_quiz_is_not_done_by_saying_so(person, page):
    quiz = quiz_of(page)
    enrolled(person, page)
    with pytest.raises(Refusal):
        do(person, quiz)


def test_an_attempt_goes_on_as_it_was_asked_though_the_quiz_changed(person, page):
    quiz = quiz_of(page)
    attempt = begun(person, page, quiz)
    quiz.questions = json.dumps([single(9)])
    quiz.save_revision().publish()
    quiz.delete()
    assert send(person, Attempt.objects.get(pk=attempt.pk), right=2).is_passed


def test_a_certificate_is_renewed_by_passing_the_quizzes_anew(person, page):
    quiz = quiz_of(page)
    enrolment = enrolled(person, page)
    do(person, *lessons_of(page))
    send(person, begun(person, page, quiz), right=2)
    enrolment.refresh_from_db()
    domain.renew(actor=person, enrolment=enrolment, course=page)
    learning = learning_in(page, viewer=person)
    assert (learning.done_count, learning.is_complete) == (1, False)
    send(person, begun(person, page, quiz), right=2)
    assert Certificate.objects.count() == 2


def test_editors_see_how_each_question_goes(client, person, page):
    quiz = quiz_of(page)
    for right in (0, 1, 2):
        someone = UserFactory()
        send(someone, begun(someone, page, quiz), right=right)
    (result,) = results_of(page.translation_key)
    assert (result.sent, result.passed) == (3, 1)
    assert [(each.question.prompt, each.asked, each.right) for each in result.questions] == [
        ("Pregunta 1?", 3, 1),
        ("Pregunta 0?", 3, 2),
    ]
    address = f"/formacio/gestio/{page.translation_key}/resultats/"
    client.force_login(person)
    assert client.get(address).status_code == 404
    client.force_login(UserFactory(roles=[Role.EDITOR]))
    assert "67%" in client.get(address).text
