from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from platform_core.background import schedule
from platform_core.background.models import ScheduledJob
from platform_core.background.public import health, scheduled
from platform_core.background.worker import Worker

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def runs(monkeypatch) -> Iterator[list[str]]:
    """The only declared job is "hourly"; each run is noted here, and raises while `runs.wrong` is in the list."""
    monkeypatch.setattr(schedule, "_declared", {})
    noted: list[str] = []

    @scheduled("hourly", every=HOUR)
    def hourly() -> None:
        noted.append("ran")
        if "wrong" in noted:
            raise RuntimeError("no luck")

    schedule.sync()
    return noted


def run_due() -> None:
    schedule.tick()
    Worker().drain()


def job() -> ScheduledJob:
    return ScheduledJob.objects.get(name="hourly")


def test_a_job_runs_at_once_and_then_waits_for_its_time(runs):
    run_due()
    run_due()
    assert runs == ["ran"]
    assert job().last_run is not None
    assert schedule.tick() > timedelta(minutes=59)


def test_after_a_downtime_it_catches_up_once(runs):
    due = timezone.now() - timedelta(hours=5, minutes=20)
    ScheduledJob.objects.update(next_run=due)
    run_due()
    run_due()
    assert runs == ["ran"]
    assert job().next_run == due + 6 * HOUR


def test_no_second_run_starts_while_one_waits(runs):
    for _ in range(3):
        ScheduledJob.objects.update(next_run=timezone.now())
        schedule.tick()
    assert DBTaskResult.objects.count() == 1


def test_a_run_that_fails_is_noted_and_the_next_one_clears_it(runs, caplog):
    runs.append("wrong")
    run_due()
    assert "no luck" in job().last_error
    assert health().failing == ("hourly",)
    assert health().parked == 0
    runs.remove("wrong")
    ScheduledJob.objects.update(next_run=timezone.now())
    run_due()
    assert job().last_error == ""


def test_a_job_that_is_switched_off_or_left_the_code_does_not_run(runs):
    ScheduledJob.objects.update(enabled=False)
    ScheduledJob.objects.create(name="former", every=HOUR, next_run=timezone.now())
    run_due()
    assert runs == []


def test_another_interval_in_the_code_reaches_the_table(runs, monkeypatch):
    run_due()
    monkeypatch.setattr(schedule, "_declared", {})
    scheduled("hourly", every=timedelta(minutes=5))(lambda: None)
    schedule.sync()
    assert job().every == timedelta(minutes=5)
    assert job().next_run <= timezone.now()


def test_a_claim_whose_enqueueing_fails_leaves_the_job_due(runs, monkeypatch):
    before = job().next_run
    monkeypatch.setattr("django_tasks_db.models.DBTaskResult.save", _fail)
    with pytest.raises(RuntimeError):
        schedule.tick()
    assert job().next_run == before


def _fail(*args, **kwargs):
    raise RuntimeError("no luck")


def test_an_idle_look_is_one_query(runs, django_assert_num_queries):
    schedule.tick()
    with django_assert_num_queries(1):
        schedule.tick()


def test_a_name_is_declared_once_and_an_interval_is_long_enough(runs):
    with pytest.raises(ValueError, match="twice"):
        scheduled("hourly", every=HOUR)(lambda: None)
    with pytest.raises(ValueError, match="second"):
        scheduled("spinning", every=timedelta(0))(lambda: None)


def test_the_products_own_jobs_are_declared_and_run():
    assert {"activity_retention", "background_cleanup"} <= set(schedule.declared_names())
    schedule.sync()
    run_due()
    assert health().failing == ()
