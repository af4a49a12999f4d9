"""What every test may ask for, and which tests this machine cannot run."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.harness import elasticsearch

NEEDS = {
    "redis": "Redis",
    "browser": "browser",
    "imap": "IMAP",
    "translations": "translations",
    "elasticsearch": "Elasticsearch",
}
"""Marker of a test -> the group of programs that it needs (tests/harness/packages.py)."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    on_postgres = os.environ.get("DATABASE_URL", "").startswith("postgres")
    missing = os.environ.get("AGORA_MISSING", "").split()
    kept, left_out = [], []
    for item in items:
        # A test of PostgreSQL's own behaviour belongs to the second pass only: not skipped, not there.
        (kept if on_postgres or not item.get_closest_marker("postgres") else left_out).append(item)
        for marker, group in NEEDS.items():
            if item.get_closest_marker(marker) and group in missing:
                item.add_marker(pytest.mark.skip(reason=f"{group} is not on this machine"))
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))
    items[:] = kept
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture(autouse=True)
def first_language() -> None:
    """A request in another language leaves it to whatever the same thread does next."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    """The node that `make test` started, shared by all tests, so never stop it; or one of this run."""
    if url := os.environ.get("SEARCH_ES_URL"):
        yield url
    elif elasticsearch.is_installed():
        with elasticsearch.node() as found:
            yield found.url
    else:
        pytest.skip("Elasticsearch: get it by `make elasticsearch`, or set SEARCH_ES_URL")


@pytest.fixture(scope="session")
def redis_url() -> str:
    """The private Redis that `make test` started; shared by all tests, so never stop it."""
    url = os.environ.get("REDIS_URL")
    if not url:
        pytest.skip("Redis: run `make test`, or set REDIS_URL")
    return url
