from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from platform_core.accounts.roles import Role
from platform_core.participation import permissions
from platform_core.participation.models import (
    Sanction,
    SanctionKind,
    SpaceInvitation,
    SpaceMember,
    SpaceRole,
    Visibility,
)
from tests.factories.accounts import UserFactory
from tests.factories.participation import SpaceFactory, member_of

pytestmark = pytest.mark.django_db

PAIRS = [
    (permissions.can_view_space, permissions.spaces_visible_to),
    (permissions.can_enter, permissions.spaces_entered_by),
    (permissions.can_moderate, permissions.spaces_moderated_by),
]


def everybody(spaces):
    insider, moderator, gone, invited = UserFactory.create_batch(4)
    both = UserFactory(roles=[Role.MODERATOR])
    past = timezone.now() - timedelta(days=9)
    for space in spaces:
        member_of(space, person=insider)
        member_of(space, person=both)
        member_of(space, person=moderator, role=SpaceRole.MODERATOR)
        SpaceMember.objects.create(space=space, person=gone, role=SpaceRole.MODERATOR, since=past, until=timezone.now())
        SpaceInvitation.objects.create(space=space, person=invited, expires_at=timezone.now() + timedelta(days=1))
    closed = UserFactory(is_active=False)
    member_of(spaces[0], person=closed)
    staff = [UserFactory(roles=[role]) for role in Role]
    return [AnonymousUser(), UserFactory(), insider, moderator, both, gone, invited, closed, *staff]


@pytest.mark.parametrize(("predicate", "queryset"), PAIRS, ids=lambda function: function.__name__)
def test_of_one_space_and_of_all_the_answer_is_the_same(predicate, queryset):
    spaces = [SpaceFactory(visibility=visibility) for visibility in Visibility]
    for user in everybody(spaces):
        assert {space for space in spaces if predicate(user, space)} == set(queryset(user)), user


def test_a_space_by_invitation_exists_for_members_invited_and_coordination_only():
    space = SpaceFactory(visibility=Visibility.INVITATION)
    moderator = UserFactory(roles=[Role.MODERATOR])
    assert not permissions.can_view_space(AnonymousUser(), space)
    assert not permissions.can_view_space(UserFactory(), space)
    assert not permissions.can_moderate(moderator, space)
    assert permissions.can_enter(UserFactory(roles=[Role.COORDINATOR]), space)
    assert permissions.can_moderate(member_of(space, person=moderator), space)


def test_who_is_invited_sees_the_name_and_not_the_content():
    space, person = SpaceFactory(visibility=Visibility.INVITATION), UserFactory()
    SpaceInvitation.objects.create(space=space, person=person, expires_at=timezone.now() + timedelta(days=1))
    assert permissions.can_view_space(person, space)
    assert not permissions.can_enter(person, space)


def test_taking_part_asks_for_the_charter_and_an_open_space():
    space, person = SpaceFactory(charter="Som amables."), UserFactory()
    seat = SpaceMember.objects.create(space=space, person=person)
    assert not permissions.can_take_part(person, space)
    seat.charter_version = space.charter_version
    seat.save()
    assert permissions.can_take_part(person, space)
    space.charter_version += 1
    assert not permissions.can_take_part(person, space), "a new charter asks again"
    space.charter_version -= 1
    space.closed_at = timezone.now()
    assert not permissions.can_take_part(person, space)


@pytest.mark.parametrize("charter", ["", "Som amables."])
def test_all_rights_in_a_space_are_what_each_predicate_says(charter, django_assert_max_num_queries):
    spaces = [SpaceFactory(visibility=visibility, charter=charter) for visibility in Visibility]
    spaces.append(SpaceFactory(visibility=Visibility.PUBLIC, closed_at=timezone.now()))
    people = everybody(spaces)
    suspended, forgetful = (member_of(spaces[0]) for _ in range(2))
    given = timezone.now()
    Sanction.objects.create(
        space=spaces[0], person=suspended, kind=SanctionKind.SUSPENSION, given_at=given, until=given + timedelta(days=1)
    )
    SpaceMember.objects.filter(person=forgetful).update(charter_version=0)
    for user in [*people, suspended, forgetful]:
        for space in spaces:
            getattr(user, "role_names", None)
            with django_assert_max_num_queries(2):
                rights = permissions.rights_in(user, space)
            assert rights.enters == permissions.can_enter(user, space), (user, space)
            assert rights.moderates == permissions.can_moderate(user, space), (user, space)
            assert rights.takes_part == permissions.can_take_part(user, space), (user, space)
