from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from platform_core.activity.domain import record
from platform_core.activity.models import Delivery
from tests.factories import background as jobs
from tests.factories.activity import Happened

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return get_user_model().objects.create_superuser("admin@desk.test")


@pytest.fixture
def browser(admin) -> Client:
    client = Client()
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    return client


def people(count: int) -> list:
    return [get_user_model().objects.create_user(f"p{number}@ens1.test", name="") for number in range(count)]


def test_the_audit_list_costs_the_same_at_1_and_at_30(browser, admin, django_assert_max_num_queries):
    address = reverse("admin:activity_activity_changelist")
    counts = []
    for actors in (people(1), get_user_model().objects.bulk_create(_more(30))):
        for actor in actors:
            record(Happened(), actor=actor, subject=admin)
        with django_assert_max_num_queries(20) as captured:
            assert browser.get(address).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def _more(count: int) -> list:
    return [get_user_model()(email=f"m{number}@ens1.test") for number in range(count)]


def test_the_audit_list_is_filtered_and_read_only(browser, admin):
    activity = record(Happened(), actor=None, subject=admin)
    address = reverse("admin:activity_activity_changelist")
    assert "tests.happened" in browser.get(address, {"type": "tests.happened"}).content.decode()
    assert browser.get(address, {"type": "nonsense"}).status_code == 200
    assert browser.get(address, {"q": "admin@desk.test"}).status_code == 200
    one = reverse("admin:activity_activity_change", args=[activity.pk])
    assert browser.get(one).status_code == 200
    assert browser.post(one, {"type": "x"}).status_code == 403
    assert browser.get(reverse("admin:activity_activity_add")).status_code == 403
    assert browser.post(reverse("admin:activity_activity_delete", args=[activity.pk])).status_code == 403


def test_a_parked_delivery_can_be_tried_again(browser, admin):
    activity = record(Happened(), actor=None, subject=admin)
    delivery = Delivery.objects.create(activity=activity, reaction="tests.copy", parked_at=timezone.now())
    address = reverse("admin:activity_delivery_changelist")
    for state in ("parked", "waiting", "done", "nonsense"):
        assert browser.get(address, {"state": state}).status_code == 200
    browser.post(address, {"action": "retry", "_selected_action": [delivery.pk]})
    delivery.refresh_from_db()
    assert delivery.parked_at is None


@pytest.mark.parametrize(
    "name",
    [
        "activity_purge",
        "activity_seal",
        "background_scheduledjob",
        "background_runner",
        "django_tasks_database_dbtaskresult",
    ],
)
def test_the_other_lists_open(browser, name):
    jobs.note.enqueue("k")
    assert browser.get(reverse(f"admin:{name}_changelist")).status_code == 200
