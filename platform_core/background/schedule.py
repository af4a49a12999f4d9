"""Periodic jobs: declared in code, remembered in the table `ScheduledJob`, run by the worker."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from .models import ScheduledJob

logger = logging.getLogger(__name__)

Job = Callable[[], None]
JobFunction = TypeVar("JobFunction", bound=Job)


@dataclass(frozen=True)
class Declared:
    name: str
    every: timedelta
    function: Job


_declared: dict[str, Declared] = {}


def scheduled(name: str, *, every: timedelta) -> Callable[[JobFunction], JobFunction]:
    """Have a function without arguments run by the worker once in every `every`, the first time at once.

    Declare it in the app's `tasks.py`. After a downtime it runs once, not once for each time missed; while a run waits
    or goes on, no second one starts. A run that raises is noted in the admin and the next one is its retry; a run
    whose worker is killed is taken up again, so its effect must be idempotent.
    Raises ValueError for a name declared twice or an interval under a second.
    """

    def register(function: JobFunction) -> JobFunction:
        if name in _declared:
            raise ValueError(f"The scheduled job {name} is declared twice.")
        if every < timedelta(seconds=1):
            raise ValueError(f"The scheduled job {name} must leave at least a second between runs.")
        _declared[name] = Declared(name, every, function)
        return function

    return register


def declared_names() -> list[str]:
    """Every declared job, in alphabetical order."""
    return sorted(_declared)


def sync() -> None:
    """Bring the table in line with the declarations; jobs that left the code keep their row and are not run."""
    now = timezone.now()
    ScheduledJob.objects.bulk_create(
        [ScheduledJob(name=job.name, every=job.every, next_run=now) for job in _declared.values()],
        ignore_conflicts=True,
    )
    for job in _declared.values():
        changed = ScheduledJob.objects.filter(name=job.name).exclude(every=job.every)
        changed.update(every=job.every, next_run=now)


def tick() -> timedelta:
    """Enqueue what is due, each at most once however many schedulers there are; return the time to the next job."""
    now = timezone.now()
    upcoming = ScheduledJob.objects.filter(enabled=True, name__in=_declared).order_by("next_run")
    due = 0
    for name, next_run in upcoming.values_list("name", "next_run"):
        if next_run > now:
            return next_run - now
        _claim(name, now)
        due += 1
    # All were due: their next times are known only at the next look.
    return timedelta(seconds=1) if due else timedelta(days=1)


def _claim(name: str, now: datetime) -> None:
    """Move the job to its next time and enqueue this run, in one transaction."""
    with transaction.atomic():
        # PostgreSQL skips what another scheduler holds; SQLite lets one writer in at a time, who finds it moved.
        due = ScheduledJob.objects.select_for_update(skip_locked=True).filter(
            name=name, next_run__lte=now, enabled=True
        )
        job = due.first()
        if job is None:
            return
        job.next_run += job.every * ((now - job.next_run) // job.every + 1)
        if not _is_unfinished(job):
            job.job_id = run_scheduled.enqueue(name).id
        job.save(update_fields=["next_run", "job_id"])


def _is_unfinished(job: ScheduledJob) -> bool:
    waiting = (TaskResultStatus.READY, TaskResultStatus.RUNNING)
    return job.job_id is not None and DBTaskResult.objects.filter(pk=job.job_id, status__in=waiting).exists()


@task()
def run_scheduled(name: str) -> None:
    """Run a declared job and note how it went."""
    declared = _declared.get(name)
    if declared is None:
        logger.warning("The scheduled job %s is no longer declared.", name)
        return
    error = ""
    try:
        declared.function()
    except Exception:
        logger.exception("The scheduled job %s failed.", name)
        error = traceback.format_exc()
    ScheduledJob.objects.filter(name=name).update(last_run=timezone.now(), last_error=error)
