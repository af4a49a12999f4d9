"""The worker: takes jobs from the library's table, runs them, and takes up what a dead worker left.

The library's own `db_worker` leaves the job of a killed worker RUNNING for ever and takes an exclusive lock of the
whole SQLite database at each poll; see docs/decisions/0006-background-work.md.
"""

from __future__ import annotations

import logging
import threading
import traceback
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections, connection, transaction
from django.utils import timezone
from django_tasks import TaskContext, TaskResultStatus
from django_tasks.signals import task_enqueued, task_finished, task_started
from django_tasks_db.models import DBTaskResult

from . import liveness
from .models import Runner
from .retry import CRASHES, NEVER, UNKNOWN, Retry, policy_of

logger = logging.getLogger(__name__)

POLL = 1.0
"""Seconds between looks at an empty queue; a job enqueued by this process wakes the worker at once."""

RECOVER = timedelta(seconds=10)
"""How often to look for the jobs of dead workers."""

LONGEST_PAUSE = 15.0
"""Seconds between attempts to reach a database that stays away."""

enqueued_here = threading.Event()
"""Set when this process has committed a new job."""


class WorkerDiedError(Exception):
    """Recorded on a job that was parked because its worker died each time."""


class Worker:
    """One thread's worth of running jobs. `run` returns after `stop`, when the job in hand is done."""

    def __init__(self) -> None:
        self.id = uuid4().hex
        self.stopping = threading.Event()
        self.current: str | None = None
        """The job in hand, as "module.function", for whoever waits for it."""
        self._next_recovery = timezone.now()

    def run(self) -> None:
        """Run jobs until stopped; a database that goes away is waited for."""
        pause = POLL
        while not self.stopping.is_set():
            try:
                close_old_connections()
                worked = self.step()
                pause = POLL
            except Exception:
                logger.exception("The worker cannot go on; it tries again in %.0f s.", pause)
                _drop_connection()
                self.stopping.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                if not worked:
                    enqueued_here.wait(POLL)
                    enqueued_here.clear()
        self._end()

    def stop(self) -> None:
        """Ask `run` to return after the job in hand. Callable from any thread."""
        self.stopping.set()
        enqueued_here.set()

    def drain(self) -> int:
        """Run what is due now, in this thread, and return how many jobs ran; for tests and scripts."""
        done = 0
        while self.step():
            done += 1
        liveness.withdraw(self.id)
        return done

    def step(self) -> bool:
        """Run one job; False when none is due. An empty queue costs one read and takes no lock."""
        if timezone.now() >= self._next_recovery:
            liveness.report(self.id, Runner.Role.WORKER)
            recover(by=self.id)
            self._next_recovery = timezone.now() + RECOVER
        job = claim(worker_id=self.id)
        if job is None:
            return False
        self.current = job.task_path
        try:
            self._run(job)
        finally:
            self.current = None
        return True

    def _run(self, job: DBTaskResult) -> None:
        policy = UNKNOWN
        try:
            task = job.task
            policy = policy_of(task.func)
            # Any: `compat` types its results for Django 6's own tasks, the contexts are django-tasks'.
            result: Any = job.task_result
            task_started.send(sender=type(task.get_backend()), task_result=result)
            arguments = (TaskContext(task_result=result), *result.args) if task.takes_context else result.args
            value = task.call(*arguments, **result.kwargs)
        except (Exception, SystemExit) as problem:  # noqa: BLE001  whatever a job raises is the job's, and is recorded
            self._failed(job, problem, policy)
        else:
            self._settle(job, status=TaskResultStatus.SUCCESSFUL, finished_at=timezone.now(), return_value=value)
            task_finished.send(sender=type(task.get_backend()), task_result=job.task_result)

    def _failed(self, job: DBTaskResult, problem: BaseException, policy: Retry) -> None:
        runs = len(job.worker_ids)
        errors = {
            "exception_class_path": f"{type(problem).__module__}.{type(problem).__qualname__}",
            "traceback": "".join(traceback.format_exception(problem)),
        }
        if policy.allows(problem, runs=runs):
            pause = policy.pause(runs)
            logger.warning("%s failed (%s); run %d follows in %s.", job.task_path, problem, runs + 1, pause)
            self._settle(job, status=TaskResultStatus.READY, run_after=timezone.now() + pause, **errors)
        else:
            logger.error("%s is parked after run %d.", job.task_path, runs, exc_info=problem)
            self._settle(job, status=TaskResultStatus.FAILED, finished_at=timezone.now(), **errors)

    def _settle(self, job: DBTaskResult, **changes: Any) -> None:
        """Write how the job went, waiting for a database that is away; not if somebody else has taken it over."""
        pause = POLL
        while True:
            try:
                mine = _running().filter(pk=job.pk, started_at=job.started_at).update(**changes)
            except (OperationalError, InterfaceError):
                if self.stopping.is_set() or connection.in_atomic_block:
                    raise  # the next worker finds the job running without its worker, and runs it again
                logger.warning("The end of %s cannot be written; trying again in %.0f s.", job.task_path, pause)
                _drop_connection()
                self.stopping.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                break
        if not mine:
            logger.warning("%s was taken over by another worker before it ended here.", job.task_path)
        for name, value in changes.items():
            setattr(job, name, value)

    def _end(self) -> None:
        try:
            liveness.withdraw(self.id)
        except DatabaseError:
            logger.warning("The worker ended without saying so; its row goes when it is found dead.")
        connection.close()


def claim(*, worker_id: str) -> DBTaskResult | None:
    """Take the next due job for a worker: no other can have it, and it survives this process."""
    due = DBTaskResult.objects.ready()
    if not due.exists():
        return None
    with transaction.atomic():
        # PostgreSQL skips the rows that others are claiming; on SQLite the transaction is the only writer.
        job = due.select_for_update(skip_locked=True).first()
        if job is not None:
            job.claim(worker_id)
        return job


def recover(*, by: str) -> int:
    """Make the jobs of dead workers due again, and those that `by` has lost hold of; returns how many.

    To be called by the worker `by` when it has no job in hand. A job whose workers died CRASHES times is parked.
    """
    jobs = list(_running().only("pk", "worker_ids", "started_at", "task_path"))
    runners = {runner.pk: runner for runner in Runner.objects.all()}
    living = {pk for pk, runner in runners.items() if pk != by and liveness.is_alive(runner)}
    recovered = 0
    for job in jobs:
        if not living.intersection(job.worker_ids[-1:]):
            recovered += _give_back(job)
    Runner.objects.filter(pk__in=runners.keys() - living - {by}).delete()
    return recovered


def put_back(job_ids: list[Any]) -> int:
    """Make parked jobs due again, with all their tries before them; returns how many were parked."""
    parked = DBTaskResult.objects.failed().filter(pk__in=job_ids)
    return parked.update(status=TaskResultStatus.READY, run_after=timezone.now(), finished_at=None, worker_ids=[])


def _give_back(job: DBTaskResult) -> int:
    now = timezone.now()
    changes: dict[str, Any] = {"status": TaskResultStatus.READY, "run_after": now}
    if len(job.worker_ids) >= max(CRASHES, _policy(job).tries):
        path = f"{WorkerDiedError.__module__}.{WorkerDiedError.__qualname__}"
        changes = {"status": TaskResultStatus.FAILED, "finished_at": now, "exception_class_path": path}
    logger.warning("%s had lost its worker and is %s.", job.task_path, str(changes["status"].label).lower())
    return _running().filter(pk=job.pk, started_at=job.started_at).update(**changes)


def _policy(job: DBTaskResult) -> Retry:
    try:
        return policy_of(job.task.func)
    except Exception:  # noqa: BLE001  whatever hinders reading the job, its recovery goes on
        return NEVER


def _running() -> Any:
    return DBTaskResult.objects.running()


def _drop_connection() -> None:
    """Forget a connection that may be broken; the next query opens another."""
    if not connection.in_atomic_block:
        connection.close()


def wake_on_commit(**_kwargs: Any) -> None:
    transaction.on_commit(enqueued_here.set)


def listen() -> None:
    """Have jobs that this process enqueues wake its worker."""
    task_enqueued.connect(wake_on_commit, dispatch_uid="background.wake")
