"""What each person keeps for themself: how far they have read, what they follow, marks and drafts. Nobody is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agora import permissions
from agora.models import Bookmark, Draft, Follow, FollowLevel, ReadMark
from platform_core.base.errors import Refusal

if TYPE_CHECKING:
    from agora.models import Post, Topic
    from platform_core.accounts.models import User

LONGEST_DRAFT = 40_000
LONGEST_KEY = 40


class NewerDraft(Refusal):
    """Another tab or device has saved since. `draft` is what it saved; nothing has been written."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(_("You have gone on writing this somewhere else."))
        self.draft = draft


def mark_read(*, person: User, topic: Topic, number: int) -> int:
    """The person has read the posts up to `number`. It never goes back; returns where it is now."""
    number = min(number, topic.last_number)
    marks = ReadMark.objects.filter(person=person, topic=topic)
    if number < 1:
        return marks.values_list("number", flat=True).first() or 0
    if marks.filter(number__lt=number).update(number=number):
        return number
    mark, _created = ReadMark.objects.get_or_create(person=person, topic=topic, defaults={"number": number})
    if mark.number < number:  # another device made it between the two
        marks.filter(number__lt=number).update(number=number)
    return max(mark.number, number)


def mute(*, person: User, topic: Topic) -> None:
    """Nothing more of a topic, also for who may not read it any more: the link is in a letter that they have."""
    Follow.objects.update_or_create(person=person, topic=topic, defaults={"level": FollowLevel.MUTED})


def follow(*, person: User, topic: Topic, level: FollowLevel | None) -> None:
    """How much to hear of a topic; None for what is usual. Raises Refusal when the person may not read it."""
    if not permissions.can_read(person, topic):
        raise Refusal(_("You cannot follow this topic."))
    if level is None:
        Follow.objects.filter(person=person, topic=topic).delete()
    else:
        Follow.objects.update_or_create(person=person, topic=topic, defaults={"level": level})


def bookmark(*, person: User, post: Post, is_on: bool) -> None:
    """Keep a post at hand, or no longer. Raises Refusal when the person may not read it."""
    if not is_on:
        Bookmark.objects.filter(person=person, post=post).delete()
        return
    if not permissions.can_read_post(person, post):
        raise Refusal(_("You cannot keep this post."))
    Bookmark.objects.get_or_create(person=person, post=post)


def save_draft(*, person: User, key: str, text: str, title: str = "", version: int = 0) -> Draft | None:
    """Keep what a person is writing; nothing written is nothing kept (None).

    `version` is that of the draft that they write on, 0 for none. Raises NewerDraft when there is a later one, and
    Refusal when it is far too long.
    """
    if len(text) > LONGEST_DRAFT or len(key) > LONGEST_KEY:
        raise Refusal(_("This is too long to be kept while you write."), field="text")
    text, title = text.replace("\x00", ""), title.replace("\x00", "")[:200]
    try:
        with transaction.atomic():
            known = Draft.objects.select_for_update().filter(person=person, key=key).first()
            if known is not None and known.version > version:
                if (known.text, known.title) == (text, title):
                    return known
                raise NewerDraft(known)
            if not text.strip() and not title.strip():
                if known is not None:
                    known.delete()
                return None
            if known is None:
                # Above whatever this tab has seen: a draft that was sent and one that is begun anew are not the same.
                return Draft.objects.create(person=person, key=key, text=text, title=title, version=version + 1)
            known.text, known.title, known.version, known.updated_at = text, title, version + 1, timezone.now()
            known.save()
            return known
    except IntegrityError:  # two tabs began it at once
        raise NewerDraft(Draft.objects.get(person=person, key=key)) from None


def forget_draft(*, person: User, key: str) -> None:
    """It was sent, or thrown away."""
    Draft.objects.filter(person=person, key=key).delete()
