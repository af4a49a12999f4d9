"""The run of bench.delivery, short: two web processes, a worker and Redis fall, and no reader misses or hears twice."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from bench.delivery import prepare, run
from platform_core.config.settings import embedded
from tests.platform_core.background.processes import short_folder

pytestmark = [pytest.mark.redis, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

POSTS, READERS = 300, 8


@pytest.fixture
def environment(settings) -> dict[str, str]:
    """Of processes that run as people start them, on the database of this test."""
    settings.SECRET_KEY = embedded.SECRET_KEY  # it signs the sessions
    url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}"))
    return {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "bench.live_settings"}


@pytest.fixture
def short() -> Iterator[Path]:
    with short_folder() as folder:
        yield folder


def test_each_reader_is_told_of_each_post_once_in_order_whatever_falls(environment, short):
    topic = prepare(readers=READERS, is_watched=True)
    outcome = run(topic, posts=POSTS, per_second=20, environment=environment, folder=short, drain=60)
    assert outcome.expected == list(range(topic.first, topic.first + POSTS)), "each form and each call is one post"
    assert len(outcome.faults) == 7, "everything fell"
    for reader in outcome.readers:
        assert reader.heard == outcome.expected
        assert (reader.again, reader.gaps, reader.resets) == (0, 0, 0), "nor did the server rely on the page"
        assert reader.connections > 1, "its server or its network fell, and it came back"
        assert reader.presences > 0, "who is there was told meanwhile"
    assert (outcome.reactions_left, outcome.reactions_lost) == (0, 0), (
        "the worker that came after did what the killed one left"
    )
    assert set(outcome.letters) == set(outcome.expected), "nobody's letter was lost with the worker"
    assert sum(outcome.letters.values()) <= POSTS + 1, "nor sent twice, but for the one that it had in hand"
