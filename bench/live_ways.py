"""The same broadcast done in several ways, each behind the same protocol, for bench.live.

A socket says `listen` and hears every broadcast. A socket that says `go N` has broadcast N sent to the listeners. A
broadcast carries its number and the moment at which it was asked for (`time.monotonic_ns`, shared by the processes of
one machine).
"""

from __future__ import annotations

import os
import time
from functools import partial
from typing import Any

import django

django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402

from platform_core.activity.models import Activity, StreamEntry  # noqa: E402
from platform_core.realtime import protocol, streams  # noqa: E402
from platform_core.realtime.channel import Channel  # noqa: E402
from platform_core.realtime.consumer import the_hub  # noqa: E402
from platform_core.realtime.link import group  # noqa: E402
from platform_core.realtime.publishing import outbox, publish  # noqa: E402
from platform_core.realtime.reading import frame_of  # noqa: E402
from platform_core.realtime.sessions import NOBODY  # noqa: E402
from platform_core.realtime.socket import Socket, Subscription  # noqa: E402

STREAM = "bench:all"


def told(number: int) -> dict[str, Any]:
    return {"number": number, "at": time.monotonic_ns(), "subject": "agora.post:1234", "text": "x" * 150}


def frame(number: int) -> str:
    return protocol.event(STREAM, number, type_="agora.posted", data=told(number))


class Plain:
    """The least that a server can do: one task that awaits `send` for each socket in turn."""

    def __init__(self) -> None:
        self.sends: list[Any] = []

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            if message["text"] == "listen":
                self.sends.append(send)
            else:
                text = frame(int(message["text"][3:]))
                for one in self.sends:
                    await one({"type": "websocket.send", "text": text})
        if send in self.sends:
            self.sends.remove(send)


class Member(AsyncWebsocketConsumer):
    """Channels as its tutorial has it: every socket is a member of the group."""

    listens = False

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        assert text_data is not None
        if text_data == "listen":
            self.listens = True
            await self.channel_layer.group_add("bench", self.channel_name)
        else:
            message = {"type": "bench.event", "text": frame(int(text_data[3:]))}
            await self.channel_layer.group_send("bench", message)

    async def bench_event(self, event: dict[str, Any]) -> None:
        await self.send(text_data=event["text"])

    async def disconnect(self, code: int) -> None:
        if self.listens:
            await self.channel_layer.group_discard("bench", self.channel_name)


class Ours:
    """Our sockets, hub and link; each broadcast is a stream entry, unsaved, that the product's `publish` takes: to the
    sockets here at once, and to the other processes through Redis, where this one hears it again.

    With `is_here` False as if it had happened in another process: only through Redis.
    """

    cursor = 0

    def __init__(self, *, is_here: bool = True) -> None:
        self.is_here = is_here

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        hub = the_hub()
        socket = Socket(send, NOBODY)
        while (message := await receive())["type"] == "websocket.receive":
            text = message["text"]
            if text == "listen":
                hub.enter(socket)
                await self.listen(hub, socket)
            elif text.startswith("go "):
                self.broadcast(int(text[3:]))
            elif isinstance(command := protocol.read(text), protocol.Pong):
                socket.answered(command.n)
        socket.gone()
        if channel := hub.channels.get(STREAM):
            channel.listeners.pop(socket, None)
        hub.leave(socket)

    def broadcast(self, number: int) -> None:
        Ours.cursor += 1  # the client numbers from 1 each round; a stream's cursors only grow
        activity = Activity(type="agora.posted", data=told(number))
        entry = StreamEntry(stream_id=STREAM, cursor=Ours.cursor, activity=activity)
        if self.is_here:
            publish([entry])
        else:
            message = {"type": "live.event", "stream": STREAM, "cursor": entry.cursor, "frame": frame_of(entry)}
            outbox.put(group(STREAM), message)

    async def listen(self, hub: Any, socket: Socket) -> None:
        if STREAM not in hub.channels:
            channel = hub.channels[STREAM] = Channel(STREAM)
            channel.start_at(Ours.cursor)
            channel.holders = 1  # the reconciliation with the database is not part of this
            await hub.link.join(STREAM)
        hub.channels[STREAM].listeners[socket] = Subscription(STREAM)


streams.register("bench", may_subscribe=lambda _user, _key: True, present=lambda activity: activity.data, public=True)
WAYS = {"loop": Plain, "ours": Ours, "ours-far": partial(Ours, is_here=False)}
_way = os.environ["BENCH_WAY"]
application = WAYS[_way]() if _way in WAYS else Member.as_asgi()
