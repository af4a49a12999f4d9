"""Work of the worker."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from platform_core.background.public import retry, scheduled, task

from . import letters, notices
from .domain import forget_pictures
from .domain.retention import empty_removed_posts, forget_flags

logger = logging.getLogger(__name__)


@task()
@retry()
def send_letter(post_id: int, person_id: int, why: str) -> None:
    """A job for each reader, so that an address that fails holds up nobody else."""
    letters.send(post_id=post_id, person_id=person_id, why=why)


@task()
@retry()
def send_notice(notice: str, pk: int, person_id: int) -> None:
    notices.send(notice=notice, pk=pk, person_id=person_id)


@scheduled("agora_retention", every=timedelta(days=1))
def agora_retention() -> None:
    """What was taken away longer ago than the setting AGORA_RETENTION goes for ever; so do files that no post shows."""
    before = timezone.now() - settings.AGORA_RETENTION
    emptied, flags, files = empty_removed_posts(before=before), forget_flags(before=before), forget_pictures()
    logger.info("Communities: %d posts emptied, %d flags and %d files forgotten.", emptied, flags, files)
