from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from platform_core.accounts.roles import Role
from platform_core.organisations.models import Organisation
from platform_core.organisations.permissions import can_manage_members, can_view, manageable_by, visible_to
from tests.factories.accounts import UserFactory
from tests.factories.organisations import MembershipFactory, OrganisationFactory, referent

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """One of each kind, around two organisations."""
    today = timezone.localdate()
    first, second = OrganisationFactory(), OrganisationFactory()
    return {
        "nobody": AnonymousUser(),
        "somebody": UserFactory(),
        "technician": MembershipFactory(organisation=first).person,
        "referent": referent(first).person,
        "referent elsewhere": referent(second).person,
        "former": referent(first, since=today - timedelta(days=9), until=today).person,
        "not yet": referent(first, since=today + timedelta(days=1)).person,
        "leaving tomorrow": referent(first, until=today + timedelta(days=1)).person,
        "closed account": referent(first, person=UserFactory(is_active=False)).person,
        "closed coordinator": UserFactory(is_active=False, roles=[Role.COORDINATOR]),
        "superuser": UserFactory(is_superuser=True),
        **{role.value: UserFactory(roles=[role]) for role in Role},
    }


@pytest.mark.parametrize(("can", "those"), [(can_view, visible_to), (can_manage_members, manageable_by)])
def test_the_question_of_one_and_the_question_of_all_agree(people, can, those):
    for kind, person in people.items():
        allowed = set(those(person))
        for organisation in Organisation.objects.all():
            assert can(person, organisation) == (organisation in allowed), kind


def test_who_sees_and_who_manages(people):
    first, second = Organisation.objects.order_by("pk")
    staff = {role.value for role in Role} - {"moderator"} | {"superuser"}
    sees = {kind for kind, person in people.items() if can_view(person, first)}
    assert sees == staff | {"technician", "referent", "leaving tomorrow"}
    manages = {kind for kind, person in people.items() if can_manage_members(person, first)}
    assert manages == {"coordinator", "administrator", "superuser", "referent", "leaving tomorrow"}
    assert {kind for kind, person in people.items() if can_view(person, second)} == staff | {"referent elsewhere"}
