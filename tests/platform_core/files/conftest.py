"""A malware scanner that answers, for the tests that ask for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.factories.files import Scanner, running_scanner


@pytest.fixture
def scanner(settings) -> Iterator[Scanner]:
    with running_scanner() as started:
        settings.CLAMD_ADDRESS = started.address
        yield started


@pytest.fixture
def scanner_away(settings) -> None:
    """Configured, and nobody listens: a port that was free a moment ago."""
    with running_scanner() as started:
        settings.CLAMD_ADDRESS = started.address
