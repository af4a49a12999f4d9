"""Readers object to a post; who moderates hides it, or says that nothing is wrong. Everything can be taken back."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agora import permissions
from agora.events import AnswerUnaccepted, Flagged, FlagsAnswered, PostHidden, PostShown
from agora.models import Flag, Hiding, Post, Reason, Topic
from agora.models.moderation import LONGEST_NOTE
from platform_core.activity.domain import lock_streams, record
from platform_core.base.errors import Refusal
from platform_core.base.markup import tame
from platform_core.participation.public import can_moderate, can_take_part
from platform_core.realtime.public import recheck_stream

from .limits import A_DAY, Trust, trust_of
from .writing import locked_post, log_of, recount, tell, to_people

if TYPE_CHECKING:
    from platform_core.accounts.models import User
    from platform_core.activity.events import Event

MOST_FLAGS_A_DAY = 20
FLAGS_THAT_HIDE = 3
"""So many members who are no longer new hide a post until somebody who moderates looks at it."""


def flag(*, actor: User, post: Post, reason: Reason, note: str = "") -> Flag:
    """Tell who moderates that a post should not stand so. Said again before it is answered, it stays one.

    Raises Refusal when the person may not read it, wrote it, has flagged too much, or says nothing about "something
    else".
    """
    note = _clean_note(note)
    if reason == Reason.OTHER and not note:
        raise Refusal(_("Say what it is."), field="note")
    with transaction.atomic():
        topic, post = locked_post(post)
        if not permissions.can_flag(actor, post):
            raise Refusal(_("You cannot flag this post."))
        known: Flag | None = Flag.objects.filter(post=post, person=actor, handled_at=None).first()
        if known is not None:
            return known
        if Flag.objects.filter(person=actor, at__gt=timezone.now() - A_DAY).count() >= MOST_FLAGS_A_DAY:
            raise Refusal(_("You have flagged a lot today. Write to who moderates the community instead."))
        made = Flag.objects.create(post=post, person=actor, reason=reason, note=note)
        flagged = Flagged(flag_id=made.pk, post_id=post.pk, number=post.number, reason=reason)
        hidden = _hide_by_itself(topic, post)
        lock_streams(_streams(topic, post))
        record(flagged, actor=actor, subject=topic, streams=[log_of(topic)])
        if hidden is not None:
            _tell_hidden(topic, post, hidden, actor=None)
    return made


def answer_flags(*, actor: User, post: Post, is_upheld: bool) -> None:
    """Say of what readers objected to that nothing is wrong, or that they were right and it has been seen to.

    A post that was hidden by itself stands again, or stays hidden by the actor's word. Raises Refusal when the actor
    does not moderate.
    """
    with transaction.atomic():
        topic, post = locked_post(post)
        _guard(actor, topic)
        waiting = Hiding.objects.filter(post=post, ended_at=None, is_automatic=True, by=None).first()
        if not _answer(post, actor=actor, is_upheld=is_upheld) and waiting is None:
            return
        lock_streams(_streams(topic, post))
        event = FlagsAnswered(post_id=post.pk, number=post.number, is_upheld=is_upheld)
        record(event, actor=actor, subject=topic, streams=[log_of(topic)])
        if waiting is not None and is_upheld:
            waiting.by = actor
            waiting.save(update_fields=["by"])
        elif waiting is not None:
            _show(topic, post, waiting, actor=actor)


def hide(*, actor: User, post: Post, reason: Reason, note: str = "", takes_topic: bool = False) -> Hiding:
    """Take a post out of sight, for a reason that its author reads; with the first one, the whole topic if so wanted.

    Its open flags were right. Raises Refusal when the actor does not moderate, or there is nothing to hide.
    """
    note = _clean_note(note)
    if reason == Reason.OTHER and not note:
        raise Refusal(_("Say why: the person reads it."), field="note")
    with transaction.atomic():
        topic, post = locked_post(post)
        _guard(actor, topic)
        if post.deleted_at is not None:
            raise Refusal(_("This post has been deleted."))
        standing = Hiding.objects.filter(post=post, ended_at=None).first()
        if standing is not None and not standing.is_automatic:
            return standing
        takes_topic = takes_topic and post.number == 1
        made = standing or Hiding(post=post)
        made.by, made.reason, made.note, made.takes_topic, made.is_automatic = actor, reason, note, takes_topic, False
        made.save()
        _answer(post, actor=actor, is_upheld=True)
        events = _take_out_of_sight(topic, post, takes_topic=takes_topic)
        lock_streams(_streams(topic, post))
        for event in events:
            tell(topic, event, actor=actor)
        _tell_hidden(topic, post, made, actor=actor)
    return made


def show(*, actor: User, post: Post) -> None:
    """Let a hidden post stand again, and the topic that went with it. Raises Refusal for who does not moderate."""
    with transaction.atomic():
        topic, post = locked_post(post)
        _guard(actor, topic)
        standing = Hiding.objects.filter(post=post, ended_at=None).first()
        if standing is None:
            return
        if post.emptied_at is not None:
            raise Refusal(_("Its words are gone: the time that we keep what was taken away is over."))
        _answer(post, actor=actor, is_upheld=False)
        lock_streams(_streams(topic, post))
        _show(topic, post, standing, actor=actor)


def _hide_by_itself(topic: Topic, post: Post) -> Hiding | None:
    """When enough members flagged it. Never what who moderates wrote."""
    flags = list(Flag.objects.filter(post=post, handled_at=None).select_related("person"))
    if len(flags) < FLAGS_THAT_HIDE or (post.author is not None and can_moderate(post.author, topic.space)):
        return None
    people = [one.person for one in flags if one.person is not None and can_take_part(one.person, topic.space)]
    if sum(trust_of(person) > Trust.NEW for person in people) < FLAGS_THAT_HIDE:
        return None
    (reason, _count), *_rest = Counter(one.reason for one in flags).most_common()
    made = Hiding.objects.create(post=post, reason=reason, is_automatic=True)
    _take_out_of_sight(topic, post, takes_topic=False)
    return made


def _take_out_of_sight(topic: Topic, post: Post, *, takes_topic: bool) -> list[Event]:
    events: list[Event] = []
    post.hidden_at = post.hidden_at or timezone.now()
    post.save(update_fields=["hidden_at"])
    if topic.accepted_id == post.pk:
        topic.accepted = topic.accepted_by = None
        topic.save(update_fields=["accepted", "accepted_by"])
        events.append(AnswerUnaccepted(post_id=post.pk, number=post.number))
    if takes_topic:
        topic.hidden_at = post.hidden_at
        topic.save(update_fields=["hidden_at"])
        recheck_stream(f"topic:{topic.pk}")
    recount(topic)
    return events


def _show(topic: Topic, post: Post, standing: Hiding, *, actor: User) -> None:
    standing.ended_at, standing.ended_by = timezone.now(), actor
    standing.save(update_fields=["ended_at", "ended_by"])
    post.hidden_at = None
    post.save(update_fields=["hidden_at"])
    if standing.takes_topic and post.deleted_at is None:
        topic.hidden_at = None
        topic.save(update_fields=["hidden_at"])
    recount(topic)
    event = PostShown(hiding_id=standing.pk, post_id=post.pk, number=post.number, posts=topic.post_count)
    tell(topic, event, actor=actor, also=[log_of(topic), *_author(post)])


def _tell_hidden(topic: Topic, post: Post, made: Hiding, *, actor: User | None) -> None:
    event = PostHidden(
        hiding_id=made.pk, post_id=post.pk, number=post.number, posts=topic.post_count,
        is_automatic=made.is_automatic, takes_topic=made.takes_topic,
    )  # fmt: skip
    tell(topic, event, actor=actor, also=[log_of(topic), *_author(post)])


def _answer(post: Post, *, actor: User, is_upheld: bool) -> int:
    """How many open flags of the post that answered."""
    waiting = Flag.objects.filter(post=post, handled_at=None)
    return waiting.update(handled_at=timezone.now(), handled_by=actor, is_upheld=is_upheld)


def _streams(topic: Topic, post: Post) -> list[str]:
    return [f"topic:{topic.pk}", f"space:{topic.space_id}", log_of(topic), *_author(post)]


def _author(post: Post) -> list[str]:
    return to_people([post.author_id] if post.author_id else [])


def _guard(actor: User, topic: Topic) -> None:
    if not can_moderate(actor, topic.space):
        raise Refusal(_("Only who moderates the community can do this."))


def _clean_note(note: str) -> str:
    note = " ".join(tame(note.replace("\x00", "")).split())
    if len(note) > LONGEST_NOTE:
        raise Refusal(_("This text is too long: at most %(most)s characters.") % {"most": LONGEST_NOTE}, field="note")
    return note
