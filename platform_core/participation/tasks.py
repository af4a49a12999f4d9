"""What happens by the clock."""

from __future__ import annotations

from datetime import timedelta

from platform_core.background.public import scheduled

from .domain import remind_of_meetings


@scheduled("participation_meetings", every=timedelta(minutes=5))
def remind() -> None:
    remind_of_meetings()
