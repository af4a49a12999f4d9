"""What the office hours put into the activity log."""

from __future__ import annotations

from dataclasses import dataclass

from platform_core.activity.events import Event, event_type


@event_type("officehours.calendar_changed", version=1)
@dataclass(frozen=True, kw_only=True)
class CalendarChanged(Event):
    """Something about a calendar is other than before."""

    slug: str


@event_type("officehours.calendar_removed", version=1)
@dataclass(frozen=True, kw_only=True)
class CalendarRemoved(Event):
    slug: str
