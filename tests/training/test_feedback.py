"""«Ha quedat clara?»: one word a person and lesson, the last one counts, and who writes the course reads it."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from platform_core.accounts.roles import Role
from platform_core.activity.models import Activity
from tests.factories.accounts import UserFactory
from tests.factories.training import course, enrolled, lessons_of
from training import domain, opinions
from training.models import Clarity, LessonFeedback
from training.opinions import Asked

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def page():
    return course()


@pytest.fixture
def lesson(page):
    return lessons_of(page)[0]


@pytest.fixture
def trainee(client, page):
    person = UserFactory(name="Remei Amagada")
    enrolled(person, page)
    client.force_login(person)
    return person


def address(page):
    return f"/formacio/curs/{page.translation_key}/clara/"


def inside(page, lesson):
    return f"{page.get_absolute_url()}modul-1/{lesson.slug}/"


def report(page):
    return f"/formacio/gestio/{page.translation_key}/opinions/"


def say(client, page, lesson, clarity="clear", *, htmx=False, **more):
    sent = {"lesson": str(lesson.translation_key), "clarity": clarity, **more}
    return client.post(address(page), sent, headers=HTMX if htmx else {})


def said(page, lesson, *clarities, comment="", days_ago=0):
    for clarity in clarities:
        person = UserFactory()
        enrolled(person, page)
        found = domain.say_clear(
            person=person,
            course_key=page.translation_key,
            key=str(lesson.translation_key),
            clarity=Clarity(clarity),
            comment=comment,
        )
        if days_ago:
            at = timezone.now() - timedelta(days=days_ago)
            LessonFeedback.objects.filter(pk=found.pk).update(changed_at=at)


def test_who_takes_it_says_it_with_one_click_and_may_change_their_mind(client, page, lesson, trainee):
    shown = client.get(inside(page, lesson)).text
    assert "Ha quedat clara aquesta lliçó?" in shown
    assert "aria-pressed" not in shown.partition('id="opinio"')[2].partition("</section>")[0]
    answer = say(client, page, lesson)
    assert answer.status_code == 302
    assert answer.url == f"{inside(page, lesson)}#opinio"
    say(client, page, lesson, "unclear", comment="Hi falta un exemple.")
    found = LessonFeedback.objects.get()
    assert (found.person, found.clarity, found.comment) == (trainee, "unclear", "Hi falta un exemple.")
    again = client.get(inside(page, lesson)).text
    assert again.count('aria-pressed="true"') == again.count('value="unclear" aria-pressed="true"') == 1
    assert "Hi falta un exemple." in again


def test_who_changes_their_mind_takes_the_comment_of_before_back(client, page, lesson, trainee):
    say(client, page, lesson, "unclear", comment="No s'entén")
    say(client, page, lesson, "unclear")
    assert LessonFeedback.objects.get().comment == "No s'entén"
    say(client, page, lesson, "partly")
    assert LessonFeedback.objects.get().comment == ""


def test_with_htmx_the_section_alone_comes_back(client, page, lesson, trainee):
    answer = say(client, page, lesson, htmx=True)
    assert answer.status_code == 200
    assert 'id="opinio"' in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize("htmx", [True, False])
def test_a_comment_that_is_too_long_is_kept_with_a_message_beside_it(client, page, lesson, trainee, htmx):
    answer = say(client, page, lesson, "partly", htmx=htmx, comment="x" * 501)
    assert answer.status_code == (200 if htmx else 422)
    assert "x" * 501 in answer.text
    assert "500" in answer.text
    assert not LessonFeedback.objects.exists()


def test_an_identity_number_is_covered(client, page, lesson, trainee):
    say(client, page, lesson, "partly", comment="Soc la 12345678Z i no ho entenc")
    assert LessonFeedback.objects.get().comment == "Soc la •••••678Z i no ho entenc"


def test_what_nobody_can_have_pressed_is_refused(client, page, lesson, trainee):
    for wrong in ("", "maybe", "clear' OR 1=1"):
        assert say(client, page, lesson, wrong).status_code == 422
    other = lessons_of(course("Un altre curs"))[0]
    assert say(client, page, other).status_code == 404
    assert client.post(address(page), {"lesson": "\0", "clarity": "clear"}).status_code == 404
    assert client.get(address(page)).status_code == 405
    assert not LessonFeedback.objects.exists()


def test_who_does_not_take_the_course_is_not_asked(client, page, lesson):
    assert say(client, page, lesson).status_code == 302, "a visitor is asked to sign in"
    client.force_login(UserFactory())
    assert 'id="opinio"' not in client.get(inside(page, lesson)).text
    assert say(client, page, lesson).status_code == 404


def test_nobody_says_it_without_end(client, page, lesson, trainee, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "rate_lesson": "2/h/user"}
    cache.clear()
    assert [say(client, page, lesson).status_code for _time in range(3)] == [302, 302, 422]
    assert "massa vegades" in say(client, page, lesson, htmx=True).text


def test_the_log_has_that_it_was_said_and_not_what_was_written(client, page, lesson, trainee):
    say(client, page, lesson, "partly", comment="Un secret")
    told = Activity.objects.get(type="training.lesson_rated")
    assert (told.data["clarity"], told.data["has_comment"]) == ("partly", True)
    assert "secret" not in str(told.data)


def test_what_somebody_said_goes_with_them(client, page, lesson, trainee):
    say(client, page, lesson)
    trainee.delete()
    assert not LessonFeedback.objects.exists()


def test_the_hardest_lesson_stands_first_and_the_quarters_beside_each_other(page):
    first, second, third = lessons_of(page)
    said(page, first, "clear", "clear", "partly")
    said(page, second, "unclear", "unclear", "clear")
    said(page, second, "clear", days_ago=100)
    said(page, second, "unclear", days_ago=300)
    found = opinions.lessons_said(page.translation_key)
    assert [lesson.title for lesson in found] == [second.title, first.title, third.title]
    hardest = found[0]
    assert (hardest.ever.clear, hardest.ever.partly, hardest.ever.unclear, hardest.ever.percent) == (2, 0, 3, 40)
    assert (hardest.now.percent, hardest.before.percent) == (33, 100)
    assert found[2].ever.percent is None


def test_one_opinion_does_not_outweigh_twenty(page):
    first, second, _third = lessons_of(page)
    said(page, first, *["unclear"] * 15, *["clear"] * 5)
    said(page, second, "unclear")
    assert opinions.lessons_said(page.translation_key)[0].title == first.title


def test_the_service_reads_what_was_said_and_not_who_said_it(client, page, lesson, trainee):
    say(client, page, lesson, "unclear", comment="Massa llarga")
    assert client.get(report(page)).status_code == 404, "not for who takes it"
    client.force_login(UserFactory(roles=[Role.EDITOR]))
    shown = client.get(report(page)).text
    assert "Massa llarga" in shown
    assert "Remei" not in shown
    assert trainee.email not in shown
    assert report(page) in client.get(f"/formacio/gestio/{page.translation_key}/resultats/").text


def test_a_lesson_that_was_taken_out_keeps_what_was_said_of_it(client, page, lesson, trainee):
    title = lesson.title
    say(client, page, lesson, "unclear")
    lesson.unpublish()
    enrolled(UserFactory(), page)
    found = {each.title: each for each in opinions.lessons_said(page.translation_key)}
    assert not found[title].is_there
    assert found[title].ever.unclear == 1


def test_comments_are_read_page_by_page(client, page):
    first, second, _third = lessons_of(page)
    for number in range(30):
        said(page, first, "partly", comment=f"Comentari {number};", days_ago=number + 1)
    said(page, second, "partly", comment="D'una altra")
    client.force_login(UserFactory(roles=[Role.EDITOR]))
    titles = {}
    asked = Asked(lesson=str(first.translation_key))
    one = opinions.comments(page.translation_key, asked=asked, titles=titles)
    assert len(one.rows) == 25
    shown = client.get(report(page) + one.next_address).text
    assert [f"Comentari {number};" in shown for number in (24, 25, 29)] == [False, True, True]
    assert "D'una altra" not in shown


@pytest.mark.parametrize("query", ["?llico=x", "?despres=x~y", "?despres=2026-01-01~1", "?despres=~", "?llico=%00"])
def test_what_is_no_filter_is_left_out(client, page, lesson, query):
    said(page, lesson, "clear", comment="Molt bé")
    client.force_login(UserFactory(roles=[Role.EDITOR]))
    assert "Molt bé" in client.get(report(page) + query).text


def test_the_report_costs_as_much_for_thirty_lessons_as_for_one(client):
    client.force_login(UserFactory(roles=[Role.EDITOR]))

    def asked(page):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(report(page)).status_code == 200
        return len(queries)

    small, large = course("Curt", lessons=1), course("Llarg", lessons=30)
    for page in (small, large):
        for lesson in lessons_of(page):
            said(page, lesson, "partly", comment="Sí")
    asked(small)
    assert asked(large) == asked(small)
