"""A referent changes jobs: in one step, everything they had is somebody else's, and everybody knows."""

import pytest
from django.core import mail
from django.utils import timezone

from platform_core.organisations import handover
from platform_core.organisations.handover import Transfer
from platform_core.organisations.models import MembershipRole
from tests.factories.organisations import MembershipFactory, OrganisationFactory, deliver_all, referent

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_tickets():
    """A higher app that registered its own transfer: three tickets, in the hands of whoever."""
    owners: list[object] = []

    def move(person, successor, _organisation):
        mine = [index for index, owner in enumerate(owners) if owner == person]
        for index in mine:
            owners[index] = successor
        return len(mine)

    handover.register(
        Transfer(
            name="tests.tickets",
            describe=lambda count: f"{count} tiquets oberts",
            count=lambda person, _organisation: owners.count(person),
            move=move,
        )
    )
    yield owners
    handover.unregister("tests.tickets")


def test_a_referent_who_leaves_hands_everything_over(client, open_tickets):
    ens = OrganisationFactory(name="Vila de Prova", slug="vila-de-prova")
    laia = referent(ens, person__name="Laia Fictícia", since=timezone.localdate().replace(year=2025, day=1))
    nuria = MembershipFactory(organisation=ens, person__name="Núria Fictícia")
    open_tickets += [laia.person] * 3
    client.force_login(laia.person)

    page = client.get("/ens/vila-de-prova/relleu/")
    assert "Laia Fictícia" in page.text
    assert "Núria Fictícia" in page.text

    preview = client.get(f"/ens/vila-de-prova/relleu/?de={laia.pk}")
    assert "3 tiquets oberts" in preview.text

    nobody = client.post(f"/ens/vila-de-prova/relleu/?de={laia.pk}", {"successor": ""})
    assert nobody.status_code == 422

    done = client.post(f"/ens/vila-de-prova/relleu/?de={laia.pk}", {"successor": nuria.pk}, follow=True)
    assert done.redirect_chain == [("/", 302)]
    assert open_tickets == [nuria.person] * 3

    assert client.get("/ens/vila-de-prova/").status_code == 404
    client.force_login(nuria.person)
    members = client.get("/ens/vila-de-prova/")
    assert members.context["mine"].role == MembershipRole.REFERENT
    assert [seat.person for seat in members.context["past"]] == [laia.person]

    deliver_all()
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted([laia.person.email, nuria.person.email])
    assert all("3 tiquets oberts" in letter.body for letter in mail.outbox)
    assert "Laia Fictícia" in client.get("/").text
