"""Daphne, started from our own command: what cannot listen says so instead of logging and ending with success."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

# First of all Twisted's imports: it installs the asyncio reactor.
from daphne.server import Server  # isort: skip
from channels.routing import get_default_application
from daphne.endpoints import build_endpoint_description_strings
from twisted.internet import reactor

if TYPE_CHECKING:
    from collections.abc import Callable

    from twisted.python.failure import Failure


class WebServer(Server):
    """HTTP and WebSockets on one address. `run` returns after SIGTERM, SIGINT or `end`."""

    def __init__(self, *, host: str, port: int, on_ready: Callable[[], None]) -> None:
        super().__init__(
            get_default_application(),
            endpoints=build_endpoint_description_strings(host=host, port=port),
            ready_callable=on_ready,
            server_name="agora",
        )
        self.problem: Exception | None = None
        """Why it could not listen."""

    def listen_error(self, failure: Failure) -> None:
        self.problem = failure.value
        self.stop()

    @property
    def port(self) -> int:
        """The TCP port that it listens on, also when 0 was asked for."""
        return int(self.listening_addresses[0][1])

    def end(self) -> None:
        """Make `run` return. Callable from any thread."""
        loop: Any = reactor
        loop.callFromThread(self.stop)
