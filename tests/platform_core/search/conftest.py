from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from platform_core.search.engines import remote_breaker
from platform_core.search.engines.elastic import building, feeding, indexes
from platform_core.search.public import register, unregister
from tests.factories.search import Notes

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(params=["database", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def notes(request: pytest.FixtureRequest, db: None) -> Iterator[Notes]:
    """An app whose notes can be found, by each engine: what is tested with it is what every engine must do."""
    kept = request.getfixturevalue("elastic_notes" if request.param == "elasticsearch" else "plain_notes")
    yield kept
    assert not remote_breaker.is_open, "Elasticsearch did not answer: the database did"


@pytest.fixture
def plain_notes() -> Iterator[Notes]:
    """The same, by the database alone."""
    notes = Notes()
    register(notes.projector())
    yield notes
    unregister(notes.kind)


@pytest.fixture
def elastic_notes(plain_notes: Notes, elastic: None) -> Notes:
    """The same, by Elasticsearch: what is written is told at once, without a worker."""
    plain_notes.settle = settle
    return plain_notes


@pytest.fixture
def elastic(elasticsearch_url: str, settings: object, db: None) -> Iterator[None]:
    """Elasticsearch is wanted, with an empty index that only this test has."""
    settings.SEARCH_ES_URL, settings.SEARCH_ES_PREFIX = elasticsearch_url, f"test-{uuid4().hex[:12]}"
    remote_breaker.succeeded()
    building.build()
    yield
    indexes.drop(indexes.targets())
    remote_breaker.succeeded()


def settle() -> None:
    """Elasticsearch is told what changed, and finds it now and not within the second."""
    feeding.push()
    indexes.refresh()
