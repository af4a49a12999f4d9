"""A session as a calendar reads it (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from .models import Session

LONGEST_LINE = 75  # octets; RFC 5545, 3.1


def calendar(session: Session, *, address: str, with_url: bool) -> str:
    """The file. `address` is our page of it; the address to join only for who has a place (`with_url`)."""
    where = session.url if with_url and session.url else session.place
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Agora Participa311//Training//CA",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{session.uid}@agora-participa311",
        f"SEQUENCE:{session.sequence}",
        f"DTSTAMP:{_instant(timezone.now())}",
        f"DTSTART:{_instant(session.starts_at)}",
        f"DTEND:{_instant(session.ends_at)}",
        f"SUMMARY:{_text(session.title)}",
        *([f"LOCATION:{_text(where)}"] if where else []),
        f"URL:{address}",
        f"STATUS:{'CANCELLED' if session.cancelled_at else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return " ".join(escaped.replace("\r", "").split("\n"))


def _folded(line: str) -> str:
    """No line longer than 75 octets, and no letter cut in two."""
    pieces, piece = [], ""
    for letter in line:
        if len((piece + letter).encode()) > LONGEST_LINE - 1:
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\r\n ".join([*pieces, piece])
