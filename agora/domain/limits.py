"""How much a person may write at once. It rises with what they have written that stands, and falls when they had to be
told. Who moderates a community has no limits in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agora.models import Flag, Post
from platform_core.base.errors import Refusal
from platform_core.base.markup import references_in
from platform_core.participation.public import Sanction, can_moderate

if TYPE_CHECKING:
    from platform_core.accounts.models import User
    from platform_core.participation.models import Space

A_WHILE, A_DAY = timedelta(minutes=10), timedelta(days=1)
REMEMBERED = timedelta(days=60)
"""How long somebody who had to be told writes as if they were new."""
LOOKED_AT = 400
"""The latest posts of a person that are looked at; more than anybody may write in a day."""
SAME_WORDS = 40
"""Characters from which the same words twice in a day are a mistake or a flood, and not just thanks."""
LINK = re.compile(r'href="(https?://[^"]*)"')


class Trust(IntEnum):
    NEW, KNOWN, TRUSTED = range(3)


@dataclass(frozen=True, kw_only=True)
class Limits:
    posts_in_a_while: int
    posts_a_day: int
    topics_a_day: int
    links: int
    mentions: int


LIMITS = {
    Trust.NEW: Limits(posts_in_a_while=5, posts_a_day=20, topics_a_day=3, links=3, mentions=3),
    Trust.KNOWN: Limits(posts_in_a_while=15, posts_a_day=100, topics_a_day=10, links=10, mentions=10),
    Trust.TRUSTED: Limits(posts_in_a_while=30, posts_a_day=300, topics_a_day=30, links=30, mentions=20),
}
KNOWN_FROM, TRUSTED_FROM = (3, timedelta(days=1)), (30, timedelta(days=60))
"""Posts that stand, and the time since the first one."""


@dataclass(frozen=True)
class _Written:
    """What a person has written lately."""

    in_a_while: int
    today: int
    topics_today: int
    same: int
    standing: int
    first: datetime | None
    first_in_a_while: datetime | None


def trust_of(person: User) -> Trust:
    """How far a person has shown that they know how one writes here. At most three queries."""
    return _trust(person, _written(person, ""))


def guard(person: User | None, space: Space, *, text: str, html: str, opens_topic: bool) -> None:
    """Raises Refusal when the person has written too much, the same twice, or with too many links or names. None is a
    command, and may.

    Two posts at the very same instant may both pass: it is a dam against floods, not an account.
    """
    if person is None or can_moderate(person, space):
        return
    written = _written(person, text)
    limits = LIMITS[_trust(person, written)]
    if written.same:
        raise Refusal(_("You have just published exactly this: there is no need to say it twice."), field="text")
    if written.in_a_while >= limits.posts_in_a_while and written.first_in_a_while:
        again = timezone.localtime(written.first_in_a_while + A_WHILE)
        raise Refusal(
            _("You have written %(count)s posts in ten minutes. You can publish this one from %(hour)s on; it is kept.")
            % {"count": written.in_a_while, "hour": f"{again.hour}.{again.minute:02} h"}
        )
    if written.today >= limits.posts_a_day:
        raise Refusal(_("You have written %(count)s posts in a day. Go on tomorrow.") % {"count": written.today})
    if opens_topic and written.topics_today >= limits.topics_a_day:
        raise Refusal(
            _("You have opened %(count)s topics in a day. Go on tomorrow, or write in one that is open.")
            % {"count": written.topics_today}
        )
    _guard_words(html, limits)


def guard_edit(person: User, space: Space, *, html: str) -> None:
    """As `guard`, of a post that is written again: links and names."""
    if not can_moderate(person, space):
        _guard_words(html, LIMITS[trust_of(person)])


def _guard_words(html: str, limits: Limits) -> None:
    links = sum(not link.startswith(settings.WAGTAILADMIN_BASE_URL) for link in LINK.findall(html))
    if links > limits.links:
        raise Refusal(
            _("There are %(count)s links, and you can put %(most)s by now. Leave the most useful ones.")
            % {"count": links, "most": limits.links},
            field="text",
        )
    named = len({one for one in references_in(html) if one.startswith("@")})
    if named > limits.mentions:
        raise Refusal(
            _("You name %(count)s people, and can name %(most)s in a post. The whole community reads it anyway.")
            % {"count": named, "most": limits.mentions},
            field="text",
        )


def _written(person: User, text: str) -> _Written:
    now = timezone.now()
    in_a_while, today = Q(created_at__gt=now - A_WHILE), Q(created_at__gt=now - A_DAY)
    same = today & Q(text=text, deleted_at=None) if len(text) >= SAME_WORDS else Q(pk=None)
    latest = Post.objects.filter(author=person, was_moved=False).order_by("-created_at")[:LOOKED_AT]
    found = latest.aggregate(
        in_a_while=Count("pk", filter=in_a_while),
        today=Count("pk", filter=today),
        topics_today=Count("pk", filter=today & Q(number=1)),
        same=Count("pk", filter=same),
        standing=Count("pk", filter=Q(deleted_at=None, hidden_at=None)),
        first=Min("created_at"),
        first_in_a_while=Min("created_at", filter=in_a_while),
    )
    return _Written(**found)


def _trust(person: User, written: _Written) -> Trust:
    if written.first is None or _was_told(person):
        return Trust.NEW
    since = timezone.now() - written.first
    for trust, (posts, time) in ((Trust.TRUSTED, TRUSTED_FROM), (Trust.KNOWN, KNOWN_FROM)):
        if written.standing >= posts and since >= time:
            return trust
    return Trust.NEW


def _was_told(person: User) -> bool:
    lately = timezone.now() - REMEMBERED
    if Flag.objects.filter(post__author=person, is_upheld=True, handled_at__gt=lately).exists():
        return True
    return Sanction.objects.filter(person=person, lifted_at=None, given_at__gt=lately).exists()
