"""What people write in a topic, write again, and take away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agora import permissions
from agora.events import AnswerUnaccepted, PostDeleted, Posted, PostEdited, PostRestored
from agora.models import Follow, FollowLevel, Post, PostRevision
from platform_core.base.errors import Refusal
from platform_core.realtime.public import recheck_stream

from . import limits
from .own import forget_draft
from .writing import (
    Changed,
    clean_text,
    keep_pictures,
    locked,
    locked_post,
    logged,
    mentioned_in,
    recount,
    render,
    tell,
    to_people,
    write_post,
)

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from agora.models import Topic
    from platform_core.accounts.models import User
    from platform_core.activity.events import Event

LONGEST_REASON = 200


def post(
    *,
    actor: User | None,
    author: User | None = None,
    topic: Topic,
    text: str,
    reply_to: Post | None = None,
    submission: UUID | None = None,
    at: datetime | None = None,
) -> Post:
    """Write in a topic, under its next number. Who writes follows the topic from then on.

    `actor` is None when a command does it, and `author` is then whose words they are. `submission` is the number of the
    form: sent twice, it gives the same post. `at` is when it happened, for imports; now when None.
    Raises Refusal when the person may not, the topic is closed, or the text will not do.
    """
    author = actor or author
    text = clean_text(text)
    if submission and (known := _posted_before(submission, author)):
        return known
    try:
        with transaction.atomic():
            topic = locked(topic)
            if actor is not None and not permissions.can_post(actor, topic):
                raise Refusal(_closed_or_not(topic))
            if reply_to is not None and (reply_to.topic_id != topic.pk or not reply_to.is_readable):
                reply_to = None  # it went away while the answer was written; the words stand without it
            limits.guard(actor, topic.space, text=text, html=render(text), opens_topic=False)
            written = write_post(
                topic, author=author, text=text, at=at or timezone.now(), reply_to=reply_to, submission=submission
            )
            if author is not None:
                Follow.objects.get_or_create(person=author, topic=topic, defaults={"level": FollowLevel.TRACKING})
                forget_draft(person=author, key=f"topic:{topic.pk}")
            named = mentioned_in(topic, written.html, by=author)
            event = Posted(
                post_id=written.pk, number=written.number, reply_to_id=reply_to.pk if reply_to else None,
                mentioned=named, posts=topic.post_count,
            )  # fmt: skip
            tell(topic, event, actor=author, also=to_people([*named, *_answered(reply_to, topic=topic, by=author)]))
    except IntegrityError:
        # The same form arrived twice, and the other one was first.
        if submission and (known := _posted_before(submission, author)):
            return known
        raise
    return written


def _answered(reply_to: Post | None, *, topic: Topic, by: User | None) -> list[int]:
    """Who is told that somebody answers them: not who may no longer read it, nor who wants to hear nothing of it."""
    person = reply_to.author if reply_to is not None else None
    if person is None or person == by or not permissions.can_read(person, topic):
        return []
    is_muted = Follow.objects.filter(topic=topic, person=person, level=FollowLevel.MUTED).exists()
    return [] if is_muted else [person.pk]


def edit_post(*, actor: User, post: Post, text: str, reason: str = "", expected_version: int | None = None) -> Post:
    """Write a post again; what it said before stays in its history.

    Raises Changed (a Refusal) when it is newer than `expected_version`, and Refusal when the person may not.
    """
    text = clean_text(text)
    with transaction.atomic():
        topic, post = locked_post(post)
        if not permissions.can_edit(actor, post):
            raise Refusal(_("You cannot change this post any more."))
        if expected_version is not None and post.version > expected_version:
            raise Changed(post)
        if post.text == text:
            return post
        html = render(text)
        limits.guard_edit(actor, topic.space, html=html)
        known = set(mentioned_in(topic, post.html, by=post.author))
        PostRevision.objects.create(
            post=post, version=post.version, text=post.text, by=actor, reason=" ".join(reason.split())[:LONGEST_REASON]
        )
        post.text, post.html, post.version, post.edited_at = text, html, post.version + 1, timezone.now()
        post.save(update_fields=["text", "html", "version", "edited_at"])
        keep_pictures(post)
        named = [pk for pk in mentioned_in(topic, post.html, by=post.author) if pk not in known]
        event = PostEdited(post_id=post.pk, number=post.number, version=post.version, mentioned=named)
        by_other = logged(topic, actor=actor, author_id=post.author_id)
        tell(topic, event, actor=actor, also=[*to_people(named), *by_other])
    return post


def delete_post(*, actor: User, post: Post) -> Post:
    """Take a post away: its number stays, its words are there for who moderates until retention ends.

    The first post goes with the whole topic, and only while nobody has answered or when who moderates does it.
    Raises Refusal when the person may not.
    """
    with transaction.atomic():
        topic, post = locked_post(post)
        if not permissions.can_delete(actor, post):
            raise Refusal(_("You cannot delete this post."))
        if post.number == 1 and topic.post_count > 1:
            raise Refusal(_("The others have answered: close the topic instead, or ask who moderates."))
        post.deleted_at, post.deleted_by = timezone.now(), actor
        post.save(update_fields=["deleted_at", "deleted_by"])
        events: list[Event] = []
        if topic.accepted_id == post.pk:
            topic.accepted = topic.accepted_by = None
            topic.save(update_fields=["accepted", "accepted_by"])
            events.append(AnswerUnaccepted(post_id=post.pk, number=post.number))
        if post.number == 1:
            topic.hidden_at = post.deleted_at
            topic.save(update_fields=["hidden_at"])
            recheck_stream(f"topic:{topic.pk}")
        recount(topic)
        events.append(PostDeleted(post_id=post.pk, number=post.number, posts=topic.post_count))
        tell(topic, *events, actor=actor, also=logged(topic, actor=actor, author_id=post.author_id))
    return post


def restore_post(*, actor: User, post: Post) -> Post:
    """Put a deleted post back. Raises Refusal when the person may not."""
    with transaction.atomic():
        topic, post = locked_post(post)
        if not permissions.can_restore(actor, post):
            raise Refusal(_("You cannot put this post back."))
        if post.emptied_at is not None:
            raise Refusal(_("Its words are gone: the time that we keep what was taken away is over."))
        if post.number == 1 and topic.hidden_at == post.deleted_at:
            topic.hidden_at = None
            topic.save(update_fields=["hidden_at"])
        post.deleted_at = post.deleted_by = None
        post.save(update_fields=["deleted_at", "deleted_by"])
        recount(topic)
        event = PostRestored(post_id=post.pk, number=post.number, posts=topic.post_count)
        tell(topic, event, actor=actor, also=logged(topic, actor=actor, author_id=post.author_id))
    return post


def render_again(post: Post) -> bool:
    """Write `html` anew, as the renderer of today makes it; whether it changed. For `manage.py render_posts`."""
    html = render(post.text) if post.text else ""
    if html == post.html:
        return False
    # Only if nobody edits it meanwhile: the edit renders it itself.
    Post.objects.filter(pk=post.pk, version=post.version).update(html=html)
    return True


def _posted_before(submission: UUID, author: User | None) -> Post | None:
    """Only of the same person: a number says nothing of anybody else's post."""
    return Post.objects.select_related("topic__space").filter(submission=submission, author=author).first()


def _closed_or_not(topic: Topic) -> str:
    if topic.is_closed:
        return _("This topic is closed: open another one if there is more to say.")
    return _("You cannot write here: only who takes part in the community can.")
