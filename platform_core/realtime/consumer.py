"""The one consumer, at `/ws/`: the handshake, and then obeying frames until either side leaves.

A plain ASGI application: channels' own consumer has a task, a queue and a channel of the layer for each socket, which
is what fan-out is slow from.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from . import protocol, streams
from .hub import Hub
from .link import Link
from .protocol import Close, Code, Ping, Pong, ProtocolError, Subscribe, Typing, Unsubscribe
from .publishing import hub_here, shared_layer, use_hub
from .reading import in_database
from .sessions import NOBODY, Visitor, visitor
from .socket import Socket

logger = logging.getLogger(__name__)

Receive = Callable[[], Awaitable[dict[str, Any]]]
PATH = "/ws/"


async def application(scope: dict[str, Any], receive: Receive, send: Any) -> None:
    """A WebSocket from handshake to end."""
    await receive()  # websocket.connect
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    if scope["path"] != PATH or not is_own_origin(headers):
        await send({"type": "websocket.close"})  # before accepting: the browser sees HTTP 403
        return
    try:
        who = await in_database(visitor, headers)
    except Exception:
        logger.exception("Who opens a socket cannot be read.")
        await send({"type": "websocket.close"})
        return
    del headers
    await send({"type": "websocket.accept"})
    if who is NOBODY and not streams.any_public():
        await send({"type": "websocket.close", "code": int(Close.UNAUTHENTICATED)})
        return
    await _converse(who, receive, send)


async def _converse(who: Visitor, receive: Receive, send: Any) -> None:
    hub = the_hub()
    socket = Socket(send, who)
    hub.enter(socket)
    pace = Pace()
    try:
        while (message := await receive())["type"] == "websocket.receive":
            if not socket.is_open:
                continue
            try:
                command = _read(socket, pace, message.get("text"))
                if command:
                    _obey(hub, socket, command)
            except ProtocolError as problem:
                if pace.excess > protocol.PATIENCE:
                    socket.close(Close.ABUSE)
                socket.say(protocol.error(problem))
    except asyncio.CancelledError:
        socket.close(Close.AGAIN)  # the server ends
        raise
    finally:
        socket.gone()
        hub.leave(socket)


def _read(socket: Socket, pace: Pace, text: str | None) -> protocol.Command | None:
    """The next command. Every frame takes its step, nonsense too, except the answers that we asked for."""
    try:
        command = protocol.read(text)
    except ProtocolError:
        pace.step()
        raise
    if isinstance(command, Pong) and socket.answered(command.n):
        return None
    pace.step()
    return command


def _obey(hub: Hub, socket: Socket, command: protocol.Command) -> None:
    match command:
        case Subscribe(stream, since):
            hub.follow(socket, stream, since)
        case Unsubscribe(stream):
            hub.unfollow(socket, stream)
            socket.say(protocol.encode(op="unsubscribed", stream=stream))
        case Typing(stream):
            hub.presence.writes(socket, stream)
        case Ping():
            socket.say(protocol.encode(op="pong"))
        case Pong():
            pass  # an answer that nobody waits for


class Pace:
    """A bucket of BURST frames that fills at RATE a second."""

    __slots__ = ("_left", "_seen", "excess")

    def __init__(self) -> None:
        self._left, self._seen, self.excess = protocol.BURST, time.monotonic(), 0

    def step(self) -> None:
        """Take one frame from the bucket. Raises ProtocolError when it is empty."""
        now = time.monotonic()
        self._left = min(protocol.BURST, self._left + (now - self._seen) * protocol.RATE)
        self._seen = now
        if self._left < 1:
            self.excess += 1
            raise ProtocolError(Code.TOO_FAST, f"At most {protocol.RATE:g} frames a second. This one was not obeyed.")
        self._left -= 1


def the_hub() -> Hub:
    """The hub of this process, made in the event loop of its first socket."""
    hub = hub_here()
    if hub is None or hub.loop is not asyncio.get_running_loop():
        hub = Hub()
        layer = shared_layer()
        hub.start(Link(layer, hub) if layer is not None else None)
        use_hub(hub)
    return hub


def is_own_origin(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether a page of ours opens the socket: cookies travel with any page's, so another site could listen."""
    found = {name: value.decode("latin1") for name, value in headers if name in (b"origin", b"host")}
    origin, host = found.get(b"origin", ""), found.get(b"host", "")
    try:
        is_same = urlsplit(origin).netloc == host
    except ValueError:
        is_same = False
    own = is_same and validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)
    if own or origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    logger.warning("A socket from the origin %.100r was refused: it is not %.100r. See ALLOWED_HOSTS.", origin, host)
    return False
