"""Who may do what with topics and posts. Each question of seeing twice: of one, and as a queryset.

Whether somebody may enter a community is its own question (platform_core.participation); here is what they do inside.
What one may not see does not exist for them: views answer 404.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from helpdesk.desk.permissions import is_desk
from platform_core.accounts.roles import is_editor
from platform_core.participation.public import (
    can_enter,
    can_moderate,
    can_take_part,
    spaces_entered_by,
    spaces_moderated_by,
)

from .models import Picture, Post, Topic, TopicKind

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from platform_core.accounts.roles import Someone
    from platform_core.participation.models import Space


def can_read(user: Someone, topic: Topic) -> bool:
    if not can_enter(user, topic.space):
        return False
    return topic.hidden_at is None or can_moderate(user, topic.space)


def topics_visible_to(user: Someone) -> QuerySet[Topic]:
    entered = Topic.objects.filter(space__in=spaces_entered_by(user))
    return entered.filter(Q(hidden_at=None) | Q(space__in=spaces_moderated_by(user)))


def can_read_post(user: Someone, post: Post) -> bool:
    """Whether its words are there for the person: those of deleted and hidden posts only for who moderates."""
    if post.was_moved or not can_read(user, post.topic):
        return False
    return post.is_readable or can_moderate(user, post.topic.space)


def posts_visible_to(user: Someone) -> QuerySet[Post]:
    seen = Post.objects.filter(topic__in=topics_visible_to(user), was_moved=False)
    return seen.filter(Q(deleted_at=None, hidden_at=None) | Q(topic__space__in=spaces_moderated_by(user)))


def can_see_picture(user: Someone, picture: Picture) -> bool:
    """Those of a post: who may read the post. Those of a draft: who writes it."""
    if not user.is_authenticated or not user.is_active:
        return picture.post is not None and can_read_post(user, picture.post)
    if picture.post is None:
        return picture.author_id == user.pk
    return can_read_post(user, picture.post)


def pictures_visible_to(user: Someone) -> QuerySet[Picture]:
    seen = Q(post__in=posts_visible_to(user))
    if user.is_authenticated and user.is_active:
        seen |= Q(post=None, author_id=user.pk)
    return Picture.objects.filter(seen)


def can_open(user: Someone, space: Space, kind: TopicKind) -> bool:
    """Announcements are for who moderates."""
    if kind == TopicKind.ANNOUNCEMENT and not can_moderate(user, space):
        return False
    return can_take_part(user, space)


def can_post(user: Someone, topic: Topic) -> bool:
    """In a closed topic only who moderates."""
    if topic.merged_into_id or not can_read(user, topic) or not can_take_part(user, topic.space):
        return False
    return not topic.is_closed or can_moderate(user, topic.space)


def can_edit(user: Someone, post: Post) -> bool:
    """Its author while the topic is open, and who moderates."""
    if not can_read_post(user, post) or post.deleted_at is not None:
        return False
    if can_moderate(user, post.topic.space):
        return True
    return _is_author(user, post) and not post.topic.is_closed and can_take_part(user, post.topic.space)


def can_delete(user: Someone, post: Post) -> bool:
    return can_edit(user, post)


def can_restore(user: Someone, post: Post) -> bool:
    """Who moderates; and its author, what they took away themself."""
    if post.deleted_at is None or post.was_moved or not can_read(user, post.topic):
        return False
    if can_moderate(user, post.topic.space):
        return True
    return _is_author(user, post) and post.deleted_by_id == user.pk and can_take_part(user, post.topic.space)


def can_react(user: Someone, topic: Topic) -> bool:
    """Reactions, “me too”, votes: who takes part, in topics that are not over."""
    return can_read(user, topic) and not topic.merged_into_id and can_take_part(user, topic.space)


def can_accept(user: Someone, topic: Topic) -> bool:
    """Who asked, and who moderates."""
    if not topic.is_question or not can_react(user, topic):
        return False
    return topic.author_id == user.pk or can_moderate(user, topic.space)


def can_rename(user: Someone, topic: Topic) -> bool:
    """Who opened it while it is open, and who moderates."""
    if not can_read(user, topic) or topic.merged_into_id:
        return False
    if can_moderate(user, topic.space):
        return True
    return topic.author_id == user.pk and not topic.is_closed and can_take_part(user, topic.space)


def can_flag(user: Someone, post: Post) -> bool:
    """Who is signed in and reads what somebody else wrote."""
    if not user.is_authenticated or not user.is_active or _is_author(user, post):
        return False
    return post.is_readable and can_read_post(user, post)


def can_make_answer(user: Someone, topic: Topic) -> bool:
    """Of a question with an accepted answer: editors, and who moderates."""
    if topic.accepted_id is None or not can_read(user, topic):
        return False
    return is_editor(user) or can_moderate(user, topic.space)


def can_file(user: Someone, post: Post) -> bool:
    """Make a ticket of a post: who wrote it, and the desk for them."""
    if not user.is_authenticated or not user.is_active or post.author is None:
        return False
    if not post.is_readable or not can_read_post(user, post):
        return False
    return _is_author(user, post) or is_desk(user)


def can_manage(user: Someone, topic: Topic) -> bool:
    """Close, pin, split, move, merge."""
    return can_read(user, topic) and can_moderate(user, topic.space)


def _is_author(user: Someone, post: Post) -> bool:
    return post.author_id is not None and post.author_id == user.pk
