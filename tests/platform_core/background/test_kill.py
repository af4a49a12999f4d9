"""Killing any of the processes at any moment loses no job and runs none twice to its effect."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from platform_core.background import schedule
from platform_core.background.models import Runner, ScheduledJob
from tests.factories import background as jobs
from tests.platform_core.background.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def state(result) -> str:
    return DBTaskResult.objects.values_list("status", flat=True).get(pk=result.id)


def is_done(result) -> bool:
    return state(result) == TaskResultStatus.SUCCESSFUL


@pytest.mark.parametrize(
    "job", [jobs.meet_first_then_note, jobs.note_then_meet_first], ids=["before its effect", "after its effect"]
)
def test_a_job_whose_worker_is_killed_takes_effect_once(job, serve, meeting):
    result = job.enqueue("k", meeting.address)
    first = serve("--only", "worker")
    meeting.wait()
    first.kill()
    assert state(result) == TaskResultStatus.RUNNING
    serve("--only", "worker")
    wait_until(lambda: is_done(result), what="the second worker finishes the job")
    assert jobs.effects("k") == 1
    assert len(DBTaskResult.objects.get(pk=result.id).worker_ids) == 2


def test_workers_killed_again_and_again_lose_nothing_and_repeat_nothing(serve):
    count = 60
    results = [jobs.note.enqueue(f"k{number}") for number in range(count)]
    for goal in (1, 15, 30):
        two = [serve("--only", "worker"), serve("--only", "worker")]
        wait_until(lambda goal=goal: Group.objects.filter(name__startswith="k").count() >= goal, what=f"{goal} effects")
        for process in two:
            process.kill()
    serve("--only", "worker")
    wait_until(lambda: all(is_done(result) for result in results), what="every job is done")
    assert [jobs.effects(f"k{number}") for number in range(count)] == [1] * count


def test_a_scheduler_that_is_killed_neither_forgets_nor_repeats(serve):
    declared = schedule.declared_names()
    enqueued = DBTaskResult.objects.filter(task_path__endswith="run_scheduled")
    first = serve("--only", "scheduler")
    wait_until(lambda: enqueued.count() >= 1, what="the first scheduled run is enqueued")
    first.kill()
    serve("--only", "scheduler")
    alive = Runner.objects.filter(role="scheduler").exclude(pid=first.process.pid)
    wait_until(alive.exists, what="the second scheduler reports itself")
    wait_until(lambda: not ScheduledJob.objects.filter(job_id=None).exists(), what="every job has its run")
    names = sorted(job.args_kwargs["args"][0] for job in enqueued)
    assert names == [name for name in declared if not name.startswith("tests.")]


def test_a_worker_that_is_asked_to_end_finishes_its_job_first(serve, meeting):
    result = jobs.meet_then_note.enqueue("k", meeting.address)
    process = serve("--only", "worker")
    meeting.wait()
    process.ask_to_end()
    wait_until(lambda: "Finishing" in Path(process.errors.name).read_text(), what="it says that it finishes the job")
    meeting.let_go()
    code, errors = process.end()
    assert code == 0
    assert "tests.factories.background.meet_then_note" in errors
    assert is_done(result)
    assert not Runner.objects.exists()


def test_a_job_that_does_not_end_in_time_is_left_to_the_next_worker(serve, meeting):
    result = jobs.meet_first_then_note.enqueue("k", meeting.address)
    process = serve("--only", "worker", "--grace", "0.2")
    meeting.wait()
    process.ask_to_end()
    code, errors = process.end()
    assert code == 0
    assert "will run again" in errors
    serve("--only", "worker")
    wait_until(lambda: is_done(result), what="the next worker finishes the job")
    assert jobs.effects("k") == 1
