"""Reading what people write in the tables: "9:00-14:00, 15:00-17:00", a time zone, a duration."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .arithmetic import parse_hours

INTERVAL = re.compile(r"\s*([0-9]{1,2})[:.]([0-9]{2})\s*[-–]\s*([0-9]{1,2})[:.]([0-9]{2})\s*", re.ASCII)
DURATION = re.compile(
    r"(?P<sign>-?)(?:PT)?(?:(?P<h>\d{1,7})h)?(?:(?P<m>\d{1,9})m)?(?:(?P<s>\d{1,11})s)?", re.ASCII | re.I
)


def read_hours(text: str) -> list[tuple[str, str]]:
    """The intervals of one day: "9.00-14.00, 15:00-17:00" is [("09:00", "14:00"), ("15:00", "17:00")].

    Raises ValueError for what cannot be read, is inverted or overlaps.
    """
    intervals = []
    for part in text.replace(";", ",").split(","):
        found = INTERVAL.fullmatch(part)
        if not found:
            raise ValueError(f"{part.strip()!r}")
        one, two, three, four = found.groups()
        intervals.append((f"{one:0>2}:{two}", f"{three:0>2}:{four}"))
    parse_hours(intervals, where=text)
    return sorted(intervals)


def validate_hours(text: str) -> None:
    """A validator of Django for the same."""
    try:
        read_hours(text)
    except ValueError:
        raise ValidationError(
            _("Write hours such as 9:00-14:00, 15:00-17:00: each one ends after it starts, and they do not overlap.")
        ) from None


def validate_time_zone(name: str) -> None:
    """A validator of Django for the name of a time zone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValidationError(_("There is no such time zone. Write a name such as Europe/Madrid.")) from None


def read_duration(text: str) -> timedelta:
    """Open time such as 8h, 2h30m, 45m, -1h or PT8H. Days are left out: a day may be a working day or 24 hours.

    Raises ValueError for anything else.
    """
    found = DURATION.fullmatch(text.strip())
    if not found or not any(found[unit] for unit in "hms"):
        raise ValueError(text)
    size = timedelta(hours=int(found["h"] or 0), minutes=int(found["m"] or 0), seconds=int(found["s"] or 0))
    return -size if found["sign"] else size
