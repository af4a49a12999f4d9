"""What other apps may use of background work: `@task()` (django-tasks) with these around it."""

from __future__ import annotations

from django_tasks import task

from .once import once
from .queries import Health, health
from .retry import Retry, retry
from .schedule import scheduled

__all__ = ["Health", "Retry", "health", "once", "retry", "scheduled", "task"]
