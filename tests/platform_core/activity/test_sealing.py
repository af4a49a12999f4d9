from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from platform_core.activity import domain, sealing, triggers
from platform_core.activity.domain import record
from platform_core.activity.models import Activity, Seal, SealedActivity
from tests.factories.activity import Happened

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return get_user_model().objects.create_user("una@ens1.test")


@pytest.fixture
def sealed(person) -> list[Activity]:
    """Three activities in two seals."""
    rows = [record(Happened(number=number), actor=person, subject=person) for number in range(2)]
    sealing.seal()
    rows.append(record(Happened(number=2), actor=None, subject=person))
    sealing.seal()
    return rows


@contextmanager
def below_the_triggers() -> Iterator[None]:
    """As somebody who administers the database could."""
    triggers.remove(connection)
    yield
    triggers.install(connection)


def execute(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_everything_is_sealed_once(sealed):
    assert SealedActivity.objects.count() == 3
    assert Seal.objects.count() == 2
    assert sealing.seal() is None
    assert list(sealing.problems()) == []
    call_command("verify_activity")


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE activity_activity SET type = 'tests.other' WHERE id = %s", "is not what was sealed"),
        ("UPDATE activity_activity SET actor_kind = 'system' WHERE id = %s", "is not what was sealed"),
        ("DELETE FROM activity_activity WHERE id = %s", "is missing"),
        ("UPDATE activity_sealedactivity SET digest = '0' WHERE activity_id = %s", "does not match what it seals"),
        ("DELETE FROM activity_sealedactivity WHERE activity_id = %s", "does not match what it seals"),
    ],
)
def test_tampering_is_noticed(sealed, statement, problem):
    with below_the_triggers():
        execute(statement, sealed[0].pk)
    assert any(problem in found for found in sealing.problems())
    with pytest.raises(CommandError, match="altered"):
        call_command("verify_activity")


def test_another_actor_is_noticed(sealed):
    other = get_user_model().objects.create_user("altra@ens1.test")
    with below_the_triggers():
        execute("UPDATE activity_activity SET actor_id = %s WHERE id = %s", other.pk, sealed[0].pk)
    assert list(sealing.problems()) == [f"activity {sealed[0].pk} has another actor than was sealed"]


def test_a_seal_that_is_taken_out_is_noticed(sealed):
    first = Seal.objects.order_by("pk").first()
    SealedActivity.objects.filter(seal=first).delete()
    first.delete()
    assert "does not follow" in next(sealing.problems())


def test_erasing_a_person_and_retention_are_no_tampering(sealed, person):
    person.delete()
    assert list(sealing.problems()) == []
    domain.purge(older_than=timezone.now())
    assert list(sealing.problems()) == []
    assert not Activity.objects.exists()
