"""Calendars for the tests."""

from __future__ import annotations

from platform_core.officehours.domain import seed_calendars
from platform_core.officehours.models import Calendar


def calendar(slug: str = "suport") -> Calendar:
    """One of the calendars of the service, as a new installation has it."""
    seed_calendars()
    found: Calendar = Calendar.objects.get(slug=slug)
    return found
