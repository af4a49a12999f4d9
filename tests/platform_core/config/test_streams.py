"""`org:<id>`: exactly those who may see an organisation may follow it."""

from __future__ import annotations

import pytest

from platform_core.accounts.roles import Role
from platform_core.config.streams import _sees_organisation
from platform_core.organisations.permissions import can_view
from tests.factories.accounts import UserFactory
from tests.factories.organisations import MembershipFactory, OrganisationFactory


@pytest.mark.django_db
def test_following_an_organisation_and_seeing_it_are_the_same_permission():
    ours, theirs = OrganisationFactory(), OrganisationFactory()
    member = MembershipFactory(organisation=ours).person
    people = [member, UserFactory(), UserFactory(roles=[Role.COORDINATOR]), UserFactory(is_active=False)]
    for person in people:
        for organisation in (ours, theirs):
            assert _sees_organisation(person, str(organisation.pk)) == can_view(person, organisation)
    assert _sees_organisation(member, str(ours.pk))
    assert not _sees_organisation(member, str(theirs.pk))


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "0", "-1", "x", "٣", "9" * 40, "1 OR 1=1", "1e3"])
def test_a_key_that_is_none_is_refused(key: str):
    assert not _sees_organisation(UserFactory(roles=[Role.COORDINATOR]), key)


def test_a_stranger_follows_nothing():
    assert not _sees_organisation(None, "1")
