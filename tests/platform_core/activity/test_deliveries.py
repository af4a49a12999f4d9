from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from platform_core.activity import deliveries, reactions
from platform_core.activity.domain import record
from platform_core.activity.models import Activity, Delivery
from platform_core.activity.reactions import reaction
from platform_core.background.worker import Worker
from tests.factories.activity import Carried, Happened

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return get_user_model().objects.create_user("una@ens1.test", name="Una Persona")


@pytest.fixture
def reacted(monkeypatch) -> Iterator[list[int]]:
    """The numbers of the events that the only reaction, "tests.copy", was told; it fails at 13 after its effect."""
    monkeypatch.setattr(reactions, "_reactions", {})
    numbers: list[int] = []

    @reaction("tests.copy", to=[Happened])
    def copy(activity: Activity) -> None:
        number = activity.event.number
        Group.objects.create(name=f"copy {number} {len(numbers)}")
        numbers.append(number)
        if number == 13:
            raise RuntimeError("no luck")

    return numbers


def run_all() -> None:
    """Run what is due and what waits for its next try."""
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
    Worker().drain()


def test_each_reaction_runs_once_for_each_event_of_its_types(person, reacted):
    record(Happened(number=1), actor=person, subject=person)
    assert reacted == []
    run_all()
    run_all()
    assert reacted == [1]
    delivery = Delivery.objects.get()
    assert (delivery.reaction, delivery.parked_at) == ("tests.copy", None)
    assert delivery.done_at is not None


def test_a_rollback_owes_nothing(person, reacted):
    with transaction.atomic():
        record(Happened(number=1), actor=person, subject=person)
        transaction.set_rollback(True)
    run_all()
    assert reacted == []
    assert not Delivery.objects.exists()


def test_a_delivery_that_is_enqueued_twice_takes_effect_once(person, reacted):
    record(Happened(number=1), actor=person, subject=person)
    deliveries.deliver.enqueue(Delivery.objects.get().pk)
    run_all()
    assert Group.objects.filter(name__startswith="copy ").count() == 1


def test_a_reaction_that_fails_is_undone_tried_again_and_parked_in_the_end(person, reacted, caplog):
    record(Happened(number=13), actor=person, subject=person)
    for _ in range(deliveries.POLICY.tries + 2):
        run_all()
    assert len(reacted) == deliveries.POLICY.tries
    assert not Group.objects.filter(name__startswith="copy ").exists()
    delivery = Delivery.objects.get()
    assert delivery.parked_at is not None
    assert "no luck" in delivery.last_error
    assert deliveries.retry_parked([delivery.pk]) == 1
    assert deliveries.retry_parked([delivery.pk]) == 0
    run_all()
    assert len(reacted) == deliveries.POLICY.tries + 1


def test_a_reaction_to_another_system_holds_no_lock(person, monkeypatch):
    monkeypatch.setattr(reactions, "_reactions", {})
    inside: list[int] = []

    @reaction("tests.send", to=[Happened], atomic=False)
    def send(activity: Activity) -> None:
        inside.append(len(transaction.get_connection().savepoint_ids))

    record(Happened(), actor=person, subject=person)
    depth = len(transaction.get_connection().savepoint_ids)
    run_all()
    assert inside == [depth]
    assert Delivery.objects.get().done_at is not None


def test_a_reaction_that_left_the_code_waits(person, reacted, monkeypatch, caplog):
    record(Happened(number=1), actor=person, subject=person)
    monkeypatch.setattr(reactions, "_reactions", {})
    run_all()
    assert "is not declared" in Delivery.objects.get().last_error


def test_a_reaction_is_declared_once_and_hears_only_its_types(reacted):
    with pytest.raises(ValueError, match="twice"):
        reaction("tests.copy", to=[Carried])(print)
    assert reactions.reactions_to("tests.carried") == []
    assert [item.name for item in reactions.reactions_to("tests.happened")] == ["tests.copy"]
