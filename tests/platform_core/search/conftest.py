from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from platform_core.search.public import register, unregister
from tests.factories.search import Notes

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def notes() -> Iterator[Notes]:
    """An app whose notes can be found."""
    notes = Notes()
    register(notes.projector())
    yield notes
    unregister(notes.kind)
