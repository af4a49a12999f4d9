"""The files that a space keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from platform_core.files.public import kept
from platform_core.participation.events import DocumentAdded, DocumentRemoved
from platform_core.participation.models import SpaceDocument

from .ground import guard_moderator, guard_open, locked, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from platform_core.accounts.models import User
    from platform_core.files.public import Upload
    from platform_core.participation.models import Space


def add_documents(*, actor: User, space: Space, uploads: Sequence[Upload], title: str = "") -> list[SpaceDocument]:
    """Keep accepted files. `title` is for a single one; otherwise each has its name. Raises Refusal for who may not."""
    with transaction.atomic():
        space = locked(space)
        guard_moderator(actor, space)
        guard_open(space)
        with kept(uploads) as files:
            made = [
                SpaceDocument.objects.create(
                    space=space, file=file.storage_name, name=file.name, content_type=file.content_type, size=file.size,
                    title=(title.strip() if title.strip() and len(files) == 1 else file.name)[:160], added_by=actor,
                )
                for file in files
            ]  # fmt: skip
            tell(space, *(DocumentAdded(document_id=document.pk) for document in made), actor=actor)
    return made


def remove_document(*, actor: User, document: SpaceDocument) -> None:
    """Nobody finds it any more; its file stays until retention ends. Raises Refusal for who may not."""
    with transaction.atomic():
        space = locked(document.space_id)
        guard_moderator(actor, space)
        if SpaceDocument.objects.filter(pk=document.pk, removed_at=None).update(removed_at=timezone.now()):
            tell(space, DocumentRemoved(document_id=document.pk), actor=actor)
