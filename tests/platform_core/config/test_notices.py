"""The bell and the page of notices: what others did that concerns a person, and nothing that they may not see."""

import pytest

from agora import domain
from agora.models import FollowLevel
from helpdesk.desk.domain import add_note, reply
from platform_core.accounts.queries import own_stream
from platform_core.activity.queries import heads
from platform_core.base.markup import handle
from platform_core.config.notices import PAGE, notices_of, unseen
from platform_core.organisations.domain import add_member, end_membership
from platform_core.organisations.models import MembershipRole
from platform_core.participation import domain as participation
from platform_core.participation.models import Visibility
from tests.factories.accounts import UserFactory
from tests.factories.agora import answer, forum, member, open_topic
from tests.factories.desk import agent, open_case, referent_of
from tests.factories.organisations import OrganisationFactory, referent

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk():
    """A topic of Laia, and Pau, who takes part in it too."""
    space = forum(visibility=Visibility.MEMBERS)
    laia, pau = member(space, name="Laia Fictícia"), member(space, name="Pau Fictici")
    return open_topic(laia, space=space, title="Les fases"), laia, pau


def counted(client, person):
    client.force_login(person)
    return client.get("/avisos/nombre/").json()["count"]


def test_who_is_answered_or_named_is_told_until_they_have_looked(client, talk):
    topic, laia, pau = talk
    domain.post(actor=pau, topic=topic, text="Us passa sovint?", reply_to=topic.posts.get(number=1))
    domain.post(actor=pau, topic=topic, text=f"@{handle(laia.name, laia.pk)}, ho heu provat?")
    assert (counted(client, laia), counted(client, pau)) == (2, 0)
    client.force_login(laia)
    page = client.get("/avisos/")
    assert f'<a href="{topic.url_of(2)}">Pau Fictici us respon a «Les fases».</a>' in page.text
    assert f'<a href="{topic.url_of(3)}">Pau Fictici us anomena a «Les fases».</a>' in page.text
    assert [row.is_new for row in page.context["notices"].rows] == [True, True]
    assert client.post("/avisos/vist/", {"fins": page.context["notices"].head}).status_code == 302
    assert counted(client, laia) == 0
    assert [row.is_new for row in client.get("/avisos/").context["notices"].rows] == [False, False]


def test_one_is_not_told_of_what_one_did_nor_of_an_answer_in_what_one_muted(client, talk):
    topic, laia, pau = talk
    first = topic.posts.get(number=1)
    domain.post(actor=laia, topic=topic, text="M'ho responc jo mateixa.", reply_to=first)
    domain.follow(person=laia, topic=topic, level=FollowLevel.MUTED)
    domain.post(actor=pau, topic=topic, text="Doncs sí.", reply_to=first)
    assert counted(client, laia) == 0


def test_who_left_is_not_told_of_later_answers_not_even_by_their_stream(talk):
    topic, laia, pau = talk
    participation.leave(person=laia, space=topic.space)
    before = heads([own_stream(laia.pk)])
    domain.post(actor=pau, topic=topic, text="Us passa sovint?", reply_to=topic.posts.get(number=1))
    assert heads([own_stream(laia.pk)]) == before


def test_what_one_may_no_longer_see_is_neither_told_nor_counted(client, talk):
    topic, laia, pau = talk
    domain.post(actor=pau, topic=topic, text="Us passa sovint?", reply_to=topic.posts.get(number=1))
    participation.leave(person=laia, space=topic.space)
    assert counted(client, laia) == 0
    assert "Les fases" not in client.get("/avisos/").text


def test_who_left_a_local_body_reads_it_without_a_link_to_what_they_no_longer_see(client):
    boss = referent(OrganisationFactory(name="Aquí"))
    person = UserFactory()
    seat = add_member(
        actor=boss.person, organisation=boss.organisation, email=person.email, role=MembershipRole.TECHNICIAN
    )
    client.force_login(person)
    there = f'href="{boss.organisation.get_absolute_url()}"'
    assert there in client.get("/avisos/").text
    end_membership(actor=boss.person, membership=seat)
    page = client.get("/avisos/").text
    assert "Aquí" in page
    assert there not in page


def test_who_asked_the_desk_is_told_of_its_answers_and_of_no_note(client):
    person, worker = referent_of(), agent()
    case = open_case(person)
    add_note(actor=worker, case=case, text="Això no surt d'aquí.")
    assert counted(client, person) == 0
    reply(actor=worker, case=case, text="Ja ho mirem.")
    assert counted(client, person) == 1
    page = client.get("/avisos/").text
    assert f"ha escrit a {case.reference}" in page
    assert f'href="/suport/{case.reference}/"' in page


def test_a_visitor_has_no_notices(client):
    assert client.get("/avisos/").url.startswith("/compte/login/")
    assert client.get("/avisos/nombre/").status_code == 403
    assert client.post("/avisos/vist/", {"fins": "1"}).url.startswith("/compte/login/")
    assert "data-bell" not in client.get("/").text


@pytest.mark.parametrize("nonsense", ["", "x", "-1", "٣", "9" * 40, "99999"])
def test_nobody_has_seen_what_has_not_happened_yet(client, talk, nonsense):
    topic, laia, pau = talk
    client.force_login(laia)
    assert client.post("/avisos/vist/", {"fins": nonsense}).status_code == 302
    assert client.get(f"/avisos/?abans={nonsense}").status_code == 200
    domain.post(actor=pau, topic=topic, text="Us passa sovint?", reply_to=topic.posts.get(number=1))
    assert counted(client, laia) == 1


def test_seeing_an_older_page_brings_nothing_back(client, talk):
    topic, laia, pau = talk
    for _ in range(2):
        domain.post(actor=pau, topic=topic, text="Us passa sovint?", reply_to=topic.posts.get(number=1))
    client.force_login(laia)
    for cursor in (notices_of(laia).head, 1):
        client.post("/avisos/vist/", {"fins": cursor}, headers={"X-Fragment": "1"})
    assert counted(client, laia) == 0


def test_notices_are_paged_and_cost_as_many_queries_however_many_they_are(talk, django_assert_max_num_queries):
    topic, laia, _pau = talk
    for _ in range(PAGE + 1):
        answer(topic, reply_to=topic.posts.get(number=1))
    with django_assert_max_num_queries(6):
        first = notices_of(laia)
    assert len(first.rows) == PAGE
    assert [row.cursor for row in notices_of(laia, before=first.older).rows] == [1]
    with django_assert_max_num_queries(5):
        assert unseen(laia) == PAGE + 1


def test_the_bell_costs_a_page_no_query(client, django_assert_max_num_queries):
    client.force_login(UserFactory())
    client.get("/horari/")
    with django_assert_max_num_queries(3):
        assert 'data-bell="/avisos/nombre/"' in client.get("/horari/").text
