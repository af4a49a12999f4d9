"""The fan-out of one process: which sockets follow which stream, and each entry once, in order, to each of them.

A process joins the channel group of a stream once, with its first socket (link.py), receives frames that the publisher
has encoded (publishing.py), and hands the same frame to its sockets. Everything here runs in one event loop.
"""

from __future__ import annotations

import asyncio
import logging
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from . import protocol, streams
from .channel import Channel
from .presence import Presence
from .protocol import Close, Code, ProtocolError
from .reading import frames_since, heads, in_database
from .sessions import SignedOut, person
from .socket import Socket, Subscription

if TYPE_CHECKING:
    from .link import Link
    from .sessions import Visitor

logger = logging.getLogger(__name__)

RECONCILE = 5.0
"""Seconds between two looks at the heads of our streams: best effort heals within that."""
RECONCILE_DEGRADED = 1.0
"""The same while other processes cannot be heard."""
RECHECK = 300.0
"""Seconds between two rechecks of a socket: some rights end by themselves, as a seat does on its last day."""
RECHECK_DEGRADED = 30.0
"""The same while a revocation in another process might not be heard."""


class Hub:
    """All sockets of this process. Made and used in one event loop; `call` is for the other threads."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.channels: dict[str, Channel] = {}
        self.sockets: dict[int | None, set[Socket]] = {}
        self.is_live = True
        self.link: Link | None = None
        self.presence = Presence(self)
        self._tasks: list[asyncio.Task[Any]] = []

    def start(self, link: Link | None) -> None:
        """`link` reaches the other processes; None when there are none."""
        self.link = link
        self._tasks = [asyncio.ensure_future(self._watch()), asyncio.ensure_future(self.presence.run())]
        if link:
            self.is_live = False
            self._tasks.append(asyncio.ensure_future(link.run()))

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        for socket in self.all_sockets():
            socket.close(Close.AGAIN)

    def call(self, function: Any, *args: Any) -> None:
        """Run a method of the hub in its loop; callable from any thread, never raises."""
        try:
            self.loop.call_soon_threadsafe(function, *args)
        except RuntimeError:
            logger.debug("The sockets' loop has ended.")

    # ---- sockets ----

    def all_sockets(self) -> list[Socket]:
        return [socket for sockets in self.sockets.values() for socket in sockets]

    def enter(self, socket: Socket) -> None:
        """Add a socket, or close it when its person has too many."""
        mine = self.sockets.setdefault(socket.who.user_id, set())
        if socket.who.user_id is not None and len(mine) >= protocol.SOCKETS_A_PERSON:
            socket.close(Close.ABUSE)
            return
        mine.add(socket)
        if not self.is_live:
            socket.say(protocol.encode(op="state", live=False))

    def leave(self, socket: Socket) -> None:
        for stream in list(socket.subscriptions):
            self.unfollow(socket, stream)
        mine = self.sockets.get(socket.who.user_id, set())
        mine.discard(socket)
        if not mine:
            self.sockets.pop(socket.who.user_id, None)

    # ---- subscriptions ----

    def follow(self, socket: Socket, stream: str, since: int | None) -> None:
        """Subscribe a socket: permission, acknowledgment, what it missed since a cursor, then live."""
        if stream in socket.subscriptions:
            raise ProtocolError(Code.ALREADY, "The socket follows the stream already.", stream=stream)
        if len(socket.subscriptions) >= protocol.SUBSCRIPTIONS:
            raise ProtocolError(
                Code.TOO_MANY, f"A socket follows at most {protocol.SUBSCRIPTIONS} streams.", stream=stream
            )
        subscription = socket.subscriptions[stream] = Subscription(stream)
        subscription.task = asyncio.ensure_future(self._follow(socket, subscription, since, is_new=True))

    def unfollow(self, socket: Socket, stream: str) -> bool:
        """End a subscription at once; False when there was none."""
        subscription = socket.subscriptions.pop(stream, None)
        if subscription is None:
            return False
        self._pause(socket, subscription)
        return True

    def _pause(self, socket: Socket, subscription: Subscription) -> None:
        if subscription.task:
            subscription.task.cancel()  # it releases the channel itself
            subscription.task = None
        channel = self.channels.get(subscription.stream)
        if channel and channel.listeners.pop(socket, None):
            subscription.position = channel.cursor
            self._release(channel)

    async def _follow(self, socket: Socket, subscription: Subscription, since: int | None, *, is_new: bool) -> None:
        try:
            await self._admit(socket, subscription, since, is_new=is_new)
        except SignedOut:
            socket.close(Close.AGAIN)
        except ProtocolError as problem:
            socket.subscriptions.pop(subscription.stream, None)
            socket.say(protocol.error(problem))
        except Exception:
            logger.exception("The stream %s cannot be followed.", subscription.stream)
            socket.subscriptions.pop(subscription.stream, None)
            away = ProtocolError(Code.UNAVAILABLE, "Try again in a moment.", stream=subscription.stream)
            socket.say(protocol.error(away))

    async def _admit(self, socket: Socket, subscription: Subscription, since: int | None, *, is_new: bool) -> None:
        """Make the socket a listener; when rights change on the way, ask again and go on from where it is."""
        channel: Channel | None = None
        try:
            while True:
                subscription.is_doubtful = False
                if not await in_database(is_allowed, socket.who, subscription.stream):
                    self._refuse(socket, subscription, is_new=is_new)
                    return
                if channel is None:
                    channel = self._hold(subscription.stream)
                await asyncio.shield(channel.opened)
                if not subscription.is_doubtful:
                    since = await self._catch_up(socket, subscription, channel, since, is_new=is_new)
                    is_new = False
                if not subscription.is_doubtful:
                    break
            channel.listeners[socket] = subscription
            subscription.task = None
            channel = None  # now the listener holds it
        finally:
            if channel:
                self._release(channel)

    async def _catch_up(
        self, socket: Socket, subscription: Subscription, channel: Channel, since: int | None, *, is_new: bool
    ) -> int:
        """Send what came after `since`, while that is not in doubt; the cursor that the socket is at.

        It returns without waiting once the socket is where the channel is.
        """
        if since is not None and since > channel.cursor:
            await channel.fill()
        head = channel.cursor
        if since is not None and since > head:
            raise ProtocolError(Code.CURSOR_AHEAD, f"The stream ends at {head}.", stream=subscription.stream)
        position = head if since is None else since
        is_reset = head - position > protocol.BACKLOG
        if is_new:
            socket.say(protocol.encode(op="subscribed", stream=channel.name, cursor=head))
        while position < channel.cursor and socket.is_open and not subscription.is_doubtful:
            frames = [] if is_reset else await in_database(frames_since, channel.name, position)
            if not frames or frames[0][0] != position + 1:
                position = channel.cursor
                socket.say(protocol.encode(op="reset", stream=channel.name, cursor=position))
                break
            for cursor, frame in frames:
                await socket.room()
                if cursor > channel.cursor or subscription.is_doubtful:
                    break  # it comes live, or perhaps never
                socket.say(frame)
                subscription.position = position = cursor
        return position

    def _refuse(self, socket: Socket, subscription: Subscription, *, is_new: bool) -> None:
        socket.subscriptions.pop(subscription.stream, None)
        if is_new:
            problem = ProtocolError(Code.NOT_ALLOWED, "You may not follow this stream.", stream=subscription.stream)
            socket.say(protocol.error(problem))
        else:
            socket.say(protocol.encode(op="revoked", stream=subscription.stream))

    # ---- channels ----

    def _hold(self, name: str) -> Channel:
        channel = self.channels.get(name)
        if channel is None:
            channel = self.channels[name] = Channel(name)
            self._tasks.append(asyncio.ensure_future(self._open(channel)))
            self._tasks = [task for task in self._tasks if not task.done()]
        channel.holders += 1
        return channel

    def _release(self, channel: Channel) -> None:
        channel.holders -= 1
        if channel.holders == 0 and self.channels.get(channel.name) is channel:
            del self.channels[channel.name]
            if channel.filling:
                channel.filling.cancel()
            if self.link:
                self.link.leave_soon(channel.name)

    async def _open(self, channel: Channel) -> None:
        """Join the group first and read the head afterwards, so that nothing falls between the two."""
        try:
            if self.link:
                await self.link.join(channel.name)
            found = await in_database(heads, [channel.name])
            channel.start_at(found[channel.name])
            channel.opened.set_result(None)
        except Exception as problem:  # noqa: BLE001  those who wait for it report it
            if self.channels.get(channel.name) is channel:
                del self.channels[channel.name]
            channel.opened.set_exception(problem)
            channel.opened.exception()  # also when nobody waits any more

    def accept(self, stream: str, cursor: int, frame: str) -> None:
        """A frame from this or another process."""
        if channel := self.channels.get(stream):
            channel.accept(cursor, frame)

    # ---- rights that change ----

    def obey(self, order: dict[str, Any]) -> None:
        """What `public` asks of every process."""
        user_id = order.get("user")
        sockets = list(self.sockets.get(user_id, ())) if user_id is not None else self.all_sockets()
        for socket in sockets:
            match order["do"]:
                case "close" if user_id is not None or socket.who.session == order["session"]:
                    socket.close(Close.AGAIN)
                case "recheck":
                    self._recheck(socket, only=order.get("stream"))
                case "revoke" if self.unfollow(socket, order["stream"]):
                    socket.say(protocol.encode(op="revoked", stream=order["stream"]))

    def _recheck(self, socket: Socket, *, only: str | None = None) -> None:
        """Ask again for every subscription, or the one to a stream; nothing is delivered meanwhile, nothing is lost."""
        if only is None:
            socket.checked = time.monotonic()
        for subscription in list(socket.subscriptions.values()):
            if only not in (None, subscription.stream):
                continue
            if subscription.task:
                subscription.is_doubtful = True
            else:
                channel = self._hold(subscription.stream)  # so that the process stays in the group
                self._pause(socket, subscription)
                task = asyncio.ensure_future(self._follow(socket, subscription, subscription.position, is_new=False))
                task.add_done_callback(partial(self._recheck_done, channel))
                subscription.task = task

    def _recheck_done(self, channel: Channel, _task: asyncio.Task[None]) -> None:
        self._release(channel)

    # ---- healing ----

    def set_live(self, *, live: bool) -> None:
        """Whether the other processes can be heard. When they can again, catch up and ask for every right again."""
        if live == self.is_live:
            return
        self.is_live = live
        (logger.info if live else logger.warning)("Other processes %s be heard.", "can" if live else "cannot")
        frame = protocol.encode(op="state", live=live)
        for socket in self.all_sockets():
            socket.say(frame)
            if live:
                self._recheck(socket)
        if live:
            self.presence.introduce()
            for channel in self.channels.values():
                if channel.cursor >= 0:
                    channel.fill()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(RECONCILE if self.is_live else RECONCILE_DEGRADED)
            now, due = time.time(), time.monotonic() - (RECHECK if self.is_live else RECHECK_DEGRADED)
            for socket in self.all_sockets():
                if socket.who.expires < now:
                    socket.close(Close.AGAIN)
                elif socket.checked < due:
                    self._recheck(socket)
            try:
                await self.reconcile()
            except Exception:  # the database is away; it is tried again
                logger.warning("The heads of the streams cannot be read.", exc_info=True)

    async def reconcile(self) -> None:
        """Deliver what never reached us: one query for all streams."""
        names = [channel.name for channel in self.channels.values() if channel.cursor >= 0]
        found = await in_database(heads, names) if names else {}
        for name, head in found.items():
            channel = self.channels.get(name)
            if channel and channel.cursor < head:
                channel.fill()


def is_allowed(who: Visitor, stream: str) -> bool:
    """Whether a person, as they are now in the database, may follow a stream. Raises SignedOut."""
    user = person(who)
    found = streams.find(stream)
    if found is None:
        return False
    kind, key = found
    if user is None and not kind.public:
        return False
    return kind.may_subscribe(user, key)
