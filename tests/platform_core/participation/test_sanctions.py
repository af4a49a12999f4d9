"""Warnings and suspensions: given with a reason, told, in force until a moment, and taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from platform_core.accounts.roles import Role
from platform_core.activity.models import StreamEntry
from platform_core.base.errors import Refusal
from platform_core.participation import domain, permissions
from platform_core.participation.models import Sanction, SpaceRole
from platform_core.participation.queries import sanctions_of
from tests.factories.accounts import UserFactory
from tests.factories.participation import SpaceFactory, member_of

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


@pytest.fixture
def space():
    return SpaceFactory()


@pytest.fixture
def moderator(space):
    return member_of(space, role=SpaceRole.MODERATOR)


def suspend(space, moderator, person, **facts):
    return domain.suspend(
        actor=moderator, space=space, person=person, **{"reason": "Insults.", "until": timezone.now() + WEEK, **facts}
    )


def test_who_is_suspended_reads_and_does_not_take_part_until_the_moment(space, moderator, monkeypatch):
    person = member_of(space)
    suspend(space, moderator, person)
    assert permissions.can_enter(person, space)
    assert not permissions.can_take_part(person, space)
    later = timezone.now() + WEEK + timedelta(minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert permissions.can_take_part(person, space)
    assert sanctions_of(person, space) == [Sanction.objects.get()], "not read yet"


def test_a_suspension_holds_in_its_space_only_and_after_leaving_and_coming_back(space, moderator):
    person, other = member_of(space), SpaceFactory()
    member_of(other, person=person)
    suspend(space, moderator, person)
    assert permissions.can_take_part(person, other)
    domain.leave(person=person, space=space)
    domain.join(person=person, space=space)
    assert not permissions.can_take_part(person, space)


def test_a_suspension_takes_the_place_of_the_one_in_force(space, moderator):
    person = member_of(space)
    first = suspend(space, moderator, person)
    second = suspend(space, moderator, person, until=timezone.now() + timedelta(days=1))
    first.refresh_from_db()
    assert first.lifted_at is not None
    assert list(Sanction.objects.in_force()) == [second]


def test_a_warning_is_told_until_it_is_understood_and_takes_nothing_away(space, moderator):
    person = member_of(space)
    given = domain.warn(actor=moderator, space=space, person=person, reason="Això no és lloc per a anuncis.")
    assert permissions.can_take_part(person, space)
    assert sanctions_of(person, space) == [given]
    domain.acknowledge(person=member_of(space), sanction=given)
    assert sanctions_of(person, space) == [given], "only the person themself"
    domain.acknowledge(person=person, sanction=given)
    assert sanctions_of(person, space) == []


def test_what_is_lifted_is_no_longer_in_force_and_stays_with_its_reason(space, moderator):
    person = member_of(space)
    given = suspend(space, moderator, person)
    domain.lift(actor=moderator, sanction=given, because="Era un malentès.")
    domain.lift(actor=moderator, sanction=given, because="Un altre cop.")
    given.refresh_from_db()
    assert permissions.can_take_part(person, space)
    assert (given.lifted_by, given.lifted_because) == (moderator, "Era un malentès.")


def test_only_who_moderates_sanctions_and_never_who_moderates(space, moderator):
    person, coordinator = member_of(space), UserFactory(roles=[Role.COORDINATOR])
    member_of(space, person=coordinator)
    for actor, whom in (
        (person, member_of(space)),
        (moderator, coordinator),
        (moderator, moderator),
        (moderator, UserFactory()),
    ):
        with pytest.raises(Refusal):
            domain.warn(actor=actor, space=space, person=whom, reason="Perquè sí.")
        with pytest.raises(Refusal):
            suspend(space, actor, whom)
    assert not Sanction.objects.exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"until": timezone.now() - timedelta(minutes=1)}, "until"),
        ({"until": timezone.now() + timedelta(days=800)}, "until"),
    ],
)
def test_a_suspension_needs_a_reason_and_a_moment_that_can_be(space, moderator, facts, field):
    with pytest.raises(Refusal) as refused:
        suspend(space, moderator, member_of(space), **facts)
    assert refused.value.field == field


def test_who_is_suspended_is_not_appointed_as_moderator(space, moderator):
    person = member_of(space)
    suspend(space, moderator, person)
    with pytest.raises(Refusal):
        domain.change_role(actor=moderator, space=space, person=person, role=SpaceRole.MODERATOR)


def test_only_who_moderates_and_the_person_hear_of_it(space, moderator):
    person = member_of(space)
    suspend(space, moderator, person)
    told = set(StreamEntry.objects.values_list("stream", flat=True))
    assert told == {f"moderation:{space.pk}", f"user:{person.pk}"}
