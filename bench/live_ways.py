"""The same broadcast done in several ways, each behind the same protocol, for bench.live.

A socket at `/ws/` that subscribes to the topic hears every broadcast, and that it has subscribed. A socket at `/go/`
that says N has broadcast N sent to them. A broadcast is the frame of a post, N its number, and carries the moment at
which it was asked for.
"""

from __future__ import annotations

import os
from functools import partial
from typing import Any

import django

django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.layers import get_channel_layer  # noqa: E402
from django.utils import timezone  # noqa: E402

from agora.events import Posted  # noqa: E402
from platform_core.activity.events import encode  # noqa: E402
from platform_core.activity.models import Activity, StreamEntry  # noqa: E402
from platform_core.realtime import protocol  # noqa: E402
from platform_core.realtime.channel import Channel  # noqa: E402
from platform_core.realtime.consumer import application as ours  # noqa: E402
from platform_core.realtime.consumer import the_hub  # noqa: E402
from platform_core.realtime.link import group  # noqa: E402
from platform_core.realtime.publishing import outbox, publish  # noqa: E402
from platform_core.realtime.reading import frame_of  # noqa: E402

STREAM = os.environ["BENCH_STREAM"]
SUBSCRIBED = protocol.encode(op="subscribed", stream=STREAM, cursor=0)


def entry(number: int, *, cursor: int) -> StreamEntry:
    """A post that nobody has written: the database is not measured."""
    event = Posted(post_id=number, number=number, reply_to_id=None, mentioned=[], posts=number)
    activity = Activity(
        type=event.event_name, version=event.event_version, at=timezone.now(), actor_id=1,
        subject_type="agora.topic", subject_id=STREAM.partition(":")[2], data=encode(event),
    )  # fmt: skip
    return StreamEntry(stream_id=STREAM, cursor=cursor, activity=activity)


def is_subscription(message: dict[str, Any]) -> bool:
    return '"subscribe"' in (message.get("text") or "")


class Plain:
    """The least that a server can do: one task that awaits `send` for each socket in turn."""

    sends: list[Any] = []

    async def __call__(self, _scope: dict[str, Any], receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            if is_subscription(message):
                self.sends.append(send)
                await send({"type": "websocket.send", "text": SUBSCRIBED})
        if send in self.sends:
            self.sends.remove(send)

    async def broadcast(self, number: int) -> None:
        text = frame_of(entry(number, cursor=number))
        for one in list(self.sends):
            await one({"type": "websocket.send", "text": text})


class Member(AsyncWebsocketConsumer):
    """Channels as its tutorial has it: every socket is a member of the group."""

    listens = False

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if is_subscription({"text": text_data}):
            self.listens = True
            await self.channel_layer.group_add("bench", self.channel_name)
            await self.send(text_data=SUBSCRIBED)

    async def bench_event(self, event: dict[str, Any]) -> None:
        await self.send(text_data=event["text"])

    async def disconnect(self, code: int) -> None:
        if self.listens:
            await self.channel_layer.group_discard("bench", self.channel_name)


async def to_group(number: int) -> None:
    text = frame_of(entry(number, cursor=number))
    await get_channel_layer().group_send("bench", {"type": "bench.event", "text": text})


class Ours:
    """What the product does with a post that has been committed: to the sockets here at once, and to the other
    processes through Redis, where this one hears it again.

    With `is_here` False as if it had been written in another process: only through Redis.
    """

    def __init__(self, *, is_here: bool) -> None:
        self.is_here = is_here
        self.channel: Channel | None = None
        self.cursor = 0

    async def broadcast(self, number: int) -> None:
        if (channel := the_hub().channels[STREAM]) is not self.channel:
            self.channel, self.cursor = channel, channel.cursor  # another round: it has begun from the database again
        self.cursor += 1
        written = entry(number, cursor=self.cursor)
        if self.is_here:
            publish([written])
        else:
            message = {"type": "live.event", "stream": STREAM, "cursor": written.cursor, "frame": frame_of(written)}
            outbox.put(group(STREAM), message)


async def conduct(broadcast: Any, receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await broadcast(int(message["text"]))


def way(name: str) -> tuple[Any, Any]:
    """What serves the readers, and what broadcasts."""
    if name == "loop":
        plain = Plain()
        return plain, plain.broadcast
    if name in ("ours", "ours-far"):
        return ours, Ours(is_here=name == "ours").broadcast
    return Member.as_asgi(), to_group


serve, broadcast = way(os.environ["BENCH_WAY"])


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    await (partial(conduct, broadcast) if scope["path"] == "/go/" else partial(serve, scope))(receive, send)
