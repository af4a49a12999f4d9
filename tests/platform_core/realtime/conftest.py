from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from platform_core.realtime import publishing
from tests.factories.accounts import UserFactory
from tests.platform_core.realtime import kinds  # noqa: F401  declares the stream kind "test"
from tests.platform_core.realtime.browser import Browser, session_of
from tests.platform_core.realtime.live_server import LiveServer, the_server


@pytest.fixture(scope="session")
def live_server_process() -> Iterator[LiveServer]:
    server = the_server()
    yield server
    server.stop()


def forget_hub() -> None:
    """The next socket makes a new hub, with the settings of its test."""
    if hub := publishing.hub_here():
        publishing.use_hub(None)

        async def end() -> None:
            hub.stop()

        asyncio.run_coroutine_threadsafe(end(), hub.loop).result(10)


@pytest.fixture
def port(live_server_process: LiveServer, transactional_db: None) -> Iterator[int]:
    """The port of a Daphne with our application, whose hub is new."""
    forget_hub()
    yield live_server_process.port
    forget_hub()


@pytest.fixture
def person(transactional_db: None):
    return UserFactory()


@pytest.fixture
def browse(port: int) -> Iterator[Callable[..., Browser]]:
    """Open a socket as a person (None: nobody); all are closed at the end."""
    opened: list[Browser] = []

    def browse(user, *, session: str | None = None, at: int = port, origin: str | None = None) -> Browser:
        cookie = session if session is not None else (session_of(user) if user else "")
        opened.append(Browser(at, cookie, origin=origin))
        return opened[-1]

    yield browse
    for browser in opened:
        browser.close()
