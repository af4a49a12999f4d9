"""A topic begins, changes its head, is answered, ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from agora import permissions
from agora.events import (
    AnswerAccepted,
    AnswerUnaccepted,
    TopicChanged,
    TopicClosed,
    TopicOpened,
    TopicPinned,
    TopicReopened,
)
from agora.models import Follow, FollowLevel, Poll, PollOption, Post, Tag, Topic, TopicKind
from agora.models.polls import LONGEST_OPTION
from platform_core.base.errors import Refusal
from platform_core.base.markup import tame

from . import limits
from .own import forget_draft
from .writing import (
    clean_text,
    clean_title,
    locked,
    locked_post,
    log_of,
    logged,
    mentioned_in,
    render,
    tell,
    to_people,
    write_post,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from platform_core.accounts.models import User
    from platform_core.participation.models import Space

MOST_TAGS = 5
LONGEST_TAG = 40
FEWEST_OPTIONS, MOST_OPTIONS = 2, 10


def open_topic(
    *,
    actor: User | None,
    author: User | None,
    space: Space,
    kind: TopicKind,
    title: str,
    text: str,
    tags: Sequence[str] = (),
    options: Sequence[str] = (),
    is_multiple: bool = False,
    closes_at: datetime | None = None,
    submission: UUID | None = None,
    at: datetime | None = None,
) -> Topic:
    """Open a topic with its first post. `options` are those of a poll, which may close at `closes_at`.

    `actor` is None when a command does it. `submission` is the number of the form: sent twice, it gives the same topic.
    `at` is when it happened, for imports; now when None. Raises Refusal when the person may not or a text will not do.
    """
    if actor is not None and (author != actor or not permissions.can_open(actor, space, kind)):
        raise Refusal(_("You cannot open this here: only who takes part in the community can."))
    title, text, words = clean_title(title), clean_text(text), clean_tags(tags)
    choices = _clean_options(options, kind=kind)
    at = at or timezone.now()
    if kind == TopicKind.POLL and closes_at is not None and closes_at <= at:
        raise Refusal(_("Choose a moment that is still to come."), field="closes_at")
    if submission and (known := _opened_before(submission, author)):
        return known
    limits.guard(actor, space, text=text, html=render(text), opens_topic=True)
    try:
        with transaction.atomic():
            topic = Topic(
                space=space, kind=kind, title=title, author=author, created_at=at, last_post_at=at,
                submission=submission,
            )  # fmt: skip
            topic.save(force_insert=True)
            topic.tags.set(_tags(words))
            if choices:
                poll = Poll.objects.create(topic=topic, is_multiple=is_multiple, closes_at=closes_at)
                PollOption.objects.bulk_create(
                    PollOption(poll=poll, position=place, text=choice) for place, choice in enumerate(choices, 1)
                )
            post = write_post(topic, author=author, text=text, at=at)
            if author is not None:
                Follow.objects.create(person=author, topic=topic, level=FollowLevel.WATCHING)
                forget_draft(person=author, key=f"space:{space.pk}")
            named = mentioned_in(topic, post.html, by=author)
            event = TopicOpened(kind=TopicKind(kind), space_id=space.pk, post_id=post.pk, mentioned=named)
            tell(topic, event, actor=actor, also=to_people(named))
    except IntegrityError:
        # The same form arrived twice, and the other one was first.
        if submission and (known := _opened_before(submission, author)):
            return known
        raise
    return topic


def change_topic(
    *, actor: User, topic: Topic, title: str, kind: TopicKind, tags: Sequence[str], expected_version: int | None = None
) -> Topic:
    """Another title, kind or tags. Raises Refusal when the person may not, or somebody else changed it meanwhile."""
    title, words = clean_title(title), clean_tags(tags)
    with transaction.atomic():
        topic = locked(topic)
        if not permissions.can_rename(actor, topic):
            raise Refusal(_("You cannot change this topic."))
        if expected_version is not None and topic.version > expected_version:
            raise Refusal(_("Somebody has changed this topic meanwhile. Look at it, and change it again if need be."))
        _guard_kind(actor, topic, kind)
        before = set(topic.tags.values_list("name", flat=True))
        fields = [name for name, is_new in (("title", topic.title != title), ("kind", topic.kind != kind)) if is_new]
        if before != set(words):
            topic.tags.set(_tags(words))
            fields.append("tags")
        if not fields:
            return topic
        topic.title, topic.kind, topic.version = title, kind, topic.version + 1
        if not topic.is_question:
            topic.accepted = topic.accepted_by = None
        topic.save(update_fields=["title", "kind", "version", "accepted", "accepted_by"])
        event = TopicChanged(fields=sorted(fields))
        tell(topic, event, actor=actor, also=logged(topic, actor=actor, author_id=topic.author_id))
    return topic


def _guard_kind(actor: User, topic: Topic, kind: TopicKind) -> None:
    if kind == topic.kind:
        return
    if TopicKind.POLL in (kind, topic.kind):
        raise Refusal(_("A poll stays a poll, and nothing else becomes one: open another topic."), field="kind")
    if not permissions.can_open(actor, topic.space, kind):
        raise Refusal(_("Announcements are for who moderates the community."), field="kind")


def accept_answer(*, actor: User, post: Post) -> Topic:
    """Say that a post is the answer to the question. Another one that was it no longer is.

    Raises Refusal when the person neither asked nor moderates, or the post is no answer.
    """
    with transaction.atomic():
        topic, post = locked_post(post)
        if not permissions.can_accept(actor, topic):
            raise Refusal(_("Only who asked, or who moderates, says which answer is the good one."))
        if post.number == 1 or not post.is_readable:
            raise Refusal(_("This post is not an answer."))
        if topic.accepted_id == post.pk:
            return topic
        topic.accepted, topic.accepted_by = post, actor
        topic.save(update_fields=["accepted", "accepted_by"])
        author = [post.author_id] if post.author_id and post.author_id != actor.pk else []
        event = AnswerAccepted(post_id=post.pk, number=post.number)
        tell(topic, event, actor=actor, also=to_people(author))
    return topic


def unaccept_answer(*, actor: User, topic: Topic) -> Topic:
    """Take it back: the question has no answer yet."""
    with transaction.atomic():
        topic = locked(topic)
        if not permissions.can_accept(actor, topic):
            raise Refusal(_("Only who asked, or who moderates, says which answer is the good one."))
        post = topic.accepted
        if post is None:
            return topic
        topic.accepted = topic.accepted_by = None
        topic.save(update_fields=["accepted", "accepted_by"])
        tell(topic, AnswerUnaccepted(post_id=post.pk, number=post.number), actor=actor)
    return topic


def close(*, actor: User, topic: Topic) -> Topic:
    """Nobody but who moderates writes in it any more; it can still be read and found."""
    return _set_closed(actor, topic, closed=True)


def reopen(*, actor: User, topic: Topic) -> Topic:
    return _set_closed(actor, topic, closed=False)


def _set_closed(actor: User, topic: Topic, *, closed: bool) -> Topic:
    with transaction.atomic():
        topic = locked(topic)
        _guard_manager(actor, topic)
        if topic.is_closed == closed:
            return topic
        topic.closed_at = timezone.now() if closed else None
        topic.save(update_fields=["closed_at"])
        tell(topic, TopicClosed() if closed else TopicReopened(), actor=actor, also=[log_of(topic)])
    return topic


def pin(*, actor: User, topic: Topic, until: datetime | None = None) -> Topic:
    """Have it stand first in its community, until a moment or until it is unpinned."""
    if until is not None and until <= timezone.now():
        raise Refusal(_("Choose a moment that is still to come."), field="until")
    return _set_pinned(actor, topic, pinned=True, until=until)


def unpin(*, actor: User, topic: Topic) -> Topic:
    return _set_pinned(actor, topic, pinned=False, until=None)


def _set_pinned(actor: User, topic: Topic, *, pinned: bool, until: datetime | None) -> Topic:
    with transaction.atomic():
        topic = locked(topic)
        _guard_manager(actor, topic)
        if (topic.is_pinned, topic.pinned_until) == (pinned, until):
            return topic
        topic.is_pinned, topic.pinned_until = pinned, until
        topic.save(update_fields=["is_pinned", "pinned_until"])
        tell(topic, TopicPinned(is_pinned=pinned), actor=actor, also=[log_of(topic)])
    return topic


def _guard_manager(actor: User, topic: Topic) -> None:
    if not permissions.can_manage(actor, topic) or topic.merged_into_id:
        raise Refusal(_("Only who moderates the community can do this."))


def clean_tags(tags: Sequence[str]) -> list[str]:
    """Tags in lower case, each once. Raises Refusal when there are too many, or one is too long."""
    found: dict[str, str] = {}
    for tag in tags:
        word = " ".join(tame(tag.replace("\x00", "")).lower().lstrip("#").split())
        if word and slugify(word):
            found.setdefault(slugify(word), word)
    if len(found) > MOST_TAGS:
        raise Refusal(_("At most %(most)s tags.") % {"most": MOST_TAGS}, field="tags")
    if any(len(word) > LONGEST_TAG for word in found.values()):
        raise Refusal(_("A tag is at most %(most)s characters long.") % {"most": LONGEST_TAG}, field="tags")
    return list(found.values())


def words_of(text: str) -> list[str]:
    """Tags as people type them, with commas between."""
    return [word for word in re.split(r"[,;\n]", text) if word.strip()]


def _tags(words: Sequence[str]) -> list[Tag]:
    by_slug = {slugify(word)[:50]: word for word in words}
    Tag.objects.bulk_create([Tag(slug=slug, name=word) for slug, word in by_slug.items()], ignore_conflicts=True)
    return list(Tag.objects.filter(slug__in=by_slug))


def _clean_options(options: Sequence[str], *, kind: TopicKind) -> list[str]:
    if kind != TopicKind.POLL:
        return []
    found = list(dict.fromkeys(" ".join(tame(option.replace("\x00", "")).split()) for option in options))
    found = [option for option in found if option]
    if not FEWEST_OPTIONS <= len(found) <= MOST_OPTIONS:
        raise Refusal(
            _("A poll has from %(fewest)s to %(most)s different options, one a line.")
            % {"fewest": FEWEST_OPTIONS, "most": MOST_OPTIONS},
            field="options",
        )
    if any(len(option) > LONGEST_OPTION for option in found):
        raise Refusal(_("An option is at most %(most)s characters long.") % {"most": LONGEST_OPTION}, field="options")
    return found


def _opened_before(submission: UUID, author: User | None) -> Topic | None:
    """Only of the same person: a number says nothing of anybody else's topic."""
    return Topic.objects.select_related("space").filter(submission=submission, author=author).first()
