"""How many pages are answered at once over ASGI, where each has a thread and a database connection of its own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Application = Callable[[Any, Any, Any], Awaitable[None]]

MOST = 32
"""Far below the connections that a PostgreSQL takes (100 unless told otherwise); more would not be faster either."""


class AtOnce:
    """Whoever comes while `most` are being answered waits for their turn, in order, and is lost no more."""

    def __init__(self, application: Application, *, most: int = MOST) -> None:
        self._application, self._most = application, most
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        turn = self._turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(self._most))
        async with turn:
            await self._application(scope, receive, send)
