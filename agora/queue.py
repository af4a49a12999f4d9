"""What waits for who moderates, and what is known of somebody in a community. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce

from platform_core.base.markup import resolve_references
from platform_core.participation.public import Sanction, spaces_moderated_by

from .domain import is_impartial
from .models import Appeal, Flag, Hiding, Post
from .queries import places_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.safestring import SafeString

    from platform_core.accounts.models import User
    from platform_core.participation.models import Space

MOST = 30
"""Posts and appeals that one page has, the oldest first: those that are dealt with make room for the others."""


@dataclass(frozen=True)
class Case:
    """A post that somebody objects to."""

    post: Post
    html: SafeString
    place: str
    flags: list[Flag]
    hidden_by_itself: bool


@dataclass(frozen=True)
class Plea:
    """Something said against a decision. `html` is what the post says, when it is about one."""

    appeal: Appeal
    html: SafeString | None
    may_answer: bool


@dataclass(frozen=True)
class Waiting:
    cases: list[Case]
    pleas: list[Plea]
    has_more: bool


def waiting_for(viewer: User, space: Space | None = None) -> Waiting:
    """What waits in all the communities that the person moderates, or in one of them. Ten queries at most."""
    posts = list(_posts(viewer, space)[: MOST + 1])
    appeals = list(_appeals(viewer, space)[: MOST + 1])
    has_more = len(posts) > MOST or len(appeals) > MOST
    posts, appeals = posts[:MOST], appeals[:MOST]
    places = places_of({post.author_id for post in posts if post.author_id})
    return Waiting(
        cases=[
            Case(
                post=post,
                html=_as_typed(post),
                place=places.get(post.author_id or 0, ""),
                flags=post.open_flags,  # type: ignore[attr-defined]  # see _posts
                hidden_by_itself=post.hidden_at is not None,
            )
            for post in posts
        ],
        pleas=[
            Plea(one, _as_typed(one.hiding.post) if one.hiding else None, is_impartial(viewer, one)) for one in appeals
        ],
        has_more=has_more,
    )


def count_waiting(viewer: User, space: Space | None = None) -> int:
    """How many posts and appeals wait for the person. Two queries."""
    return _posts(viewer, space).count() + _appeals(viewer, space).count()


def record_of(person: User, space: Space) -> tuple[list[Sanction], list[Hiding], int]:
    """What was decided about somebody in a community, the newest first, and how many of their posts stand in it."""
    sanctions = Sanction.objects.filter(space=space, person=person).select_related("given_by", "lifted_by", "appeal")
    hidings = Hiding.objects.filter(post__author=person, post__topic__space=space).select_related(
        "post__topic__space", "by", "ended_by"
    )
    standing = Post.objects.filter(author=person, topic__space=space, deleted_at=None, hidden_at=None, was_moved=False)
    return list(sanctions[:MOST]), list(hidings[:MOST]), standing.count()


def _posts(viewer: User, space: Space | None) -> QuerySet[Post]:
    """Those with open flags, and those hidden by themselves that nobody has looked at; the longest waiting first."""
    flags = Flag.objects.filter(post=OuterRef("pk"), handled_at=None)
    unseen = Hiding.objects.filter(post=OuterRef("pk"), ended_at=None, is_automatic=True, by=None)
    found = Post.objects.filter(
        Exists(flags) | Exists(unseen), topic__space__in=_spaces(viewer, space), deleted_at=None
    )
    opened = Prefetch("flags", Flag.objects.filter(handled_at=None).select_related("person"), to_attr="open_flags")
    first = flags.order_by("at").values("at")[:1]
    return (
        found.select_related("author", "topic__space")
        .prefetch_related(opened)
        .order_by(Coalesce(Subquery(first), "hidden_at"), "pk")
    )


def _appeals(viewer: User, space: Space | None) -> QuerySet[Appeal]:
    waiting = Appeal.objects.filter(answered_at=None, space__in=_spaces(viewer, space)).filter(
        Q(hiding=None) | Q(hiding__post__was_moved=False)
    )
    return waiting.select_related(
        "space", "person", "hiding__by", "hiding__post__topic__space", "hiding__post__author", "sanction__given_by"
    ).order_by("at", "pk")


def _spaces(viewer: User, space: Space | None) -> QuerySet[Space]:
    moderated = spaces_moderated_by(viewer)
    return moderated.filter(pk=space.pk) if space else moderated


def _as_typed(post: Post) -> SafeString:
    """What a post says. Who is named in it stays as typed: the posts are of many communities, each with its members."""
    return resolve_references(post.html, {})
