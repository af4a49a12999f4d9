import math
from datetime import date

import pytest
from django.core.cache import cache

from agora import domain
from platform_core.accounts.roles import Role
from platform_core.base.markup import handle
from platform_core.config import hall as amphitheatre
from platform_core.organisations.domain import add_member
from platform_core.organisations.models import MembershipRole
from platform_core.participation import domain as participation
from platform_core.participation.models import Visibility
from tests.factories.accounts import UserFactory
from tests.factories.agora import answer, forum, member, open_topic
from tests.factories.desk import agent, open_case, referent_of
from tests.factories.organisations import MembershipFactory, OrganisationFactory, referent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_hall():
    cache.delete(amphitheatre.CACHE_KEY)


@pytest.mark.parametrize("count", [0, 1, 2, 9, 128, 311, 320])
def test_everybody_has_a_seat_and_nobody_shares_one(count):
    seats = amphitheatre.seats(count)
    assert len(seats) == len(set(seats)) == count
    assert all(0 < x < amphitheatre.WIDTH and 0 < y < amphitheatre.HEIGHT for x, y in seats)


def test_the_seats_of_the_province_do_not_touch():
    seats = amphitheatre.seats(311)
    nearest = min(math.dist(a, b) for index, a in enumerate(seats) for b in seats[index + 1 :])
    assert nearest > 2 * amphitheatre.SEAT


def test_the_hall_tells_who_takes_part_and_who_the_viewer_is(client):
    OrganisationFactory.create_batch(3)
    mine = referent(OrganisationFactory(joined_on=date(2024, 1, 1)))
    OrganisationFactory(is_fictional=True, joined_on=date(2024, 1, 1))
    page = client.get("/")
    assert (page.context["hall"].joined, page.context["hall"].total) == (1, 4)
    client.force_login(mine.person)
    page = client.get("/")
    assert page.context["place"] == page.context["hall"].places[mine.organisation_id]


def test_the_hall_is_kept_so_that_a_visitor_costs_one_query_for_the_hours(client, django_assert_max_num_queries):
    client.get("/")
    with django_assert_max_num_queries(1):
        page = client.get("/")
    assert "/compte/login/" in page.text


def test_a_member_reads_what_moved_in_their_place_and_nowhere_else(client):
    here, there = referent(OrganisationFactory(name="Aquí")), referent(OrganisationFactory(name="Allà"))
    for boss in (here, there):
        person = UserFactory(name=f"Nova de {boss.organisation}")
        add_member(
            actor=boss.person, organisation=boss.organisation, email=person.email, role=MembershipRole.TECHNICIAN
        )
    client.force_login(here.person)
    page = client.get("/").text
    assert "Nova de Aquí" in page
    assert "Nova de Allà" not in page


def test_the_service_sees_who_has_no_referent(client):
    OrganisationFactory(joined_on=date(2024, 1, 1))
    client.force_login(UserFactory(roles=[Role.COORDINATOR]))
    page = client.get("/")
    assert page.context["numbers"] == {"people": 1, "joined": 1, "without_referent": 1, "invitations": 0}


def test_the_first_thing_to_do_is_the_main_action(client):
    person = UserFactory(name="")
    client.force_login(person)
    assert client.get("/").context["next_step"].url == "/perfil/"
    boss = referent(OrganisationFactory())
    add_member(actor=boss.person, organisation=boss.organisation, email="nova@ens.test", role=MembershipRole.TECHNICIAN)
    invited = UserFactory(email="nova@ens.test")
    client.force_login(invited)
    assert client.get("/").context["next_step"].url.startswith("/ens/invitacio/")


@pytest.mark.parametrize("prefix", ["/", "/es/", "/en/"])
@pytest.mark.parametrize("who", ["visitor", "nobody's", "member", "staff"])
def test_home_speaks_the_three_languages_to_everybody(client, prefix, who):
    people = {
        "nobody's": UserFactory,
        "member": lambda: MembershipFactory().person,
        "staff": lambda: UserFactory(roles=[Role.AGENT_1]),
    }
    if who in people:
        client.force_login(people[who]())
    assert client.get(prefix).status_code == 200


def test_who_works_at_the_desk_sees_how_many_tickets_wait_and_nobody_else_does(client):
    person = referent_of()
    open_case(person)
    client.force_login(agent())
    page = client.get("/")
    assert {view: count for view, _label, count in page.context["desk_views"]}["sense"] == 1
    assert "/suport/taula/?vista=sense" in page.content.decode()
    client.force_login(person)
    assert "/suport/taula/" not in client.get("/").content.decode()


def test_a_member_reads_who_names_them_and_accepts_their_answer_while_they_may_read_the_topic(client):
    space = forum(visibility=Visibility.MEMBERS)
    person, asker = member(space, name="Laia Fictícia"), member(space, name="Pau Fictici")
    named = handle(person.name, person.pk)
    topic = open_topic(asker, space=space, title="Les fases no canvien", text=f"@{named}, ho saps?")
    domain.accept_answer(actor=asker, post=answer(topic, person))
    client.force_login(person)
    page = client.get("/").text
    assert f'<a href="{topic.url_of(1)}">Pau Fictici us anomena a «Les fases no canvien».</a>' in page
    assert f'<a href="{topic.url_of(2)}">Pau Fictici diu que la vostra resposta' in page
    client.force_login(member(space))
    assert "us anomena" not in client.get("/").text
    participation.leave(person=person, space=space)
    client.force_login(person)
    assert "Les fases no canvien" not in client.get("/").text
