"""«Us ha servit?»: one word a person or browser, the last one counts, and the editors read it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from knowledge_base.models import Rating
from knowledge_base.queries import rated_questions
from platform_core.accounts.roles import Role
from platform_core.activity.models import Activity
from tests.factories.accounts import UserFactory
from tests.factories.questions import question

pytestmark = pytest.mark.django_db


def test_a_visitor_says_it_once_a_browser_and_may_change_their_mind(client):
    page = question()
    address = f"/faq/valoracio/{page.pk}/"
    said = client.post(address, {"helped": "yes"})
    assert said.status_code == 302
    assert said.url == f"{page.get_absolute_url()}#valoracio"
    assert 'aria-pressed="true"' in client.get(page.get_absolute_url()).text
    client.post(address, {"helped": "no", "comment": "Falta on és el menú."})
    rating = Rating.objects.get()
    assert (rating.helped, rating.comment, rating.person) == (False, "Falta on és el menú.", None)


def test_two_browsers_and_a_person_are_three(client, django_user_model):
    page = question()
    for _browser in range(2):
        client.cookies.clear()
        client.post(f"/faq/valoracio/{page.pk}/", {"helped": "yes"})
    client.force_login(UserFactory())
    client.post(f"/faq/valoracio/{page.pk}/", {"helped": "yes"})
    client.post(f"/faq/valoracio/{page.pk}/", {"helped": "yes"})
    assert Rating.objects.count() == 3


def test_who_changes_their_mind_takes_the_comment_of_before_back(client):
    page = question()
    client.post(f"/faq/valoracio/{page.pk}/", {"helped": "no", "comment": "No s'entén"})
    client.post(f"/faq/valoracio/{page.pk}/", {"helped": "no"})
    assert Rating.objects.get().comment == "No s'entén"
    client.post(f"/faq/valoracio/{page.pk}/", {"helped": "yes"})
    assert Rating.objects.get().comment == ""


def test_with_htmx_the_section_alone_comes_back(client):
    page = question()
    said = client.post(f"/faq/valoracio/{page.pk}/", {"helped": "yes"}, headers={"HX-Request": "true"})
    assert said.status_code == 200
    assert 'id="valoracio"' in said.text
    assert "<html" not in said.text


@pytest.mark.parametrize("htmx", [True, False])
def test_a_comment_that_is_too_long_is_kept_with_a_message_beside_it(client, htmx):
    page = question()
    said = client.post(
        f"/faq/valoracio/{page.pk}/",
        {"helped": "no", "comment": "x" * 1001},
        headers={"HX-Request": "true"} if htmx else {},
    )
    assert said.status_code == (200 if htmx else 422)
    assert "x" * 1001 in said.text
    assert "1000" in said.text
    assert not Rating.objects.exists()


@pytest.mark.parametrize("data", [{}, {"helped": "maybe"}, {"comment": "res"}])
def test_nonsense_is_refused(client, data):
    page = question()
    assert client.post(f"/faq/valoracio/{page.pk}/", data).status_code == 422
    assert client.put(f"/faq/valoracio/{page.pk}/").status_code == 405
    assert client.get("/faq/valoracio/999999/").status_code == 404
    assert client.post("/faq/valoracio/999999/", {"helped": "yes"}).status_code == 404
    assert not Rating.objects.exists()


def test_it_is_recorded_without_the_words(client):
    page = question()
    person = UserFactory()
    client.force_login(person)
    client.post(f"/faq/valoracio/{page.pk}/", {"helped": "no", "comment": "La Maria no ho troba"})
    activity = Activity.objects.get(type="knowledge_base.answer_rated")
    assert activity.actor == person
    assert activity.data == {"helped": False, "changed_mind": False, "has_comment": True}


def test_the_editors_read_counts_and_comments(client):
    page = question("On es canvia el logotip?")
    client.post(f"/faq/valoracio/{page.pk}/", {"helped": "no", "comment": "<b>No</b> ho trobo"})
    reports = [f"/gestio/reports/faq/{name}/" for name in ("ratings", "comments")]
    client.force_login(UserFactory())
    assert all("ho trobo" not in client.get(report, follow=True).text for report in reports)

    client.force_login(UserFactory(roles=[Role.EDITOR]))
    counts, comments = (client.get(report) for report in reports)
    assert "On es canvia el logotip?" in counts.text
    assert "&lt;b&gt;No&lt;/b&gt; ho trobo" in comments.text


def test_an_address_that_votes_for_ever_is_stopped_and_a_person_is_not(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"rate_answer": "3/h/ip"}
    page = question()
    address = f"/faq/valoracio/{page.pk}/"
    said = []
    for _vote in range(5):
        client.cookies.clear()
        said.append(client.post(address, {"helped": "no"}))
    assert [answer.status_code for answer in said] == [302, 302, 302, 422, 422]
    assert "Torneu-ho a provar més tard" in said[-1].text
    assert Rating.objects.count() == 3
    client.force_login(UserFactory())
    assert client.post(address, {"helped": "yes"}).status_code == 302


def test_the_report_compares_this_quarter_with_the_one_before():
    page = question()
    for days, helped in ((1, True), (2, True), (3, False), (100, False), (101, True), (300, False)):
        rating = Rating.objects.create(question=page, browser=f"{days}", helped=helped)
        Rating.objects.filter(pk=rating.pk).update(changed_at=timezone.now() - timedelta(days=days))
    found = rated_questions().get()
    assert (found.yes, found.no) == (3, 3)
    assert (found.yes_now, found.no_now, found.yes_before, found.no_before) == (2, 1, 1, 1)


def test_editors_read_the_trend(client):
    page = question()
    Rating.objects.create(question=page, browser="a", helped=True)
    client.force_login(UserFactory(roles=[Role.EDITOR]))
    assert "100 % (—)" in client.get("/gestio/reports/faq/ratings/").text
