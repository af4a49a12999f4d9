"""What the training returns: tickets per local body before and after its people completed a course."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpdesk.desk.charts import bars
from helpdesk.desk.models import Case
from helpdesk.desk.templatetags.reports import signed
from helpdesk.desk.training_return import training_return
from platform_core.accounts.roles import Role
from tests.factories.accounts import UserFactory
from tests.factories.desk import agent, open_case
from tests.factories.organisations import OrganisationFactory, referent
from tests.factories.training import course, do, enrolled, lessons_of
from training.models import Certificate

pytestmark = pytest.mark.django_db
PAGE, CSV = "/suport/informes/formacio/", "/suport/informes/formacio/csv/"


@pytest.fixture
def page():
    return course(lessons=1)


def month(offset: int, day: int = 10) -> datetime:
    """A day of the month so many months from this one, at noon in the service's zone."""
    today = timezone.localdate()
    year, rest = divmod(today.year * 12 + today.month - 1 + offset, 12)
    return timezone.make_aware(datetime(year, rest + 1, day, 12))  # noqa: DTZ001


def completed(page, at, *, organisation=None, name="Vila"):
    """An organisation whose referent completed the course then."""
    organisation = organisation or OrganisationFactory(name=name, index_name=name)
    seat = referent(organisation, since=date(2000, 1, 1))
    enrolled(seat.person, page)
    do(seat.person, *lessons_of(page))
    Certificate.objects.filter(enrolment__person=seat.person).update(issued_at=at)
    return organisation


def asked(organisation, *moments):
    """Tickets of the organisation, filed at these moments."""
    seat = organisation.memberships.first()
    for at in moments:
        case = open_case(seat.person)
        Case.objects.filter(pk=case.pk).update(opened_at=at)


def opened_long_ago():
    """The first ticket of the desk, of somebody else."""
    asked(referent(OrganisationFactory()).organisation, month(-40))


def five(page, *, count=5):
    opened_long_ago()
    for number in range(count):
        organisation = completed(page, month(-4), name=f"Vila {number}")
        asked(organisation, month(-6), month(-6, 20), month(-5), month(-2))


def test_the_months_before_and_after_are_those_around_the_first_completion(page):
    opened_long_ago()
    organisation = completed(page, month(-4))
    completed(page, month(-2), organisation=organisation)
    asked(organisation, month(-11), month(-10), month(-10, 28), month(-5), month(-4), month(-3), month(-1), month(0, 1))
    (body,) = training_return(page.translation_key).bodies
    assert body.people == 2
    assert body.before == {-6: 2, -5: 0, -4: 0, -3: 0, -2: 0, -1: 1}, "seven months before is too far"
    assert body.after == {1: 1, 2: 0, 3: 1}, "the month of the course and the one that runs do not count"
    assert body.mean_before == pytest.approx(0.5)
    assert body.mean_after == pytest.approx(2 / 3)
    assert body.difference == pytest.approx(1 / 6)


def test_a_month_counts_from_its_first_minute_in_the_services_zone(page):
    opened_long_ago()
    organisation = completed(page, month(-3))
    begin = month(-2, 1).replace(hour=0, minute=0)
    asked(organisation, begin - timedelta(minutes=1), begin)
    (body,) = training_return(page.translation_key).bodies
    assert body.after == {1: 1, 2: 0}


def test_months_before_the_body_joined_or_the_desk_was_open_do_not_count(page):
    asked(referent(OrganisationFactory()).organisation, month(-8, 2))
    old, new = completed(page, month(-3), name="Antiga"), completed(page, month(-3), name="Nova")
    new.joined_on = month(-6, 1).date()
    new.save()
    bodies = {body.organisation: body for body in training_return(page.translation_key).bodies}
    assert sorted(bodies[old].before) == [-4, -3, -2, -1], "the desk opened on the second day of the month"
    assert sorted(bodies[new].before) == [-3, -2, -1], "it joined on the first day of one"


def test_who_completed_it_this_month_is_not_compared_yet(page):
    opened_long_ago()
    completed(page, month(0, 1))
    found = training_return(page.translation_key)
    assert len(found.bodies) == 1
    assert found.compared == []
    assert found.mean_before is None


def test_who_did_not_work_there_when_they_completed_it_does_not_count(page):
    opened_long_ago()
    organisation = OrganisationFactory()
    seat = referent(organisation, since=month(-2).date())
    enrolled(seat.person, page)
    do(seat.person, *lessons_of(page))
    Certificate.objects.update(issued_at=month(-4))
    assert training_return(page.translation_key).bodies == []
    seat.since, seat.until = month(-6).date(), month(-3).date()
    seat.save()
    assert [body.organisation for body in training_return(page.translation_key).bodies] == [organisation]


def test_the_period_asks_for_the_day_of_the_first_completion(page):
    opened_long_ago()
    completed(page, month(-4))
    day = month(-4).date()
    key = page.translation_key
    assert training_return(key, since=day, until=day).bodies
    assert not training_return(key, since=day + timedelta(days=1)).bodies
    assert not training_return(key, until=day - timedelta(days=1)).bodies


def test_every_body_weighs_the_same(page):
    opened_long_ago()
    quiet, loud = completed(page, month(-3), name="A"), completed(page, month(-3), name="B")
    asked(quiet, month(-1))
    asked(loud, *[month(-4)] * 12)
    found = training_return(page.translation_key)
    assert found.mean_before == pytest.approx((0 + 2) / 2)
    assert found.mean_after == pytest.approx((0.5 + 0) / 2)
    assert (found.fewer, found.same, found.more) == (1, 0, 1)
    assert {one.offset: (one.bodies, one.tickets) for one in found.months}[-1] == (2, 12)


def test_with_five_there_is_a_chart_with_its_table(client, page):
    five(page)
    client.force_login(agent())
    shown = client.get(PAGE).text
    assert shown.count('class="chart__bar ') == 9, "six months before and three after"
    assert "El mateix en una taula" in shown
    assert "no demostra" in shown
    assert "−0,2" in shown
    assert "style=" not in shown.partition("<svg")[2].partition("</svg>")[0]


def test_with_fewer_it_says_so_and_draws_nothing(client, page):
    five(page, count=4)
    client.force_login(agent())
    shown = client.get(PAGE).text
    assert "Només 4 ens" in shown
    assert '<svg class="chart__svg"' not in shown
    assert "Vila 3" in shown


def test_where_nobody_has_completed_it_the_page_says_so(client, page):
    client.force_login(agent())
    assert "Encara ningú" in client.get(PAGE).text


def test_it_is_for_the_desk(client, page):
    assert client.get(PAGE).status_code == 302
    boss = referent(OrganisationFactory()).person
    for person in (UserFactory(), boss, UserFactory(roles=[Role.EDITOR])):
        client.force_login(person)
        assert client.get(PAGE).status_code == client.get(CSV).status_code == 404
    for person in (agent(1), agent(3), UserFactory(roles=[Role.COORDINATOR])):
        client.force_login(person)
        assert client.get(PAGE).status_code == 200


def test_the_board_of_the_training_leads_to_it_for_the_desk_alone(client, page):
    boss = completed(page, month(-4)).memberships.get().person
    for person, leads in ((agent(), True), (UserFactory(roles=[Role.EDITOR]), False), (boss, False)):
        client.force_login(person)
        assert (f"{PAGE}?curs={page.translation_key}" in client.get("/formacio/equip/").text) is leads


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?des=ahir", "data vàlida"),
        ("?des=2026-02-30", "data vàlida"),
        ("?des=2026-03-01&fins=2026-02-01", "Aquest dia és anterior al primer."),
    ],
)
def test_a_bad_filter_is_said_beside_it_and_kept(client, page, query, words):
    five(page, count=1)
    client.force_login(agent())
    answer = client.get(PAGE + query)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Vila 0" in answer.text
    assert client.get(CSV + query).status_code == 200


@pytest.mark.parametrize("query", ["?curs=x", "?curs=%00", "?zz=1", "?curs=11111111-2222-4333-8444-555555555555"])
def test_a_course_that_is_none_asks_for_the_first(client, page, query):
    course("Un altre", lessons=1)
    client.force_login(agent())
    assert client.get(PAGE + query).context["course"] == page


def test_another_course_is_another_report(client, page):
    other = course("Un altre", lessons=1)
    five(page, count=1)
    client.force_login(agent())
    assert "Vila 0" not in client.get(PAGE, {"curs": str(other.translation_key)}).text


def test_the_file_has_a_row_a_body_and_no_formula(client, page):
    opened_long_ago()
    asked(completed(page, month(-4), name="=1+1"), month(-6), month(-6, 20), month(-5), month(-2))
    client.force_login(agent())
    text = b"".join(client.get(CSV).streaming_content).decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(text))
    assert head[0] == "ens"
    assert row == ["'=1+1", month(-4).date().isoformat(), "1", "6", "3", "0.5", "3", "1", "0.33", "-0.17"]


def test_it_costs_as_many_queries_for_thirty_bodies_as_for_one(client, page):
    client.force_login(agent())
    opened_long_ago()

    def costs():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE).status_code == 200
        return len(queries)

    asked(completed(page, month(-4)), month(-5))
    costs()
    one = costs()
    for number in range(29):
        completed(page, month(-4), name=f"Vila {number}")
    assert costs() == one
    with CaptureQueriesContext(connection) as queries:
        training_return(page.translation_key)
    assert len(queries) == 4


def test_the_highest_bar_fills_the_height_and_nothing_is_written_with_a_comma():
    low, high, none = bars([("a", 1, "x"), ("b", 4, "x"), ("c", None, "x")])
    assert (high.y, high.height) == ("12.00%", "78.00%")
    assert low.height == "19.50%"
    assert none.height == "0.00%"
    assert all(bar.height == "0.00%" for bar in bars([("a", 0, "x"), ("b", None, "x")]))


@pytest.mark.parametrize(("number", "said"), [(-1.26, "−1,3"), (0.44, "+0,4"), (-0.04, "0,0"), (0, "0,0")])
def test_a_difference_has_its_sign(number, said):
    assert signed(number) == said
