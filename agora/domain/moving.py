"""Posts and topics find a better place: split, moved to another community, merged. Links to them go on working."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agora import permissions
from agora.events import PostsSplit, TopicMerged, TopicMoved, TopicOpened, TopicReceived
from agora.models import Follow, MeToo, Picture, Post, Topic, TopicKind
from platform_core.activity.domain import lock_streams, record
from platform_core.base.errors import Refusal
from platform_core.realtime.public import recheck_stream

from .writing import clean_title, locked, log_of, recount, tell

if TYPE_CHECKING:
    from collections.abc import Collection

    from platform_core.accounts.models import User
    from platform_core.participation.models import Space

MOST_SPLIT = 200


def split(*, actor: User, topic: Topic, numbers: Collection[int], title: str) -> Topic:
    """Take some posts into a topic of their own, in the same community; returns it.

    In their place stays a line that leads to where they are now. Raises Refusal when the person does not moderate, the
    first post is among them, or one of them is not there.
    """
    title = clean_title(title)
    with transaction.atomic():
        topic = locked(topic)
        _guard(actor, topic)
        leaving = _leaving(topic, numbers)
        kind = topic.kind if topic.kind != TopicKind.POLL else TopicKind.DISCUSSION
        first = leaving[0]
        made = Topic(space=topic.space, kind=kind, title=title, author=first.author, created_at=first.created_at)
        made.save(force_insert=True)
        stubs = []
        for number, post in enumerate(leaving, 1):
            stubs.append(
                Post(topic=topic, number=post.number, author=post.author, created_at=post.created_at,
                     was_moved=True, moved_to=post)
            )  # fmt: skip
            post.topic, post.number = made, number
        Post.objects.bulk_update(leaving, ["topic", "number"])
        Post.objects.bulk_create(stubs)
        if topic.accepted_id in {post.pk for post in leaving}:
            topic.accepted = topic.accepted_by = None
            topic.save(update_fields=["accepted", "accepted_by"])
        recount(topic)
        recount(made)
        lock_streams([f"topic:{topic.pk}", f"topic:{made.pk}", f"space:{topic.space_id}", log_of(topic)])
        opened = TopicOpened(kind=TopicKind(kind), space_id=topic.space_id, post_id=first.pk, mentioned=[])
        tell(made, opened, actor=actor)
        tell(
            topic,
            PostsSplit(into_id=made.pk, numbers=[stub.number for stub in stubs]),
            actor=actor,
            also=[log_of(topic)],
        )
    return made


def _leaving(topic: Topic, numbers: Collection[int]) -> list[Post]:
    wanted = set(numbers)
    if not wanted or len(wanted) > MOST_SPLIT:
        raise Refusal(_("Choose from 1 to %(most)s posts.") % {"most": MOST_SPLIT}, field="numbers")
    if 1 in wanted:
        raise Refusal(_("The first post stays: move or merge the whole topic instead."), field="numbers")
    posts = Post.objects.select_for_update(of=("self",)).filter(topic=topic, number__in=wanted, was_moved=False)
    found = list(posts.select_related("author").order_by("number"))
    if len(found) != len(wanted):
        raise Refusal(_("Some of these posts are not here any more."), field="numbers")
    if not any(post.is_readable for post in found):
        raise Refusal(_("There is nothing to read in these posts."), field="numbers")
    return found


def move(*, actor: User, topic: Topic, space: Space) -> Topic:
    """Take a topic to another community. Raises Refusal when the person does not moderate both."""
    with transaction.atomic():
        topic = locked(topic)
        _guard(actor, topic)
        before = topic.space_id
        if before == space.pk:
            return topic
        if not permissions.can_open(actor, space, TopicKind.ANNOUNCEMENT):
            raise Refusal(_("You can only move it to a community that you moderate."), field="space")
        topic.space = space
        topic.is_pinned, topic.pinned_until = False, None
        topic.save(update_fields=["space", "is_pinned", "pinned_until"])
        Picture.objects.filter(post__topic=topic).update(space=space)
        event = TopicMoved(before_id=before, after_id=space.pk)
        tell(topic, event, actor=actor, also=[f"space:{before}", f"moderation:{before}", log_of(topic)])
        recheck_stream(f"topic:{topic.pk}")
    return topic


def merge(*, actor: User, topic: Topic, into: Topic) -> Topic:
    """Put all posts of a topic behind those of another one; returns that. The first one only leads there from now on.

    Who followed, kept or had the question of the first goes on with the second. Raises Refusal when the person does not
    moderate both, or one of them has been merged already.
    """
    if topic.pk == into.pk:
        raise Refusal(_("Choose another topic."), field="into")
    with transaction.atomic():
        for pk in sorted({topic.pk, into.pk}):  # always in the same order
            locked(pk)
        topic, into = locked(topic), locked(into)
        _guard(actor, topic)
        _guard(actor, into)
        if TopicKind.POLL in (topic.kind, into.kind):
            raise Refusal(_("A poll cannot be merged: its answers belong to its question."), field="into")
        offset = into.last_number
        Post.objects.filter(topic=topic).update(topic=into, number=F("number") + offset)
        Picture.objects.filter(post__topic=into).exclude(space=into.space_id).update(space=into.space_id)
        _take_along(topic, into)
        topic.merged_into, topic.merged_offset = into, offset
        topic.closed_at = topic.closed_at or timezone.now()
        topic.accepted = topic.accepted_by = None
        topic.is_pinned, topic.pinned_until, topic.post_count = False, None, 0
        topic.save()
        recount(into)
        streams = {f"{kind}:{pk}" for one in (topic, into) for kind, pk in (("topic", one.pk), ("space", one.space_id))}
        lock_streams({*streams, log_of(topic)})
        tell(topic, TopicMerged(into_id=into.pk, offset=offset), actor=actor, also=[log_of(topic)])
        event = TopicReceived(from_id=topic.pk, posts=into.post_count)
        record(event, actor=actor, subject=into, streams=[f"topic:{into.pk}", f"space:{into.space_id}"])
    return into


def _take_along(topic: Topic, into: Topic) -> None:
    """Followers and those with the same question; whoever has said something of the second keeps that."""
    already = Follow.objects.filter(topic=into).values("person")
    Follow.objects.filter(topic=topic).exclude(person__in=already).update(topic=into)
    if into.is_question:
        said = MeToo.objects.filter(topic=into).values("person")
        MeToo.objects.filter(topic=topic).exclude(person__in=said).exclude(person=into.author_id).update(topic=into)
        into.me_too_count = MeToo.objects.filter(topic=into).count()
        into.save(update_fields=["me_too_count"])


def _guard(actor: User, topic: Topic) -> None:
    if topic.merged_into_id or not permissions.can_manage(actor, topic):
        raise Refusal(_("Only who moderates the community can do this."))
