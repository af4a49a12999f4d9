"""The public page: when we answer, and when we do not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from .models import Calendar
from .queries import coming_days, facts_of, status, week_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

COMING = 12


@require_safe
def hours(request: HttpRequest) -> HttpResponse:
    """One query for the calendars; what they say is kept in memory until somebody edits them."""
    now = timezone.now()
    desks: list[dict[str, Any]] = []
    for calendar in Calendar.objects.all():
        facts = facts_of(calendar)
        today = now.astimezone(facts.schedule.tz).date()
        coming = coming_days(facts, since=today, most=COMING)
        desks.append(
            {
                "status": status(calendar, at=now),
                "week": week_of(facts, today - timedelta(days=today.weekday())),
                "today": today,
                # Desks that share their holidays share one list, under the first.
                "coming": [] if any(coming == desk["coming"] for desk in desks) else coming,
            }
        )
    context = {"desks": desks, "service_phone": settings.SERVICE_PHONE, "service_email": settings.SERVICE_EMAIL}
    return render(request, "officehours/hours.html", context)
