import pytest
from django.core import mail

from platform_core.accounts.roles import Role
from platform_core.activity.models import Activity
from platform_core.base.errors import Refusal
from platform_core.organisations import domain, handover
from platform_core.organisations.handover import Transfer, hand_over, preview
from platform_core.organisations.models import Membership, MembershipRole
from tests.factories.accounts import UserFactory
from tests.factories.organisations import MembershipFactory, OrganisationFactory, deliver_all, referent

pytestmark = pytest.mark.django_db


@pytest.fixture
def ens():
    return OrganisationFactory()


@pytest.fixture
def leaving(ens):
    return referent(ens)


@pytest.fixture
def successor(ens):
    return MembershipFactory(organisation=ens)


@pytest.fixture
def register():
    """Register transfers for this test only."""
    names: list[str] = []

    def add(transfer: Transfer) -> None:
        handover.register(transfer)
        names.append(transfer.name)

    yield add
    for name in names:
        handover.unregister(name)


def test_the_seat_and_the_invitations_pass_on(ens, leaving, successor):
    domain.add_member(actor=leaving.person, organisation=ens, email="nova@ens.test", role=MembershipRole.TECHNICIAN)
    moving = [(one.transfer.name, one.count) for one in preview(person=leaving.person, organisation=ens) if one.count]
    assert moving == [("organisations.invitations", 1), ("organisations.seats", 1)]
    hand_over(actor=leaving.person, membership=leaving, successor=successor)
    seats = Membership.objects.current().filter(organisation=ens)
    assert [(seat.person, seat.role) for seat in seats] == [(successor.person, MembershipRole.REFERENT)]
    assert ens.invitations.get().invited_by == successor.person
    event = Activity.objects.get(type="organisations.handed_over").event
    assert {name: count for name, count in zip(event.transfers, event.counts, strict=True) if count} == {
        "organisations.invitations": 1,
        "organisations.seats": 1,
    }


def test_a_technician_passes_on_no_power(ens, leaving, successor):
    hand_over(actor=leaving.person, membership=successor, successor=leaving)
    other = MembershipFactory(organisation=ens)
    third = MembershipFactory(organisation=ens)
    hand_over(actor=leaving.person, membership=other, successor=third)
    third.refresh_from_db()
    assert third.role == MembershipRole.TECHNICIAN


def test_when_one_transfer_fails_nothing_has_moved(ens, leaving, successor, register):
    order: list[str] = []

    def take_name(person, successor, organisation):
        order.append("first")
        return type(ens).objects.filter(pk=organisation.pk).update(platform_host="moved.example")

    def fail(person, successor, organisation):
        order.append("second")
        raise RuntimeError("halfway")

    register(Transfer(name="tests.first", describe=str, count=lambda *_: 3, move=take_name))
    register(Transfer(name="tests.second", describe=str, count=lambda *_: 2, move=fail))
    with pytest.raises(RuntimeError):
        hand_over(actor=leaving.person, membership=leaving, successor=successor)
    assert order == ["first", "second"]
    ens.refresh_from_db()
    assert ens.platform_host == ""
    assert Membership.objects.current().get(person=leaving.person).role == MembershipRole.REFERENT
    assert not Activity.objects.filter(type="organisations.handed_over").exists()
    deliver_all()
    assert not mail.outbox


def test_a_name_is_registered_once(register):
    register(Transfer(name="tests.one", describe=str, count=lambda *_: 0, move=lambda *_: 0))
    with pytest.raises(ValueError, match="twice"):
        handover.register(Transfer(name="tests.one", describe=str, count=lambda *_: 0, move=lambda *_: 0))


@pytest.mark.parametrize("kind", ["the same", "elsewhere", "former", "closed"])
def test_only_another_member_of_the_place_can_take_over(ens, leaving, kind):
    former = MembershipFactory(organisation=ens)
    domain.end_membership(actor=leaving.person, membership=former)
    successors = {
        "the same": leaving,
        "elsewhere": MembershipFactory(),
        "former": former,
        "closed": MembershipFactory(organisation=ens, person=UserFactory(is_active=False)),
    }
    with pytest.raises(Refusal) as refused:
        hand_over(actor=leaving.person, membership=leaving, successor=successors[kind])
    assert refused.value.field == "successor"


def test_a_technician_cannot_hand_over_and_a_coordinator_can(leaving, successor):
    with pytest.raises(Refusal):
        hand_over(actor=successor.person, membership=leaving, successor=successor)
    hand_over(actor=UserFactory(roles=[Role.COORDINATOR]), membership=leaving, successor=successor)


def test_nobody_hands_over_twice(leaving, successor):
    hand_over(actor=None, membership=leaving, successor=successor)
    with pytest.raises(Refusal):
        hand_over(actor=None, membership=leaving, successor=successor)
