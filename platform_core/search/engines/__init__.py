"""Engines answer one question: which entries, best first. They know nothing of people, only of audience tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from .postgresql import PostgreSQLEngine
from .question import MOST_RANKED, Counts, Filters, Match, Query, Question
from .sqlite import SQLiteEngine

if TYPE_CHECKING:
    from .question import Engine

__all__ = ["MOST_RANKED", "Counts", "Filters", "Match", "Query", "Question", "engine"]

_DATABASE: dict[str, Engine] = {"sqlite": SQLiteEngine(), "postgresql": PostgreSQLEngine()}


def engine() -> Engine:
    """The engine in force. Today the database's own, which changes in the transaction of the entry."""
    return _DATABASE[connection.vendor]
