"""What was taken away goes for ever when its time is over. Run by the clock; run again, it goes on where it was."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from agora.models import Appeal, Flag, Picture, Post, PostRevision

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

BATCH = 200


def empty_removed_posts(*, before: datetime) -> int:
    """Take the words, history and files of posts that were deleted or hidden before an instant; returns how many.

    The post stays as an empty one under its number. What somebody still objects to waits until that is answered.
    """
    removed = Q(deleted_at__lt=before) | Q(hidden_at__lt=before)
    waiting = Appeal.objects.filter(hiding__post=OuterRef("pk"), answered_at=None)
    posts = Post.objects.filter(removed, ~Exists(waiting), emptied_at=None, was_moved=False).order_by("pk")
    count = 0
    while True:
        with transaction.atomic():
            found = list(posts.select_for_update(of=("self",))[:BATCH])
            if not found:
                return count
            ids = [post.pk for post in found]
            PostRevision.objects.filter(post__in=ids).delete()
            remove_files(Picture.objects.filter(post__in=ids))
            Post.objects.filter(pk__in=ids).update(text="", html="", emptied_at=timezone.now())
        count += len(found)


def forget_flags(*, before: datetime) -> int:
    """Who flagged and what they wrote goes from flags answered before an instant; the reason stays."""
    answered = Flag.objects.filter(handled_at__lt=before).exclude(person=None, note="")
    return answered.update(person=None, note="")


def remove_files(pictures: QuerySet[Picture]) -> None:
    """The rows now, their files once that is committed: a kill between leaves a file too many, never one too few."""
    for picture in pictures.select_for_update(of=("self",)):
        name, storage = picture.file.name, picture.file.storage
        picture.delete()
        if name:
            transaction.on_commit(partial(storage.delete, name), robust=True)
