from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from platform_core.background import liveness, worker
from platform_core.background.models import Effect, Runner
from platform_core.background.public import health, once
from platform_core.background.retry import CRASHES, Retry
from platform_core.background.worker import Worker
from tests.factories import background as jobs
from tests.platform_core.background.processes import wait_until

pytestmark = pytest.mark.django_db


def row(result) -> DBTaskResult:
    return DBTaskResult.objects.get(pk=result.id)


def make_due() -> None:
    DBTaskResult.objects.filter(status=TaskResultStatus.READY).update(run_after=timezone.now())


def a_running_job(*, runner: Runner | None = None, worker_ids: list[str] | None = None):
    """A job that some worker has claimed and not ended."""
    result = jobs.note.enqueue("k")
    ids = worker_ids or [runner.pk if runner else "gone"]
    DBTaskResult.objects.filter(pk=result.id).update(
        status=TaskResultStatus.RUNNING, started_at=timezone.now(), worker_ids=ids
    )
    return result


def a_runner(**fields) -> Runner:
    now = timezone.now()
    usual = {"pk": "other", "role": "worker", "machine": "elsewhere", "pid": 1, "started_at": now, "seen_at": now}
    return Runner.objects.create(**{**usual, **fields})


def test_a_job_runs_and_is_done():
    result = jobs.note.enqueue("k")
    assert Worker().drain() == 1
    assert jobs.effects("k") == 1
    assert row(result).status == TaskResultStatus.SUCCESSFUL
    assert not Runner.objects.exists()


def test_a_job_of_a_rolled_back_transaction_never_was():
    with transaction.atomic():
        jobs.note.enqueue("k")
        transaction.set_rollback(True)
    assert Worker().drain() == 0


def test_an_idle_look_is_one_query(django_assert_num_queries):
    idle = Worker()
    idle.step()
    with django_assert_num_queries(1):
        assert idle.step() is False


def test_a_failed_job_is_tried_again_after_growing_pauses_and_then_parked(caplog):
    result = jobs.fail_thrice.enqueue()
    pauses = []
    for _ in range(2):
        make_due()
        before = timezone.now()
        assert Worker().drain() == 1
        assert row(result).status == TaskResultStatus.READY
        pauses.append(round((row(result).run_after - before) / timedelta(minutes=1)))
    assert pauses == [1, 2]
    assert health().parked == 0
    make_due()
    Worker().drain()
    parked = row(result)
    assert parked.status == TaskResultStatus.FAILED
    assert "no luck" in parked.traceback
    assert health().parked == 1
    assert Worker().drain() == 0


@pytest.mark.parametrize("job", [jobs.fail, jobs.leave])
def test_a_job_without_retries_is_parked_at_once_and_can_be_put_back(job):
    result = job.enqueue()
    Worker().drain()
    assert row(result).status == TaskResultStatus.FAILED
    assert worker.put_back([result.id]) == 1
    assert worker.put_back([result.id]) == 0
    assert Worker().drain() == 1


def test_a_job_waits_for_a_database_that_is_away_even_without_retries():
    result = jobs.miss_the_database.enqueue()
    Worker().drain()
    assert row(result).status == TaskResultStatus.READY


def test_a_job_that_this_program_does_not_know_waits_for_one_that_does():
    result = jobs.note.enqueue("k")
    DBTaskResult.objects.update(task_path="tests.factories.background.of_tomorrow")
    Worker().drain()
    assert row(result).status == TaskResultStatus.READY
    assert row(result).run_after > timezone.now()


def test_pauses_double_up_to_the_longest():
    policy = Retry(first=timedelta(seconds=10), longest=timedelta(minutes=1))
    assert [policy.pause(n).total_seconds() for n in (1, 2, 3, 4, 10**6)] == [10, 20, 40, 60, 60]


def test_the_job_of_a_worker_that_is_no_more_is_taken_up():
    result = a_running_job()
    assert Worker().drain() == 1
    assert row(result).status == TaskResultStatus.SUCCESSFUL


def test_the_job_of_a_living_worker_is_left_alone():
    a_running_job(runner=a_runner())
    here = a_runner(
        pk="here", machine=liveness.machine(), pid=os.getpid(), process_start=liveness.process_start(os.getpid())
    )
    a_running_job(runner=here)
    assert Worker().drain() == 0
    assert Runner.objects.count() == 2


def test_a_worker_elsewhere_that_is_silent_too_long_loses_its_job():
    a_running_job(runner=a_runner(seen_at=timezone.now() - liveness.LEASE - timedelta(seconds=1)))
    assert Worker().drain() == 1
    assert not Runner.objects.exists()


def test_a_later_process_with_the_same_pid_is_not_the_worker():
    a_running_job(runner=a_runner(machine=liveness.machine(), pid=os.getpid(), process_start="0"))
    assert Worker().drain() == 1


def test_a_process_that_has_ended_is_dead_even_before_its_parent_looks():
    ended = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    ended.stdout.read()
    os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
    assert liveness.process_start(ended.pid) is None
    ended.wait()
    assert liveness.process_start(ended.pid) is None


def test_a_job_that_kills_its_workers_is_parked_in_the_end():
    result = a_running_job(worker_ids=["gone"] * CRASHES)
    assert Worker().drain() == 0
    assert row(result).status == TaskResultStatus.FAILED
    assert row(result).exception_class_path.endswith("WorkerDiedError")


def test_a_worker_whose_job_was_taken_over_does_not_write_its_end(caplog):
    result = jobs.note.enqueue("k")
    first = Worker()
    claimed = worker.claim(worker_id=first.id)
    taken = timezone.now() + timedelta(seconds=1)
    DBTaskResult.objects.filter(pk=result.id).update(started_at=taken, worker_ids=[first.id, "second"])
    first._run(claimed)
    assert row(result).status == TaskResultStatus.RUNNING
    assert "taken over" in caplog.text


def test_an_effect_happens_once_whoever_asks():
    for _ in range(2):
        jobs.note.func("k")
    assert jobs.effects("k") == 1


def test_a_rollback_frees_the_key():
    with pytest.raises(ZeroDivisionError), once("k"):
        1 / 0  # noqa: B018  a rollback
    assert not Effect.objects.exists()
    with once("k") as first:
        assert first


def test_health_tells_how_long_the_oldest_job_has_waited():
    assert health().oldest_waiting == timedelta(0)
    jobs.note.using(run_after=timezone.now() + timedelta(hours=1)).enqueue("later")
    assert health().oldest_waiting == timedelta(0)
    jobs.note.enqueue("now")
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(hours=2))
    assert health().oldest_waiting >= timedelta(hours=2)
    assert health().scheduler_tick is None


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_run_each_job_once():
    for number in range(20):
        jobs.note.enqueue(f"k{number}")
    ran: list[int] = []

    def work() -> None:
        ran.append(Worker().drain())
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(ran) == 20
    assert all(jobs.effects(f"k{number}") == 1 for number in range(20))
    assert all(len(job.worker_ids) == 1 for job in DBTaskResult.objects.all())


@pytest.fixture
def running_worker():
    """A worker in a thread, stopped at the end."""
    one = Worker()
    thread = threading.Thread(target=one.run)
    thread.start()
    yield one
    one.stop()
    thread.join(20)
    assert not thread.is_alive()


@pytest.mark.django_db(transaction=True)
def test_a_commit_wakes_the_worker_of_its_own_process(monkeypatch, running_worker):
    monkeypatch.setattr(worker, "POLL", 3600)
    for key in ("a", "b"):
        with transaction.atomic():
            jobs.note.enqueue(key)
        wait_until(lambda key=key: jobs.effects(key) == 1, what=f"the job {key} runs")


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_a_worker_that_loses_its_database_heals_by_itself(monkeypatch, running_worker):
    monkeypatch.setattr(worker, "POLL", 0.05)
    jobs.note.enqueue("before")
    wait_until(lambda: jobs.effects("before") == 1, what="the first job runs")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    jobs.note.enqueue("after")
    wait_until(lambda: jobs.effects("after") == 1, what="the job after the loss runs")
