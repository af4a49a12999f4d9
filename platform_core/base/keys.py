"""Where a list goes on: the moment and the number of its last row (`2026-11-02T09:00:00+01:00~42`)."""

from __future__ import annotations

from django.utils.dateparse import parse_datetime

LONGEST_ID = 18
"""Digits; more than any row's number has."""


def moment_and_number(text: str) -> tuple[str, int] | None:
    """The moment, with its zone, in ISO 8601, and the number; None for what is no such place."""
    moment, _tilde, number = text.partition("~")
    try:
        at = parse_datetime(moment)
    except ValueError:
        return None
    if at is None or at.tzinfo is None or not (number.isascii() and number.isdigit() and len(number) <= LONGEST_ID):
        return None
    return at.isoformat(), int(number)
