"""The topics of a community, by page, from whatever the address says. Reads only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from platform_core.base.keys import moment_and_number

from .models import Bookmark, Follow, FollowLevel, Post, ReadMark, Topic, TopicKind
from .permissions import topics_visible_to
from .queries import READABLE, unread_counts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.db.models import QuerySet

    from platform_core.accounts.roles import Someone
    from platform_core.participation.models import Space

PAGE_SIZE = 25
LONGEST_QUERY = 100

EVERYTHING, UNREAD, UNANSWERED, SOLVED, MINE, FOLLOWED, KEPT = (
    "", "no-llegits", "sense-resposta", "resolts", "meus", "seguits", "desats",
)  # fmt: skip
STATES = {
    EVERYTHING: _("All"),
    UNREAD: _("Not read yet"),
    UNANSWERED: _("Without an answer"),
    SOLVED: _("Answered"),
    MINE: _("Mine"),
    FOLLOWED: _("Followed"),
    KEPT: _("Bookmarked"),
}
OWN = {UNREAD, MINE, FOLLOWED, KEPT}
"""Only for who is signed in."""


@dataclass(frozen=True)
class Asked:
    """What an address asks for; what we do not understand is as if it were not there."""

    state: str = EVERYTHING
    kind: str = ""
    tag: str = ""
    text: str = ""
    after: tuple[str, int] | None = None

    @classmethod
    def of(cls, address: Mapping[str, str]) -> Asked:
        state, kind = address.get("estat", ""), address.get("tipus", "")
        return cls(
            state=state if state in STATES else EVERYTHING,
            kind=kind if kind in TopicKind.values else "",
            tag=_words(address.get("etiqueta", ""))[:50],
            text=_words(address.get("q", ""))[:LONGEST_QUERY],
            after=moment_and_number(address.get("despres", "")),
        )

    @property
    def is_plain(self) -> bool:
        return not (self.state or self.kind or self.tag or self.text)

    def address(self, **changes: object) -> str:
        """The address of the same list with something changed; its first page unless `after` is given."""
        new = replace(self, **{"after": None, **changes})  # type: ignore[arg-type]
        words = {"estat": new.state, "tipus": new.kind, "etiqueta": new.tag, "q": new.text}
        if new.after:
            words["despres"] = f"{new.after[0]}~{new.after[1]}"
        return "?" + urlencode({name: word for name, word in words.items() if word})


@dataclass(frozen=True)
class Row:
    topic: Topic
    unread: int
    is_new: bool
    """Nobody has seen the viewer here yet."""
    is_muted: bool
    address: str
    is_pinned: bool


@dataclass(frozen=True)
class Page:
    pinned: list[Row]
    rows: list[Row]
    next_address: str


def page(viewer: Someone, space: Space, asked: Asked) -> Page:
    """One page, the last that moved first; what is pinned stands above the first. At most five queries."""
    now = timezone.now()
    person_id = viewer.pk if viewer.is_authenticated else None
    of_space = topics_visible_to(viewer).filter(space=space, merged_into=None)
    is_pinned = Q(is_pinned=True) & (Q(pinned_until=None) | Q(pinned_until__gt=now))
    found, pinned = _filtered(of_space, asked, person_id), []
    if asked.is_plain:
        found = found.exclude(is_pinned)
        if asked.after is None:
            pinned = list(_with_people(of_space.filter(is_pinned), person_id).order_by("-last_post_at", "-pk"))
    if asked.after:
        at, pk = asked.after
        found = found.filter(Q(last_post_at__lt=at) | Q(last_post_at=at, pk__lt=pk))
    topics = list(_with_people(found, person_id).order_by("-last_post_at", "-pk")[: PAGE_SIZE + 1])
    more, topics = len(topics) > PAGE_SIZE, topics[:PAGE_SIZE]
    unread = unread_counts(person_id, [topic.pk for topic in (*pinned, *topics)]) if person_id else {}
    for topic in (*pinned, *topics):
        topic.space = space
    following = asked.address(after=(topics[-1].last_post_at.isoformat(), topics[-1].pk)) if more else ""
    return Page(
        [_row(topic, unread, person_id, now) for topic in pinned],
        [_row(topic, unread, person_id, now) for topic in topics],
        following,
    )


def _row(topic: Topic, unread: Mapping[int, int], person_id: int | None, now: datetime) -> Row:
    mark = topic.mark  # type: ignore[attr-defined]  # see _with_people
    waiting = unread.get(topic.pk, 0)
    return Row(
        topic=topic,
        unread=waiting,
        is_new=person_id is not None and mark is None and topic.author_id != person_id,
        is_muted=topic.level == FollowLevel.MUTED,  # type: ignore[attr-defined]
        address=topic.url_of(mark + 1) if waiting and mark else topic.get_absolute_url(),
        is_pinned=topic.is_pinned_at(now),
    )


def _with_people(topics: QuerySet[Topic], person_id: int | None) -> QuerySet[Topic]:
    return (
        topics.select_related("author", "last_author")
        .prefetch_related("tags")
        .annotate(
            mark=Subquery(ReadMark.objects.filter(person=person_id, topic=OuterRef("pk")).values("number")[:1]),
            level=Subquery(Follow.objects.filter(person=person_id, topic=OuterRef("pk")).values("level")[:1]),
        )
    )


def _filtered(topics: QuerySet[Topic], asked: Asked, person_id: int | None) -> QuerySet[Topic]:
    if asked.kind:
        topics = topics.filter(kind=asked.kind)
    if asked.tag:
        topics = topics.filter(tags__slug=asked.tag)
    if asked.text:
        topics = topics.filter(title__icontains=asked.text)
    if asked.state in OWN and person_id is None:
        return topics.none()
    return topics.filter(_in_state(asked.state, person_id)) if asked.state else topics


def _in_state(state: str, person_id: int | None) -> Q:
    mine = {"topic": OuterRef("pk"), "person": person_id}
    mark = ReadMark.objects.filter(person=person_id, topic=OuterRef("topic")).values("number")[:1]
    posts = Post.objects.filter(READABLE, topic=OuterRef("pk")).exclude(author=person_id)
    unread = posts.annotate(mark=Coalesce(Subquery(mark), 0)).filter(number__gt=F("mark"))
    heard = [FollowLevel.WATCHING, FollowLevel.TRACKING]
    return {
        UNREAD: Q(Exists(unread)) & ~Q(Exists(Follow.objects.filter(**mine, level=FollowLevel.MUTED))),
        UNANSWERED: Q(kind=TopicKind.QUESTION, accepted=None, closed_at=None),
        SOLVED: ~Q(accepted=None),
        MINE: Q(author=person_id),
        FOLLOWED: Q(Exists(Follow.objects.filter(**mine, level__in=heard))),
        KEPT: Q(Exists(Bookmark.objects.filter(post__topic=OuterRef("pk"), person=person_id))),
    }[state]


def _words(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())
