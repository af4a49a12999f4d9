"""The week of a desk in one line, for the foot of every page. Kept in the cache: a page costs no query for it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from babel.lists import format_list
from django.conf import settings
from django.core.cache import cache
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from .models import Calendar
from .queries import LOCALES, facts_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .queries import Intervals

KEPT_SECONDS = 600
"""A season that begins at midnight is told within this time; an edit at once."""

A_RUN = 3
"""Days in a row that are said as *Monday to Wednesday*; fewer are named one by one."""


def week_in_words(slug: str) -> str:
    """*Monday to Friday, 9.00 to 14.00 and 15.00 to 17.00*, in the reader's language: the week or season in force.

    Nothing when the calendar does not exist, never opens or cannot be read.
    """
    language = (get_language() or settings.LANGUAGE_CODE)[:2]
    key = _key(slug, language)
    kept: str | None = cache.get(key)
    if kept is None:
        try:
            calendar = Calendar.objects.filter(slug=slug).first()
            kept = _in_words(calendar, LOCALES[language]) if calendar else ""
        except (OperationalError, InterfaceError):
            return ""  # the database is away: a page that needs nothing else of it is still served
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def forget(slug: str) -> None:
    """Have every process read the week of a calendar again."""
    cache.delete_many([_key(slug, language) for language, _name in settings.LANGUAGES])


def _key(slug: str, language: str) -> str:
    return f"officehours.week.{slug}.{language}"


def _in_words(calendar: Calendar, locale: str) -> str:
    facts = facts_of(calendar)
    season = facts.season_on(timezone.now().astimezone(facts.schedule.tz).date())
    week = season[2] if season else facts.week
    days: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for weekday in range(7):
        if hours := week.get(weekday):
            days.setdefault(tuple(hours), []).append(weekday)
    parts = [
        _("%(days)s, %(hours)s") % {"days": _days(weekdays, locale), "hours": _hours(list(hours), locale)}
        for hours, weekdays in days.items()
    ]
    return "; ".join(parts)


def _days(weekdays: Iterable[int], locale: str) -> str:
    """*Monday to Thursday and Saturday*."""
    names: list[str] = []
    for _place, run in groupby(enumerate(weekdays), key=lambda pair: pair[1] - pair[0]):
        days = [str(WEEKDAYS[weekday]) for _index, weekday in run]
        if len(days) >= A_RUN:
            days = [pgettext("days", "%(first)s to %(last)s") % {"first": days[0], "last": days[-1]}]
        names += days
    return format_list(names, locale=locale)


def _hours(intervals: Intervals, locale: str) -> str:
    """*9.00 to 14.00 and 15.00 to 17.00*."""
    written = [[time.replace(":", ".").removeprefix("0") for time in interval] for interval in intervals]
    return format_list(
        [pgettext("hours", "%(start)s to %(end)s") % {"start": start, "end": end} for start, end in written],
        locale=locale,
    )
