"""The connection. One a process and address; its threads share it."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from elasticsearch import ApiError, Elasticsearch, TransportError

from platform_core.search.engines.question import Away

if TYPE_CHECKING:
    from collections.abc import Iterator

ANSWER_LIMIT = 1.5
"""Seconds that a search may take; after them the database answers."""

FEED_LIMIT = 60.0
"""Seconds that a batch of entries may take: nobody waits for it."""

FAILURES = (TransportError, ApiError)


@contextmanager
def or_away() -> Iterator[None]:
    """Raises Away for whatever Elasticsearch fails with inside."""
    try:
        yield
    except FAILURES as problem:
        raise Away(str(problem)) from problem


def connect() -> Elasticsearch:
    """The client of the address in the settings; it says nothing to the network by itself."""
    return _client(settings.SEARCH_ES_URL, settings.SEARCH_ES_CA_FILE)


@cache
def _client(url: str, authority: str) -> Elasticsearch:
    # Nothing is tried again here: who asks has the database, what is fed has its outbox.
    trusted: dict[str, Any] = {"ca_certs": authority} if authority else {}
    return Elasticsearch(url, request_timeout=ANSWER_LIMIT, max_retries=0, **trusted)
