"""The hours of the desk inside other pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from babel.dates import format_date
from django import template
from django.utils.translation import get_language

from platform_core.officehours.models import Calendar
from platform_core.officehours.queries import LOCALES, status
from platform_core.officehours.summary import week_in_words

if TYPE_CHECKING:
    from datetime import date, datetime

register = template.Library()


@register.inclusion_tag("officehours/strip.html")
def office_strip(slug: str = "suport") -> dict[str, Any]:
    """Open now, or when and why not. One query; nothing at all when the calendar does not exist."""
    calendar = Calendar.objects.filter(slug=slug).first()
    return {"status": status(calendar) if calendar else None}


@register.simple_tag
def office_week(slug: str = "suport") -> str:
    """The ordinary week of a desk, in one line; from the cache."""
    return week_in_words(slug)


@register.filter
def long_date(day: date) -> str:
    """A date in full, as the reader's language writes it: divendres, 25 de desembre de 2026."""
    return format_date(day, "full", locale=LOCALES[(get_language() or "ca")[:2]])


@register.filter
def clock(moment: datetime) -> str:
    """The wall time of a moment, in its own zone, as we write it: 9.00 h."""
    return f"{moment.hour}.{moment.minute:02} h"


@register.filter
def interval(pair: tuple[str, str]) -> str:
    """("09:00", "14:00") as 9.00–14.00 h."""
    start, end = (text.replace(":", ".").removeprefix("0") for text in pair)
    return f"{start}–{end} h"
