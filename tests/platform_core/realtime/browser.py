"""A browser's side of `/ws/`, for tests: a real WebSocket with a session's cookie."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

LONG = 20.0
"""Seconds to wait for what must come; it only matters when a test fails."""


class Browser:
    def __init__(self, port: int, cookie: str, *, origin: str | None = None) -> None:
        host = f"127.0.0.1:{port}"
        headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"} if cookie else {}
        self.connection: ClientConnection = connect(
            f"ws://{host}/ws/",
            origin=origin if origin is not None else f"http://{host}",
            additional_headers=headers,
            proxy=None,
            close_timeout=0.2,  # frames that the test leaves unread delay it
            legacy=True,
        )

    def tell(self, **frame: Any) -> None:
        self.connection.send(json.dumps(frame))

    def hear(self) -> dict[str, Any]:
        """The next frame; the server's `ping` is answered on the way, and news of the link passed over."""
        while True:
            frame = json.loads(self.connection.recv(timeout=LONG))
            if frame["op"] == "ping":
                self.tell(op="pong", n=frame["n"])
            elif frame["op"] != "state":
                return frame

    def hear_state(self) -> bool:
        """The next news of the link; other frames are passed over."""
        while True:
            frame = json.loads(self.connection.recv(timeout=LONG))
            if frame["op"] == "state":
                return frame["live"]

    def follow(self, stream: str, since: int | None = None) -> int:
        self.tell(op="subscribe", stream=stream, since=since)
        answer = self.hear()
        assert answer["op"] == "subscribed", answer
        return answer["cursor"]

    def numbers(self, count: int) -> list[int]:
        """The numbers of the next events."""
        return [self.hear()["data"]["number"] for _ in range(count)]

    def hears_nothing(self) -> bool:
        """Whether nothing had been sent before the answer to a ping."""
        self.tell(op="ping")
        return self.hear() == {"op": "pong"}

    def closing_code(self) -> int:
        try:
            while True:
                self.connection.recv(timeout=LONG)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006

    def close(self) -> None:
        self.connection.close()


def session_of(user: Any) -> str:
    """Sign a person in; the session's key."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.session.session_key
