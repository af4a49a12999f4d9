"""What is done to calendars. The rows are edited in the admin; every edit ends here, in its transaction."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import transaction

from platform_core.activity.domain import record

from .events import CalendarChanged, CalendarRemoved
from .models import Calendar, WeeklyHours
from .summary import forget

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

    Actor = AbstractBaseUser | AnonymousUser | None

SEEDS: list[dict[str, Any]] = [
    {
        "slug": "suport",
        "name": "Atenció a les persones usuàries",
        "name_es": "Atención a las personas usuarias",
        "name_en": "User support",
        "week": dict.fromkeys(range(5), "09:00-14:00, 15:00-17:00"),
        "observes_holidays": True,
    },
    {
        "slug": "incidencies",
        "name": "Incidències (8x5)",
        "name_es": "Incidencias (8x5)",
        "name_en": "Incidents (8x5)",
        "week": dict.fromkeys(range(5), "09:00-17:00"),
        "observes_holidays": True,
    },
    {
        "slug": "24x7",
        "name": "Caigudes de la plataforma (24x7)",
        "name_es": "Caídas de la plataforma (24x7)",
        "name_en": "Outages (24x7)",
        "week": dict.fromkeys(range(7), "00:00-24:00"),
        "observes_holidays": False,
    },
]
"""The terms of the service. 8x5 is eight hours a day without a lunch break, five days a week, 9:00 to 17:00."""


def calendar_changed(*, actor: Actor, calendar: Calendar) -> Calendar:
    """Say that a calendar or anything in it was edited: every process reads it afresh from its next question on.

    Call it last in the transaction of the edit. `actor` is None for the system.
    """
    with transaction.atomic():
        calendar.stamp = uuid4()
        calendar.save(update_fields=["stamp"])
        record(CalendarChanged(slug=calendar.slug), actor=actor, subject=calendar)
        transaction.on_commit(partial(forget, calendar.slug), robust=True)
    return calendar


def remove_calendar(*, actor: Actor, calendar: Calendar) -> None:
    """Delete a calendar and all that is in it."""
    with transaction.atomic():
        record(CalendarRemoved(slug=calendar.slug), actor=actor, subject=calendar)
        calendar.delete()
        transaction.on_commit(partial(forget, calendar.slug), robust=True)


def seed_calendars() -> list[Calendar]:
    """Create the calendars of the service that do not exist yet; returns those. An edited one is left as it is."""
    created = []
    with transaction.atomic():
        for position, seed in enumerate(SEEDS):
            facts = {key: value for key, value in seed.items() if key != "week"}
            slug = facts.pop("slug")
            calendar, is_new = Calendar.objects.get_or_create(slug=slug, defaults={**facts, "position": position})
            if not is_new:
                continue
            WeeklyHours.objects.bulk_create(
                WeeklyHours(calendar=calendar, weekday=weekday, hours=hours) for weekday, hours in seed["week"].items()
            )
            created.append(calendar_changed(actor=None, calendar=calendar))
    return created
