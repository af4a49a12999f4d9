"""Engines answer one question: which entries, best first. They know nothing of people, only of audience tokens.

The database always has an index of its own, which changes in the transaction of the entry. With SEARCH_ES_URL
Elasticsearch answers instead, fed by the worker; the database takes its place whenever it does not answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection

from .breaker import Breaker
from .fallback import WithFallback
from .postgresql import PostgreSQLEngine
from .question import MOST_RANKED, Answer, Away, Counts, Filters, Match, Query, Question
from .sqlite import SQLiteEngine

if TYPE_CHECKING:
    from .question import Engine, Index

__all__ = [
    "MOST_RANKED",
    "Answer",
    "Away",
    "Counts",
    "Filters",
    "Match",
    "Query",
    "Question",
    "database_index",
    "engine",
    "is_remote",
    "remote_breaker",
]

_DATABASE: dict[str, Index] = {"sqlite": SQLiteEngine(), "postgresql": PostgreSQLEngine()}

remote_breaker = Breaker()
"""Of this process, for Elasticsearch."""


def database_index() -> Index:
    """The index within the database."""
    return _DATABASE[connection.vendor]


def is_remote() -> bool:
    """Whether Elasticsearch is wanted."""
    return bool(settings.SEARCH_ES_URL)


def engine() -> Engine:
    """Who answers."""
    if not is_remote():
        return database_index()
    from .elastic.asking import ElasticEngine  # noqa: PLC0415  a quarter of a second, only where it is used

    return WithFallback(ElasticEngine(), spare=database_index(), breaker=remote_breaker)
