"""How background work is doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from . import liveness
from .models import Runner, ScheduledJob


@dataclass(frozen=True, kw_only=True)
class Health:
    """`oldest_waiting` is how long the job that is due longest has waited; zero when none waits."""

    oldest_waiting: timedelta
    parked: int
    scheduler_tick: datetime | None
    workers: int
    failing: tuple[str, ...]
    """Scheduled jobs whose last run raised."""


def health() -> Health:
    """How background work is doing, in five queries. Raises django.db.DatabaseError when the database is away."""
    now = timezone.now()
    ready = DBTaskResult.objects.ready()
    oldest_at_once = ready.filter(run_after=get_date_max()).aggregate(oldest=Min("enqueued_at"))["oldest"]
    oldest_later = ready.exclude(run_after=get_date_max()).aggregate(oldest=Min("run_after"))["oldest"]
    oldest = min((at for at in (oldest_at_once, oldest_later) if at), default=now)
    runners = liveness.alive()
    ticks = [runner.seen_at for runner in runners if runner.role == Runner.Role.SCHEDULER]
    return Health(
        oldest_waiting=max(now - oldest, timedelta(0)),
        parked=DBTaskResult.objects.failed().count(),
        scheduler_tick=max(ticks, default=None),
        workers=sum(runner.role == Runner.Role.WORKER for runner in runners),
        failing=tuple(ScheduledJob.objects.exclude(last_error="").values_list("name", flat=True)),
    )
