"""The letters of topics: to who is named, to who is answered, and to who wants every post. One a post and person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from platform_core.accounts.models import User
from platform_core.background.public import once
from platform_core.base.mail import message
from platform_core.base.markup import plain_text

from .models import Follow, FollowLevel, Post, Topic
from .permissions import can_read_post
from .templatetags.agora import called

if TYPE_CHECKING:
    from collections.abc import Iterable

SALT = "agora.topic"
NAMED, ANSWERED, WATCHED = "named", "answered", "watched"
LONGEST_SHOWN = 1500
"""Characters of a post that the letter has; the rest is on the page."""


def hearers(post: Post, *, named: Iterable[int]) -> dict[int, str]:
    """Whom a new post concerns and why, by the id of the person: the first reason wins. Its author is not among them,
    nor who muted the topic. Two queries.
    """
    levels = dict(Follow.objects.filter(topic=post.topic).values_list("person", "level"))
    found = dict.fromkeys(named, NAMED)
    if post.reply_to is not None and post.reply_to.author_id:
        found.setdefault(post.reply_to.author_id, ANSWERED)
    for person_id, level in levels.items():
        if level == FollowLevel.WATCHING:
            found.setdefault(person_id, WATCHED)
    muted = {person_id for person_id, level in levels.items() if level == FollowLevel.MUTED}
    return {pk: why for pk, why in found.items() if pk != post.author_id and pk not in muted}


def send(*, post_id: int, person_id: int, why: str) -> None:
    """The letter, once for a post and a person; nothing when they may not read it (any more) or have muted the topic.

    Raises what the mailer raises: then it counts as not sent.
    """
    posts = Post.objects.select_related("topic__space", "author")
    post = posts.filter(pk=post_id, deleted_at=None, hidden_at=None, was_moved=False).first()
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if post is None or person is None or not can_read_post(person, post):
        return
    if Follow.objects.filter(topic=post.topic, person=person, level=FollowLevel.MUTED).exists():
        return
    with once(f"agora.post:{post_id}:{person_id}") as first:
        if first:
            _post(post, person, why)


def stop_link(person: User, topic: Topic) -> str:
    token = signing.dumps([person.pk, topic.pk], salt=SALT)
    return f"{settings.WAGTAILADMIN_BASE_URL}{reverse('agora:stop', args=[token])}"


def followed_by(token: str) -> tuple[User, Topic] | None:
    """Whose link it is and to which topic; None for one that we did not write."""
    try:
        person_id, topic_id = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = User.objects.filter(pk=person_id, is_active=True).first()
    topic = Topic.objects.select_related("space").filter(pk=topic_id).first()
    return (person, topic) if person and topic else None


def _post(post: Post, person: User, why: str) -> None:
    stop = stop_link(person, post.topic)
    with translation.override(person.language):
        writer = called(post.author)
        subject = {
            NAMED: _("%(name)s names you in “%(title)s”"),
            ANSWERED: _("%(name)s answers you in “%(title)s”"),
            WATCHED: _("%(name)s writes in “%(title)s”"),
        }[why] % {"name": writer, "title": post.topic.title}
    letter = message(
        to=person.email,
        subject=subject,
        template="agora/mail/post",
        context={
            "person": person,
            "sentence": subject,
            "topic": post.topic,
            "text": plain_text(post.text, length=LONGEST_SHOWN),
            "url": f"{settings.WAGTAILADMIN_BASE_URL}{post.topic.url_of(post.number)}",
            "stop_url": stop,
        },
        language=person.language,
    )
    letter.extra_headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    letter.send()
