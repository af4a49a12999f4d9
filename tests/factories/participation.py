"""Spaces and who is in them."""

from __future__ import annotations

import factory
from django.utils import timezone

from platform_core.accounts.models import User
from platform_core.participation.models import Joining, Space, SpaceMember, SpaceRole, Visibility
from tests.factories.accounts import UserFactory


class SpaceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Space

    name = factory.Sequence(lambda n: f"Comunitat fictícia {n:03}")
    slug = factory.Sequence(lambda n: f"comunitat-{n}")
    joining = factory.LazyAttribute(
        lambda made: Joining.INVITATION if made.visibility == Visibility.INVITATION else Joining.OPEN
    )
    visibility = Visibility.MEMBERS


def member_of(space: Space, *, role: SpaceRole = SpaceRole.MEMBER, person: User | None = None) -> User:
    """A person (a new one unless given) who is in the space and has accepted its charter."""
    person = person or UserFactory()
    SpaceMember.objects.create(
        space=space, person=person, role=role, charter_accepted_at=timezone.now(), charter_version=space.charter_version
    )
    return person
