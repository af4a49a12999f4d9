"""Who is looking at a stream and who is writing there: never kept, told at most every few seconds, gone by itself.

Each process looks at its own sockets and tells the others through the channel layer; what another process said is
forgotten when it does not say it again. With the layer away each process tells what it knows.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import protocol, publishing, streams
from .link import group
from .protocol import Code, ProtocolError
from .reading import in_database
from .sessions import SignedOut, person

if TYPE_CHECKING:
    from .channel import Channel
    from .hub import Hub
    from .sessions import Visitor
    from .socket import Socket

logger = logging.getLogger(__name__)

LOOK = 1.0
"""Seconds between two looks at who is here."""
PAUSE, LONG_PAUSE = 2.0, 10.0
"""Seconds between two frames about a stream: of a few readers, and of more than MANY."""
MANY = 50
SAY_AGAIN, FORGET = 15.0, 40.0
"""Seconds after which a process says again who is with it, and after which others forget what it said."""
TYPING = 6.0
"""Seconds that somebody counts as writing after their browser said so."""
RIGHT = 30.0
"""Seconds for which the answer holds whether somebody may write."""
MOST_NAMED = 3
"""People who are named as writing; more are "several"."""


@dataclass
class Room:
    """What is known of one stream that somebody here follows."""

    here: frozenset[int] = frozenset()
    elsewhere: dict[str, tuple[float, frozenset[int]]] = field(default_factory=dict)
    """By process: when it is forgotten, and who is there."""
    typing: dict[int, tuple[float, str]] = field(default_factory=dict)
    """By person: when they stop counting as writing, and their name."""
    said: tuple[float, frozenset[int]] = (0.0, frozenset())
    """When the other processes were told last, and what."""
    told: tuple[float, str] = (0.0, "")
    """When the readers were told last, and what."""


class Presence:
    """Of one process; in the loop of its hub."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.process = uuid.uuid4().hex[:12]
        self.rooms: dict[str, Room] = {}
        self._asking: set[asyncio.Task[None]] = set()
        self._rights: dict[tuple[int, str], tuple[float, str | None]] = {}

    async def run(self) -> None:
        while True:
            await asyncio.sleep(LOOK)
            try:
                self.look()
            except Exception:
                logger.exception("Who is here cannot be told.")

    def look(self) -> None:
        """Tell the readers of each stream, and the other processes, what has changed since the last look."""
        now = time.monotonic()
        for name, channel in list(self.hub.channels.items()):
            kind = streams.find(name)
            if kind is None or kind[0].typist is None or not channel.listeners:
                continue
            room = self.rooms.setdefault(name, Room())
            room.here = frozenset(_who(socket) for socket in channel.listeners)
            room.elsewhere = {process: said for process, said in room.elsewhere.items() if said[0] > now}
            room.typing = {who: said for who, said in room.typing.items() if said[0] > now}
            self._say(name, room, now)
            self._tell(channel, room, now)
        for name in [name for name in self.rooms if not self._is_followed(name)]:
            room = self.rooms.pop(name)
            if room.here:
                room.here = frozenset()
                self._say(name, room, now)
        self._rights = {key: right for key, right in self._rights.items() if right[0] > now}

    def _is_followed(self, name: str) -> bool:
        channel = self.hub.channels.get(name)
        return channel is not None and bool(channel.listeners)

    def _tell(self, channel: Channel, room: Room, now: float) -> None:
        readers = room.here.union(*(said[1] for said in room.elsewhere.values()))
        writing = sorted((who, name) for who, (_until, name) in room.typing.items())
        frame = protocol.encode(
            op="presence", stream=channel.name, readers=len(readers),
            typing=[{"id": who, "name": name} for who, name in writing[:MOST_NAMED]], writers=len(writing),
        )  # fmt: skip
        at, before = room.told
        if frame == before or now - at < (LONG_PAUSE if len(readers) > MANY else PAUSE):
            return
        room.told = (now, frame)
        message, size = {"type": "websocket.send", "text": frame}, len(frame)
        for socket in list(channel.listeners):
            socket.write(message, size)

    def _say(self, stream: str, room: Room, now: float, *, typing: tuple[int, str] | None = None) -> None:
        at, before = room.said
        if publishing.shared_layer() is None or (before == room.here and now - at < SAY_AGAIN and typing is None):
            return
        room.said = (now, room.here)
        message = {"type": "live.presence", "stream": stream, "process": self.process, "here": sorted(room.here)}
        publishing.outbox.put(group(stream), {**message, "typing": list(typing) if typing else None})

    def introduce(self) -> None:
        """The others can hear us again: say at the next look who is here."""
        for room in self.rooms.values():
            room.said = (0.0, room.said[1])

    def hear(self, message: dict[str, Any]) -> None:
        """What another process says of a stream that somebody here follows."""
        room = self.rooms.get(message["stream"])
        if room is None or message["process"] == self.process:
            return
        now = time.monotonic()
        if message["process"] not in room.elsewhere:  # it does not know of us either
            room.said = (0.0, room.said[1])
        room.elsewhere[message["process"]] = (now + FORGET, frozenset(message["here"]))
        if message["typing"]:
            who, name = message["typing"]
            room.typing[who] = (now + TYPING, name)

    # ---- writing ----

    def writes(self, socket: Socket, stream: str) -> None:
        """A browser says that its person writes. Raises ProtocolError where it does not follow, or nobody writes."""
        subscription, user_id = socket.subscriptions.get(stream), socket.who.user_id
        kind = streams.find(stream) if subscription and not subscription.task else None
        if kind is None or kind[0].typist is None or user_id is None:
            raise ProtocolError(Code.NOT_ALLOWED, "You do not write in this stream.", stream=stream)
        known = self._rights.get((user_id, stream))
        if known is None:
            self._rights[user_id, stream] = (time.monotonic() + RIGHT, None)  # until it is known: asked once
            task = asyncio.ensure_future(self._ask(socket.who, stream))
            self._asking.add(task)
            task.add_done_callback(self._asking.discard)
        elif known[1] is not None:
            self._note(user_id, stream, known[1])

    async def _ask(self, who: Visitor, stream: str) -> None:
        try:
            name = await in_database(_name_of, who, stream)
        except Exception:
            logger.exception("Whether somebody may write in %s cannot be read.", stream)
            return
        if name is not None and who.user_id is not None:
            self._rights[who.user_id, stream] = (time.monotonic() + RIGHT, name)
            self._note(who.user_id, stream, name)

    def _note(self, user_id: int, stream: str, name: str) -> None:
        room, now = self.rooms.setdefault(stream, Room()), time.monotonic()
        until, _name = room.typing.get(user_id, (0.0, ""))
        room.typing[user_id] = (now + TYPING, name)
        if until - now < TYPING / 2:  # the others were told long enough ago
            self._say(stream, room, now, typing=(user_id, name))


def _who(socket: Socket) -> int:
    """A person once, whatever their tabs; each visitor without a name."""
    return socket.who.user_id if socket.who.user_id is not None else -id(socket)


def _name_of(who: Visitor, stream: str) -> str | None:
    """The name under which a person is seen writing; None when they may not."""
    found = streams.find(stream)
    try:
        user = person(who)
    except SignedOut:
        return None
    if found is None or found[0].typist is None or user is None:
        return None
    return found[0].typist(user, found[1])
