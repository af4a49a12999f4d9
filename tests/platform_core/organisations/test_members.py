from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from platform_core.accounts.roles import Role
from platform_core.activity.models import Activity
from platform_core.base.errors import Refusal
from platform_core.organisations import domain
from platform_core.organisations.models import Invitation, Kind, Membership, MembershipRole
from platform_core.organisations.queries import current_members, past_members
from platform_core.organisations.register import RESERVED_SLUGS, Facts, create_organisation
from tests.factories.accounts import UserFactory
from tests.factories.organisations import MembershipFactory, OrganisationFactory, deliver_all, referent

pytestmark = pytest.mark.django_db

REFERENT, TECHNICIAN = MembershipRole.REFERENT, MembershipRole.TECHNICIAN


@pytest.fixture
def boss():
    return referent(OrganisationFactory()).person


@pytest.fixture
def ens(boss):
    return boss.memberships.get().organisation


def add(boss, ens, email, role=TECHNICIAN):
    return domain.add_member(actor=boss, organisation=ens, email=email, role=role)


def test_somebody_we_know_is_a_member_at_once_and_hears_of_it(boss, ens):
    person = UserFactory(email="nova@ens.test")
    seat = add(boss, ens, "  NOVA@ens.test ")
    assert (seat.person, seat.role, seat.since, seat.until) == (person, TECHNICIAN, timezone.localdate(), None)
    told = Activity.objects.get(type="organisations.member_added")
    assert {entry.stream_id for entry in told.entries.all()} == {f"org:{ens.pk}", f"user:{person.pk}"}
    deliver_all()
    assert [letter.to for letter in mail.outbox] == [["nova@ens.test"]]


def test_somebody_is_known_by_a_second_address_that_is_proved(boss, ens):
    person = UserFactory()
    person.emailaddress_set.create(email="altra@ens.test", verified=True)
    assert add(boss, ens, "altra@ens.test").person == person


@pytest.mark.parametrize("email", ["", "x", "a@b", "a b@c.test", "a@b.test\nBcc: c@d.test"])
def test_what_is_not_an_address_is_refused(boss, ens, email):
    with pytest.raises(Refusal) as refused:
        add(boss, ens, email)
    assert refused.value.field == "email"


def test_nobody_has_two_seats_in_one_place(boss, ens):
    seat = MembershipFactory(organisation=ens)
    with pytest.raises(Refusal):
        add(boss, ens, seat.person.email)
    with pytest.raises(IntegrityError), transaction.atomic():
        MembershipFactory(organisation=ens, person=seat.person)


def test_a_seat_that_ends_next_month_is_still_a_seat(boss, ens):
    seat = MembershipFactory(organisation=ens, until=timezone.localdate() + timedelta(days=30))
    with pytest.raises(Refusal):
        add(boss, ens, seat.person.email)


def test_a_closed_account_gets_no_seat(boss, ens):
    with pytest.raises(Refusal):
        add(boss, ens, UserFactory(is_active=False).email)


@pytest.mark.parametrize("verb", ["add", "role", "end"])
def test_a_technician_changes_nothing(ens, verb):
    technician, other = MembershipFactory(organisation=ens), MembershipFactory(organisation=ens)
    with pytest.raises(Refusal):
        {
            "add": lambda: add(technician.person, ens, "x@y.test"),
            "role": lambda: domain.change_role(actor=technician.person, membership=other, role=REFERENT),
            "end": lambda: domain.end_membership(actor=technician.person, membership=other),
        }[verb]()


def test_a_technician_may_leave(ens):
    seat = MembershipFactory(organisation=ens)
    domain.end_membership(actor=seat.person, membership=seat)
    assert seat.person_id not in current_members(ens).values_list("person", flat=True)


def test_a_change_of_role_keeps_the_history(boss, ens):
    seat = MembershipFactory(organisation=ens, since=date(2025, 1, 1))
    new = domain.change_role(actor=boss, membership=seat, role=REFERENT)
    assert (new.role, new.since) == (REFERENT, timezone.localdate())
    assert [(old.role, old.until) for old in past_members(ens)] == [(TECHNICIAN, timezone.localdate())]


def test_changes_of_role_on_one_day_leave_one_seat(boss, ens):
    seat = MembershipFactory(organisation=ens)
    for role in (REFERENT, TECHNICIAN, REFERENT):
        seat = domain.change_role(actor=boss, membership=seat, role=role)
    assert Membership.objects.filter(organisation=ens, person=seat.person).count() == 1


@pytest.mark.parametrize("verb", ["role", "end"])
def test_the_last_referent_stays_unless_a_coordinator_says_so(boss, ens, verb):
    seat = boss.memberships.get()

    def go(actor, **more):
        if verb == "role":
            return domain.change_role(actor=actor, membership=seat, role=TECHNICIAN, **more)
        return domain.end_membership(actor=actor, membership=seat, **more)

    coordinator = UserFactory(roles=[Role.COORDINATOR])
    for actor, more in [(boss, {}), (boss, {"leave_without_referent": True}), (coordinator, {})]:
        with pytest.raises(Refusal):
            go(actor, **more)
    go(coordinator, leave_without_referent=True)
    assert not Membership.objects.current().referents().filter(organisation=ens).exists()


def test_a_referent_with_a_closed_account_does_not_count_as_another(boss, ens):
    referent(ens, person=UserFactory(is_active=False))
    with pytest.raises(Refusal):
        domain.end_membership(actor=boss, membership=boss.memberships.get())


@pytest.mark.parametrize("days", [-1, 367, 400_000])
def test_a_day_before_the_start_or_far_away_is_refused(boss, ens, days):
    seat = MembershipFactory(organisation=ens)
    with pytest.raises(Refusal) as refused:
        domain.end_membership(actor=boss, membership=seat, until=timezone.localdate() + timedelta(days=days))
    assert refused.value.field == "until"


def test_a_seat_that_is_over_cannot_end_again(boss, ens):
    seat = MembershipFactory(organisation=ens)
    domain.end_membership(actor=boss, membership=seat)
    with pytest.raises(Refusal):
        domain.end_membership(actor=boss, membership=seat)


def test_the_database_refuses_a_seat_that_ends_before_it_starts(ens):
    with pytest.raises(IntegrityError), transaction.atomic():
        MembershipFactory(organisation=ens, until=timezone.localdate() - timedelta(days=1))


def test_asking_twice_renews_the_invitation_and_a_cancelled_one_is_another(boss, ens):
    first = add(boss, ens, "nova@ens.test")
    again = add(boss, ens, "NOVA@ens.test", role=REFERENT)
    assert (again.pk, again.role) == (first.pk, REFERENT)
    domain.revoke_invitation(actor=boss, invitation=again)
    assert add(boss, ens, "nova@ens.test").pk != first.pk
    assert Invitation.objects.pending().count() == 1


def test_invitations_have_a_limit(boss, ens, monkeypatch):
    monkeypatch.setattr(domain, "MOST_PENDING_INVITATIONS", 1)
    add(boss, ens, "u@ens.test")
    with pytest.raises(Refusal):
        add(boss, ens, "dos@ens.test")


def test_an_invitation_works_once_for_its_address_and_in_time(boss, ens):
    invitation = add(boss, ens, "nova@ens.test")
    with pytest.raises(Refusal):
        domain.accept_invitation(person=UserFactory(), invitation=invitation)
    person = UserFactory(email="nova@ens.test")
    assert domain.accept_invitation(person=person, invitation=invitation).organisation == ens
    with pytest.raises(Refusal):
        domain.accept_invitation(person=person, invitation=invitation)
    late = add(boss, ens, "tard@ens.test")
    Invitation.objects.filter(pk=late.pk).update(expires_at=timezone.now())
    with pytest.raises(Refusal):
        domain.accept_invitation(person=UserFactory(email="tard@ens.test"), invitation=late)


def test_a_cancelled_invitation_sends_no_letter(boss, ens):
    domain.revoke_invitation(actor=boss, invitation=add(boss, ens, "nova@ens.test"))
    deliver_all()
    assert not mail.outbox


@pytest.mark.parametrize("start", [-2, 0, 1])
@pytest.mark.parametrize("length", [None, 0, 1, 2, 3])
def test_a_seat_and_the_list_of_seats_agree_on_what_is_current(ens, start, length):
    since = timezone.localdate() + timedelta(days=start)
    until = None if length is None else since + timedelta(days=length)
    seat = MembershipFactory(organisation=ens, since=since, until=until)
    assert seat.is_current() == Membership.objects.current().filter(pk=seat.pk).exists()


def test_no_organisation_takes_an_address_that_is_a_page_of_ours():
    for name in RESERVED_SLUGS:
        made = create_organisation(actor=None, facts=Facts(name=name, kind=Kind.OTHER))
        assert made.slug == f"{name}-2"


def test_two_with_one_name_have_two_addresses():
    slugs = [create_organisation(actor=None, facts=Facts(name="La Vila", kind=Kind.EMD)).slug for _number in range(3)]
    assert slugs == ["la-vila", "la-vila-2", "la-vila-3"]


@pytest.mark.parametrize("facts", [{"name": " "}, {"name": "A"}, {"name": "A", "ine_code": "080190"}])
def test_an_organisation_without_what_it_needs_is_refused(facts):
    with pytest.raises(Refusal):
        create_organisation(actor=None, facts=Facts(**facts))
