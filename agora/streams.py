"""What a browser may follow: `topic:<id>`, one topic; `space:<id>`, the list of topics of a community;
`moderation:<id>`, what waits for who moderates it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser

from platform_core.participation.public import spaces_entered_by, spaces_moderated_by
from platform_core.realtime.public import register

from .events import Posted
from .permissions import can_post, topics_visible_to
from .templatetags.agora import called

if TYPE_CHECKING:
    from platform_core.accounts.models import User
    from platform_core.activity.models import Activity

LONGEST_ID = 18  # digits: fits a 64-bit id
TOLD = ("number", "posts", "kind", "count", "score", "votes", "voters", "into_id", "offset")
"""The fields of events that everyone who follows a stream may see: numbers and counts."""


def declare() -> None:
    register("topic", may_subscribe=_may_read, present=present, typist=_typist)
    register("space", may_subscribe=_may_enter, present=present)
    register("moderation", may_subscribe=_may_moderate, present=present)


def _may_read(user: User | None, key: str) -> bool:
    return _is_id(key) and topics_visible_to(user or AnonymousUser()).filter(pk=int(key)).exists()


def _typist(user: User, key: str) -> str | None:
    """The name that others see: only of who may write in the topic."""
    topic = topics_visible_to(user).select_related("space").filter(pk=int(key)).first() if _is_id(key) else None
    return called(user) if topic is not None and can_post(user, topic) else None


def _may_enter(user: User | None, key: str) -> bool:
    return _is_id(key) and spaces_entered_by(user or AnonymousUser()).filter(pk=int(key)).exists()


def _may_moderate(user: User | None, key: str) -> bool:
    return _is_id(key) and spaces_moderated_by(user or AnonymousUser()).filter(pk=int(key)).exists()


def _is_id(key: str) -> bool:
    return key.isascii() and key.isdigit() and len(key) <= LONGEST_ID


def present(activity: Activity) -> dict[str, Any]:
    """Which post and how many there are now; never what was written: the page asks for that, as its person."""
    event = activity.event
    told: dict[str, Any] = {"subject": f"{activity.subject_type}:{activity.subject_id}", "at": activity.at.isoformat()}
    told |= {name: getattr(event, name) for name in TOLD if hasattr(event, name)}
    if isinstance(event, Posted):
        told["by"] = activity.actor_id
    return told
