"""A session as a calendar reads it (RFC 5545)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from icalendar import Calendar, Event

if TYPE_CHECKING:
    from .models import Session


def calendar(session: Session, *, address: str, with_url: bool) -> str:
    """The file. `address` is our page of it; the address to join only for who has a place (`with_url`)."""
    event = Event()
    event.add("uid", f"{session.uid}@agora-participa311")
    event.add("sequence", session.sequence)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", session.starts_at)
    event.add("dtend", session.ends_at)
    event.add("summary", session.title)
    if where := session.url if with_url and session.url else session.place:
        event.add("location", where)
    event.add("url", address)
    event.add("status", "CANCELLED" if session.cancelled_at else "CONFIRMED")
    found = Calendar()
    found.add("prodid", "-//Àgora Participa311//ca")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add_component(event)
    return str(found.to_ical().decode())
