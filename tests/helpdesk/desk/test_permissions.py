"""The predicate and the queryset of seeing a ticket say the same, for everyone and every ticket."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from helpdesk.desk import domain, permissions
from helpdesk.desk.models import Case
from platform_core.accounts.roles import Role
from tests.factories.accounts import UserFactory
from tests.factories.desk import agent, open_case, referent_of
from tests.factories.organisations import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    ens, other = OrganisationFactory(), OrganisationFactory()
    laia, quim, marta = referent_of(ens), referent_of(ens), referent_of(other)
    technician = MembershipFactory(organisation=ens).person
    former = UserFactory()
    MembershipFactory(
        person=former, organisation=ens, since=timezone.localdate() - timedelta(days=9), until=timezone.localdate()
    )
    copied = UserFactory()
    cases = [
        open_case(laia), open_case(technician, organisation=ens), open_case(marta),
        open_case(None, requester_email="fora@example.test", organisation=None),
    ]  # fmt: skip
    gone = open_case(quim)
    Case.objects.filter(pk=gone.pk).update(requester=former)
    domain.add_copy(actor=laia, case=cases[0], email=copied.email)
    people = {
        "laia": laia, "quim": quim, "marta": marta, "technician": technician, "former": former, "copied": copied,
        "agent": agent(), "agent 3": agent(3), "coordinator": UserFactory(roles=[Role.COORDINATOR]),
        "editor": UserFactory(roles=[Role.EDITOR]), "moderator": UserFactory(roles=[Role.MODERATOR]),
        "administrator": UserFactory(roles=[Role.ADMINISTRATOR]), "stranger": UserFactory(),
        "closed": UserFactory(is_active=False, roles=[Role.AGENT_1]), "visitor": AnonymousUser(),
    }  # fmt: skip
    return people, [*cases, gone]


def test_the_predicate_and_the_queryset_agree_for_everyone(world):
    people, cases = world
    for name, person in people.items():
        listed = set(permissions.visible_to(person))
        assert listed == {case for case in cases if permissions.can_view(person, Case.objects.get(pk=case.pk))}, name


def test_each_sees_what_is_theirs_and_nothing_else(world):
    people, (of_laia, of_technician, of_marta, of_nobody, of_former) = world
    everything = {of_laia, of_technician, of_marta, of_nobody, of_former}
    seen = {name: set(permissions.visible_to(person)) for name, person in people.items()}
    assert seen["laia"] == seen["quim"] == {of_laia, of_technician, of_former}
    assert seen["technician"] == {of_technician}
    assert seen["marta"] == {of_marta}
    assert seen["copied"] == {of_laia}
    assert seen["agent"] == seen["agent 3"] == seen["coordinator"] == seen["administrator"] == everything
    for name in ("former", "editor", "moderator", "stranger", "closed", "visitor"):
        assert seen[name] == set(), name


def test_the_parties_of_a_case_are_exactly_those_outside_the_desk_who_may_see_it(world):
    people, cases = world
    outside = [person for person in people.values() if person.pk and not permissions.is_desk(person)]
    for case in cases:
        case.refresh_from_db()
        assert set(permissions.parties(case)) == {one.pk for one in outside if permissions.can_view(one, case)}


def test_who_may_only_read_may_not_write(world):
    people, cases = world
    for case in cases:
        case.refresh_from_db()
        for name, person in people.items():
            if permissions.can_reply(person, case) or permissions.can_close(person, case):
                assert permissions.can_view(person, case), name
