"""The housekeeping of background work itself."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from .models import Effect
from .schedule import scheduled

KEEP_DONE = timedelta(days=7)
KEEP_PARKED = timedelta(days=90)
KEEP_EFFECTS = timedelta(days=90)


@scheduled("background_cleanup", every=timedelta(days=1))
def cleanup() -> None:
    """Forget jobs that are done after a week, parked jobs and the keys of effects after 90 days."""
    now = timezone.now()
    DBTaskResult.objects.successful().filter(finished_at__lt=now - KEEP_DONE).delete()
    DBTaskResult.objects.failed().filter(finished_at__lt=now - KEEP_PARKED).delete()
    Effect.objects.filter(at__lt=now - KEEP_EFFECTS).delete()
