"""The kinds of stream that a browser may follow: who may, and what of an event is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from platform_core.accounts.models import User
    from platform_core.activity.models import Activity

NAME = re.compile(r"[a-z][a-z_]{0,29}(:[A-Za-z0-9_-]{1,60})?", re.ASCII)
"""A kind alone ("desk") or with a key ("topic:42")."""

Permission = Callable[["User | None", str], bool]
Typist = Callable[["User", str], "str | None"]
Presentation = Callable[["Activity"], "dict[str, Any] | None"]


@dataclass(frozen=True)
class Kind:
    name: str
    may_subscribe: Permission
    present: Presentation
    public: bool
    typist: Typist | None = None


_kinds: dict[str, Kind] = {}


def register(
    kind: str, *, may_subscribe: Permission, present: Presentation, public: bool = False, typist: Typist | None = None
) -> None:
    """Declare a kind of stream; in `AppConfig.ready`.

    `may_subscribe(user, key)` runs in a thread with the database, at each subscription and each recheck. `user` is
    None for somebody who has not signed in, which only happens for a `public` kind. `present(activity)` gives the
    `data` that everyone who follows the stream may see, or None to tell nothing of that event; nothing else leaves.
    With a `typist`, those who follow the stream are told how many they are and who is writing:
    `typist(user, key)` gives the name under which a person is seen to write, None when they may not.
    Raises ValueError when the kind is malformed or declared by somebody else.
    """
    if not NAME.fullmatch(kind) or ":" in kind:
        raise ValueError(f"{kind!r} is not a kind of stream")
    declared = Kind(kind, may_subscribe, present, public, typist)
    if _kinds.setdefault(kind, declared) != declared:
        raise ValueError(f"The stream kind {kind} is declared twice.")


def find(stream: str) -> tuple[Kind, str] | None:
    """The kind and the key of a stream, or None when nobody declared it."""
    name, _colon, key = stream.partition(":")
    kind = _kinds.get(name)
    return (kind, key) if kind else None


def any_public() -> bool:
    return any(kind.public for kind in _kinds.values())


def is_own(user: User | None, key: str) -> bool:
    """`user:<id>`: each person their own."""
    return user is not None and key == str(user.pk)


def what_and_about(activity: Activity) -> dict[str, Any]:
    """What `user:<id>` tells: the subject's kind and id. The page asks the server for the rest, as that person."""
    return {"subject": f"{activity.subject_type}:{activity.subject_id}", "at": activity.at.isoformat()}
