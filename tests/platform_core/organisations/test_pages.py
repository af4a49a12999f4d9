import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from platform_core.accounts.roles import Role
from platform_core.organisations import listing
from platform_core.organisations.domain import add_member
from platform_core.organisations.models import MembershipRole
from platform_core.organisations.queries import invitation_token
from tests.factories.accounts import UserFactory
from tests.factories.organisations import MembershipFactory, OrganisationFactory, referent

pytestmark = pytest.mark.django_db

NONSENSE = ["", "x", "-1", "0", "9" * 40, "١٢", "1' OR '1'='1", "%00", "\0", "<b>", "ç" * 500, "[]"]


@pytest.fixture
def coordinator(client):
    person = UserFactory(roles=[Role.COORDINATOR])
    client.force_login(person)
    return person


def names(response):
    return [row.organisation.name for row in response.context["page"].rows]


@pytest.mark.parametrize("page", ["list", "detail", "home"])
def test_a_page_costs_the_same_with_one_and_with_thirty(client, coordinator, page):
    ens = OrganisationFactory(slug="una", joined_on=date(2024, 1, 1))
    referent(ens)
    url = {"list": "/ens/", "detail": "/ens/una/", "home": "/"}[page]
    client.get(url)

    def cost():
        with CaptureQueriesContext(connection) as made:
            assert client.get(url).status_code == 200
        return len(made)

    one = cost()
    for _number in range(30):
        referent(OrganisationFactory(joined_on=date(2024, 1, 1)))
        MembershipFactory(organisation=ens)
    assert cost() == one


@pytest.mark.parametrize("order", listing.ORDERS)
def test_pages_by_key_show_everything_once_both_ways(client, coordinator, monkeypatch, order):
    monkeypatch.setattr(listing, "PAGE_SIZE", 3)
    for number in range(8):
        OrganisationFactory(
            comarca=f"Comarca {number % 3}", joined_on=date(2024, 1, 1 + number % 2) if number % 4 else None
        )
    response = client.get("/ens/", {"ordre": order})
    pages = [names(response)]
    while after := response.context["page"].after:
        response = client.get("/ens/", {"ordre": order, "despres": after})
        pages.append(names(response))
    forward = [name for page in pages for name in page]
    assert len(forward) == len(set(forward)) == 8
    assert [len(page) for page in pages] == [3, 3, 2]
    backward = [names(response)]
    while before := response.context["page"].before:
        response = client.get("/ens/", {"ordre": order, "abans": before})
        backward.insert(0, names(response))
    assert backward == pages


@pytest.mark.parametrize("value", NONSENSE)
@pytest.mark.parametrize("name", ["q", "comarca", "alta", "referent", "ordre", "despres", "abans", "page"])
def test_nonsense_in_the_address_is_answered_calmly(client, coordinator, name, value):
    OrganisationFactory()
    assert client.get("/ens/", {name: value}).status_code == 200
    assert client.get("/ens/exporta/", {name: value}).status_code == 200


def test_the_list_finds_without_accents_and_filters(client, coordinator):
    bages = OrganisationFactory(name="Òdena Fictícia", comarca="Anoia", comarca_code="06", joined_on=date(2024, 1, 1))
    other = OrganisationFactory(name="Altra")
    assert names(client.get("/ens/", {"q": "odena"})) == [bages.name]
    assert names(client.get("/ens/", {"q": other.ine_code})) == [other.name]
    assert names(client.get("/ens/", {"comarca": "06"})) == [bages.name]
    assert names(client.get("/ens/", {"alta": "no"})) == [other.name]
    assert names(client.get("/ens/", {"referent": "cap"})) == [bages.name]
    referent(bages)
    assert names(client.get("/ens/", {"referent": "cap"})) == []
    assert "empty" in client.get("/ens/", {"q": "zzz"}).text


def test_the_export_has_the_filtered_rows_and_no_formula(client, coordinator):
    OrganisationFactory(name="=HYPERLINK(1)", joined_on=date(2024, 1, 31))
    OrganisationFactory(name="Altra")
    text = client.get("/ens/exporta/", {"alta": "si"}).getvalue().decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(text))
    assert len(header) == len(row)
    assert row[1] == "'=HYPERLINK(1)"
    assert row[4] == "2024-01-31"


def test_a_member_lists_their_own_only(client):
    seat = MembershipFactory()
    OrganisationFactory()
    client.force_login(seat.person)
    assert names(client.get("/ens/")) == [seat.organisation.name]


def test_what_one_may_not_see_is_not_there(client):
    ens = OrganisationFactory(slug="aliena")
    theirs = referent(ens)
    seat = MembershipFactory(organisation__slug="propia")
    client.force_login(seat.person)
    mine = f"/ens/propia/membres/{seat.pk}"
    for url in [
        "/ens/aliena/",
        "/ens/no-hi-es/",
        "/ens/aliena/relleu/",
        "/ens/propia/relleu/",
        "/ens/propia/membres/afegeix/",
        f"/ens/aliena/membres/{theirs.pk}/baixa/",
        f"/ens/propia/membres/{theirs.pk}/baixa/",
        f"{mine}/rol/",
        "/ens/invitacio/inventat/",
    ]:
        assert client.get(url).status_code == 404, url
    assert client.get(f"{mine}/baixa/").status_code == 200
    client.logout()
    assert client.get("/ens/propia/").status_code == 302


@pytest.mark.parametrize("value", NONSENSE)
def test_nonsense_in_a_form_comes_back_with_its_errors(client, value):
    boss = referent(OrganisationFactory(slug="vila"))
    client.force_login(boss.person)
    seat = MembershipFactory(organisation=boss.organisation)
    for url, field in [
        ("membres/afegeix/", "email"),
        (f"membres/{seat.pk}/rol/", "role"),
        (f"membres/{seat.pk}/baixa/", "until"),
        (f"relleu/?de={boss.pk}", "successor"),
    ]:
        answer = client.post(f"/ens/vila/{url}", {field: value, "role": value})
        assert answer.status_code == 422, url


@pytest.mark.parametrize("day", ["2026-13-01", "0001-01-01", "9999-12-31", "31/02/2026", "2026-02-30T10:00"])
def test_a_wrong_or_far_day_is_refused_beside_its_field(client, day):
    boss = referent(OrganisationFactory(slug="vila"))
    client.force_login(boss.person)
    seat = MembershipFactory(organisation=boss.organisation)
    answer = client.post(f"/ens/vila/membres/{seat.pk}/baixa/", {"until": day})
    assert answer.status_code == 422
    assert answer.context["form"].errors["until"]
    seat.refresh_from_db()
    assert seat.until is None


def test_only_a_coordinator_is_offered_to_leave_it_without_a_referent(client, coordinator):
    boss = referent(OrganisationFactory(slug="vila"))
    url = f"/ens/vila/membres/{boss.pk}/baixa/"
    today = timezone.localdate().isoformat()
    assert "leave_without_referent" in client.get(url).text
    assert client.post(url, {"until": today}).status_code == 422
    client.force_login(boss.person)
    assert "leave_without_referent" not in client.get(url).text
    assert client.post(url, {"until": today, "leave_without_referent": "on"}).status_code == 422
    client.force_login(coordinator)
    assert client.post(url, {"until": today, "leave_without_referent": "on"}).status_code == 302


def test_an_invitation_for_another_address_says_so(client):
    boss = referent(OrganisationFactory())
    invitation = add_member(
        actor=boss.person, organisation=boss.organisation, email="nova@ens.test", role=MembershipRole.TECHNICIAN
    )
    client.force_login(UserFactory())
    url = f"/ens/invitacio/{invitation_token(invitation)}/"
    assert "nova@ens.test" in client.get(url).text
    assert client.post(url, follow=True).status_code == 200
    invitation.refresh_from_db()
    assert invitation.is_pending()


def test_a_cancelled_invitation_leaves_the_list(client):
    boss = referent(OrganisationFactory(slug="vila"))
    client.force_login(boss.person)
    client.post("/ens/vila/membres/afegeix/", {"email": "nova@ens.test", "role": "technician"})
    (invitation,) = client.get("/ens/vila/").context["invitations"]
    url = f"/ens/vila/invitacions/{invitation.pk}/anulla/"
    assert client.get(url).status_code == 405
    client.post(url)
    assert client.get("/ens/vila/").context["invitations"] == []
    assert client.get(f"/ens/invitacio/{invitation_token(invitation)}/").status_code == 200
