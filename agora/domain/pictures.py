"""Files that come with a post: kept as soon as they are dropped, shown to the others once the post is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agora.models import Picture
from platform_core.base.errors import Refusal
from platform_core.files.public import kept
from platform_core.participation.public import can_take_part

from .retention import remove_files
from .writing import IMAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from platform_core.accounts.models import User
    from platform_core.files.public import Upload
    from platform_core.participation.models import Space

MOST_WAITING = 60
"""Files of one person that belong to no post yet."""

FORGOTTEN_AFTER = timedelta(days=30)
"""A file that no post shows after this long goes."""


@dataclass(frozen=True)
class Kept:
    name: str
    markdown: str


def keep_picture(*, author: User, space: Space, uploads: Sequence[Upload]) -> list[Kept]:
    """Keep accepted files for a post that is being written. Raises Refusal when the person may not, or has too many."""
    if not can_take_part(author, space):
        raise Refusal(_("Only who takes part in the community can add files."))
    if Picture.objects.filter(author=author, post=None).count() + len(uploads) > MOST_WAITING:
        raise Refusal(_("You have added too many files without posting. Send what you have, or wait until tomorrow."))
    with transaction.atomic(), kept(uploads) as files:
        made = [
            Picture.objects.create(
                space=space, author=author, file=file.storage_name, name=file.name,
                content_type=file.content_type, size=file.size,
            )
            for file in files
        ]  # fmt: skip
    return [Kept(one.name, _markdown(one)) for one in made]


def forget_pictures() -> int:
    """Remove the files that no post has shown for FORGOTTEN_AFTER; returns how many."""
    forgotten = Picture.objects.filter(post=None, created_at__lt=timezone.now() - FORGOTTEN_AFTER)
    with transaction.atomic():
        count = forgotten.count()
        remove_files(forgotten)
    return count


def _markdown(picture: Picture) -> str:
    words = "".join(" " if char in "[]()\\\n" else char for char in picture.name).strip() or str(picture.pk)
    return f"{'!' if picture.is_image else ''}[{words}]({IMAGES}{picture.pk}/)"
