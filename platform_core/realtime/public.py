"""What the other apps may call: declare a kind of stream, and tell when rights change. From any thread or process.

Everything takes effect when the transaction commits, in every process at once.
"""

from __future__ import annotations

from functools import partial

from django.db import transaction

from .publishing import order
from .sessions import digest
from .streams import Kind, register

__all__ = [
    "Kind",
    "close_session",
    "close_sockets",
    "recheck",
    "recheck_everybody",
    "recheck_stream",
    "register",
    "revoke",
]


def revoke(*, stream: str, user_id: int) -> None:
    """End a person's subscriptions to a stream, without asking its permission predicate."""
    transaction.on_commit(partial(order, {"do": "revoke", "user": user_id, "stream": stream}), robust=True)


def recheck(user_id: int) -> None:
    """Ask the permission of each of a person's subscriptions again; nothing reaches them before the answer."""
    transaction.on_commit(partial(order, {"do": "recheck", "user": user_id}), robust=True)


def recheck_stream(stream: str) -> None:
    """The same of all who follow one stream: for a thing that goes where not all of them may see it."""
    transaction.on_commit(partial(order, {"do": "recheck", "stream": stream}), robust=True)


def recheck_everybody() -> None:
    """The same of all, visitors too: for what changes who may see a thing at all."""
    transaction.on_commit(partial(order, {"do": "recheck"}), robust=True)


def close_sockets(user_id: int) -> None:
    """Close a person's sockets. The browsers connect again, and the handshake decides who may."""
    transaction.on_commit(partial(order, {"do": "close", "user": user_id}), robust=True)


def close_session(session_key: str) -> None:
    """Close the sockets that one session opened; as `close_sockets`."""
    transaction.on_commit(partial(order, {"do": "close", "session": digest(session_key)}), robust=True)
