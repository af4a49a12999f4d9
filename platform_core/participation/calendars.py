"""Meetings as calendar programs read them (RFC 5545)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .models import Meeting


def calendar_of(meetings: Iterable[Meeting], *, name: str = "", with_links: bool = True) -> str:
    """The text of an `.ics` file. The same meeting has the same UID for ever, and each change a higher SEQUENCE.

    `with_links`: where to join on line is for who may take part, not for everybody who reads a public community.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Àgora Participa311//ca")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("x-wr-calname", name)
    for meeting in meetings:
        calendar.add_component(_event(meeting, link=meeting.link if with_links else ""))
    return str(calendar.to_ical().decode())


def _event(meeting: Meeting, *, link: str) -> Event:
    host = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"
    event = Event()
    event.add("uid", f"trobada-{meeting.pk}@{host}")
    event.add("sequence", meeting.version)
    event.add("dtstamp", meeting.created_at)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    event.add("summary", meeting.title)
    event.add("location", meeting.place or link)
    event.add("url", f"{settings.WAGTAILADMIN_BASE_URL}{meeting.get_absolute_url()}")
    words = [part for part in (link if meeting.place else "", meeting.agenda) if part]
    event.add("description", "\n\n".join(words))
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    return event
