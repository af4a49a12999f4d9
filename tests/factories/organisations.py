"""Organisations, seats in them, and the letters that follow. Municipalities here have codes of no real province."""

from __future__ import annotations

import factory

from platform_core.activity.deliveries import deliver
from platform_core.activity.models import Delivery
from platform_core.organisations import ine
from platform_core.organisations.models import Kind, Membership, MembershipRole, Organisation, fold
from tests.factories.accounts import UserFactory


def code(number: int) -> str:
    """A valid INE code of the province that does not exist."""
    five = f"{ine.FICTIONAL_PROVINCE}{number % 1000:03}"
    return five + ine.check_digit(five)


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    ine_code = factory.Sequence(code)
    name = factory.Sequence(lambda n: f"Vila Fictícia {n:03}")
    index_name = factory.SelfAttribute("name")
    sort_key = factory.LazyAttribute(lambda made: fold(made.index_name))
    comarca_code = "41"
    comarca = "Vallès Oriental"
    kind = Kind.MUNICIPALITY
    slug = factory.Sequence(lambda n: f"vila-{n}")


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    person = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = MembershipRole.TECHNICIAN


def referent(organisation: Organisation, **fields: object) -> Membership:
    return MembershipFactory(organisation=organisation, role=MembershipRole.REFERENT, **fields)


def deliver_all() -> None:
    """What the worker does with the reactions that are due, and with those that they bring about; each tried once."""
    tried: set[int] = set()
    due = Delivery.objects.filter(done_at=None, parked_at=None).order_by("pk")
    while pks := [pk for pk in due.values_list("pk", flat=True) if pk not in tried]:
        for pk in pks:
            deliver.func(pk)
        tried.update(pks)
    assert not Delivery.objects.filter(done_at=None).exists(), Delivery.objects.filter(done_at=None).first().last_error
