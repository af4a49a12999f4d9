"""What the tests of several apps ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.platform_core.background.processes import Meeting, Serve, short_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of its own for DATA."""
    with short_folder() as folder:
        yield folder


@pytest.fixture
def serve(folder: Path) -> Iterator[Callable[..., Serve]]:
    """Start `serve` with the arguments; what still runs at the end of the test is killed."""
    started: list[Serve] = []

    def start(*arguments: str, **environment: str) -> Serve:
        started.append(Serve(folder, *arguments, **environment))
        return started[-1]

    yield start
    for process in started:
        process.close()


@pytest.fixture
def meeting(folder: Path) -> Iterator[Meeting]:
    """Where a job or a page of another process waits for the test."""
    meeting = Meeting(folder)
    yield meeting
    meeting.close()
