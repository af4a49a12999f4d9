"""Daphne, started from our own command: what cannot listen says so instead of logging and ending with success."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

# First of all Twisted's imports: it installs the asyncio reactor.
from daphne.server import Server  # isort: skip
from channels.routing import get_default_application
from daphne.endpoints import build_endpoint_description_strings
from daphne.http_protocol import WebRequest
from twisted.internet import reactor
from twisted.internet.defer import Deferred

if TYPE_CHECKING:
    from collections.abc import Callable

    from twisted.python.failure import Failure

DRAIN = 5.0
"""Seconds that requests in hand get to be answered when the server is asked to end."""
LARGEST_MESSAGE = 64 * 1024
"""Bytes of a WebSocket message that are read at all; realtime answers up to there that it is too large."""


class WebServer(Server):
    """HTTP and WebSockets on one address. `run` returns after SIGTERM, SIGINT or `end`."""

    def __init__(self, *, host: str, port: int, on_ready: Callable[[], None]) -> None:
        super().__init__(
            get_default_application(),
            endpoints=build_endpoint_description_strings(host=host, port=port),
            ready_callable=on_ready,
            server_name="agora",
            websocket_max_message_size=LARGEST_MESSAGE,
            websocket_max_frame_size=LARGEST_MESSAGE,
        )
        self.problem: Exception | None = None
        """Why it could not listen."""

    def listen_success(self, port: Any) -> Any:
        """Daphne notes the address and forgets the port, which is needed to stop listening."""
        super().listen_success(port)
        return port

    def listen_error(self, failure: Failure) -> None:
        self.problem = self.problem or failure.value
        self.stop()

    def kill_all_applications(self) -> Deferred:
        """Called by Daphne before the reactor ends: answer the requests in hand, then let the sockets go."""
        return Deferred.fromFuture(asyncio.ensure_future(self._drain()))

    async def _drain(self) -> None:
        for listener in self.listeners:
            listener.addCallback(lambda port: port and port.stopListening())
        requests = self._applications(WebRequest)
        if requests:
            await asyncio.wait(requests, timeout=DRAIN)
        rest = self._applications(object)
        for application in rest:
            application.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def _applications(self, of: type) -> list[asyncio.Future[Any]]:
        """What still runs for connections of a kind."""
        running = [
            details["application_instance"]
            for protocol, details in self.connections.items()
            if isinstance(protocol, of) and "application_instance" in details
        ]
        return [application for application in running if not application.done()]

    @property
    def port(self) -> int:
        """The TCP port that it listens on, also when 0 was asked for."""
        return int(self.listening_addresses[0][1])

    def end(self) -> None:
        """Make `run` return. Callable from any thread."""
        loop: Any = reactor
        loop.callFromThread(self.stop)
