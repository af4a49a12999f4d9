"""What the scheduler does for the desk."""

from __future__ import annotations

from datetime import timedelta

from platform_core.background.public import scheduled

from . import domain
from .mail import tasks as mail  # noqa: F401  its jobs are declared when it is read


@scheduled("desk_alarms", every=timedelta(seconds=30))
def raise_alarms() -> None:
    """Warn of promises that are about to be broken, and raise those that are: within a minute."""
    domain.raise_alarms()


@scheduled("desk_close_resolved", every=timedelta(hours=1))
def close_resolved() -> None:
    domain.close_resolved()
