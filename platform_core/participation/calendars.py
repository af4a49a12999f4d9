"""Meetings as calendar programs read them (RFC 5545)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .models import Meeting


def calendar_of(meetings: Iterable[Meeting], *, name: str = "") -> str:
    """The text of an `.ics` file. The same meeting has the same UID for ever, and each change a higher SEQUENCE."""
    calendar = Calendar()
    calendar.add("prodid", "-//Àgora Participa311//ca")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("x-wr-calname", name)
    for meeting in meetings:
        calendar.add_component(_event(meeting))
    return str(calendar.to_ical().decode())


def _event(meeting: Meeting) -> Event:
    host = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"
    event = Event()
    event.add("uid", f"trobada-{meeting.pk}@{host}")
    event.add("sequence", meeting.version)
    event.add("dtstamp", meeting.created_at)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    event.add("summary", meeting.title)
    event.add("location", meeting.place or meeting.link)
    event.add("url", f"{settings.WAGTAILADMIN_BASE_URL}{meeting.get_absolute_url()}")
    words = [part for part in (meeting.link if meeting.place else "", meeting.agenda) if part]
    event.add("description", "\n\n".join(words))
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    return event
