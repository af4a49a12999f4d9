"""Retention: the log forgets by itself."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from platform_core.background.public import scheduled

from . import domain, sealing

logger = logging.getLogger(__name__)

DEFAULT_RETENTION = timedelta(days=730)
"""Two years: the ENS (RD 311/2022, op.exp.8 and op.exp.10) has each body set the period for which it keeps its log."""


@scheduled("activity_retention", every=timedelta(days=1))
def activity_retention() -> None:
    """Remove what is older than the setting ACTIVITY_RETENTION, a timedelta; two years without it."""
    retention = getattr(settings, "ACTIVITY_RETENTION", DEFAULT_RETENTION)
    removed = domain.purge(older_than=timezone.now() - retention)
    logger.info("Activity older than %s days removed: %d.", retention.days, removed)


@scheduled("activity_seal", every=timedelta(minutes=5))
def activity_seal() -> None:
    """Seal what was recorded since the last time (see sealing.py)."""
    if seal := sealing.seal():
        # In a log that is kept elsewhere, this line is the anchor: a chain rebuilt from scratch would not match it.
        logger.info("The activity log is sealed up to seal %d: %s.", seal.pk, seal.digest)
