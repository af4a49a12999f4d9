"""What is said over `/ws/`: every frame, code and limit. docs/realtime.md tells it to those who write a client."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any, NoReturn

from . import streams

FRAME_LIMIT = 4096
"""Characters of one frame from a browser."""
SUBSCRIPTIONS = 50
"""Streams that one socket may follow."""
SOCKETS_A_PERSON = 50
"""Sockets that one person may have open in one process."""
RATE = 20.0
"""Frames a second that a socket may send for long."""
BURST = 60.0
"""Frames that it may send at once."""
PATIENCE = 200
"""Frames over the rate after which the socket is closed."""
ASK_AFTER = 32 * 1024
"""Characters sent after which we ask the browser whether it still reads."""
WINDOW = 256 * 1024
"""Characters that may be under way to one browser; a reader slower than that is closed and resumes by cursor."""
BACKLOG = 1000
"""Entries of a stream that are sent again; who missed more loads the page anew."""


class Close(IntEnum):
    """Why the server closes. A client comes back after every code except UNAUTHENTICATED and ABUSE."""

    AGAIN = 4000
    """Who you are may have changed: connect again, the handshake decides."""
    UNAUTHENTICATED = 4401
    """Nobody is signed in, or may not use the service yet."""
    RESUME = 4408
    """You read too slowly: connect again and resume by cursor."""
    ABUSE = 4429
    """Far too many frames or sockets."""


class Code(StrEnum):
    BAD_FRAME = "bad_frame"
    UNKNOWN_OP = "unknown_op"
    BAD_STREAM = "bad_stream"
    BAD_CURSOR = "bad_cursor"
    CURSOR_AHEAD = "cursor_ahead"
    NOT_ALLOWED = "not_allowed"
    ALREADY = "already_subscribed"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    TOO_FAST = "too_fast"
    UNAVAILABLE = "unavailable"


class ProtocolError(Exception):
    """A frame that cannot be obeyed; answered with an `error` frame, and the socket goes on."""

    def __init__(self, code: Code, message: str, *, stream: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.stream = code, message, stream


@dataclass(frozen=True, slots=True)
class Subscribe:
    stream: str
    since: int | None


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    stream: str


@dataclass(frozen=True, slots=True)
class Typing:
    """The person is writing something for the stream."""

    stream: str


@dataclass(frozen=True, slots=True)
class Ping:
    pass


@dataclass(frozen=True, slots=True)
class Pong:
    """The browser's answer to the server's `ping` number `n`."""

    n: int


Command = Subscribe | Unsubscribe | Typing | Ping | Pong


def read(text: str | None) -> Command:
    """What a browser asks for. `text` is None for a binary frame. Raises ProtocolError."""
    frame = _object(text)
    match frame.get("op"):
        case "subscribe":
            stream = _stream(frame)
            return Subscribe(stream, _cursor(frame.get("since"), stream))
        case "unsubscribe":
            return Unsubscribe(_stream(frame))
        case "typing":
            return Typing(_stream(frame))
        case "ping":
            return Ping()
        case "pong":
            n = frame.get("n")
            return Pong(n if type(n) is int else -1)
        case _:
            raise ProtocolError(Code.UNKNOWN_OP, "`op` is one of subscribe, unsubscribe, typing, ping, pong.")


def _object(text: str | None) -> dict[str, Any]:
    if text is None:
        raise ProtocolError(Code.BAD_FRAME, "Frames are JSON text, not binary.")
    if len(text) > FRAME_LIMIT:
        raise ProtocolError(Code.TOO_LARGE, f"A frame has at most {FRAME_LIMIT} characters.")
    try:
        frame = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise ProtocolError(Code.BAD_FRAME, "The frame is not valid JSON.") from None
    if not isinstance(frame, dict):
        raise ProtocolError(Code.BAD_FRAME, "A frame is a JSON object with an `op`.")
    return frame


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _stream(frame: dict[str, Any]) -> str:
    name = frame.get("stream")
    if not isinstance(name, str) or not streams.NAME.fullmatch(name):
        raise ProtocolError(Code.BAD_STREAM, "`stream` is a name such as user:7.")
    return name


def _cursor(value: object, stream: str) -> int | None:
    if value is None:
        return None
    if type(value) is not int or value < 0:
        raise ProtocolError(Code.BAD_CURSOR, "`since` is a whole number, 0 or more, or null.", stream=stream)
    return value


def encode(**frame: Any) -> str:
    return json.dumps(frame, separators=(",", ":"))


def event(stream: str, cursor: int, *, type_: str, data: dict[str, Any] | None) -> str:
    """The frame of one stream entry; with `data` None it only moves the cursor."""
    if data is None:
        return encode(op="skip", stream=stream, cursor=cursor)
    return encode(op="event", stream=stream, cursor=cursor, type=type_, data=data)


def error(problem: ProtocolError) -> str:
    about = {"stream": problem.stream} if problem.stream else {}
    return encode(op="error", code=problem.code.value, message=problem.message, **about)
