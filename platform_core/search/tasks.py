"""What the worker does for Elasticsearch, where it is used."""

from __future__ import annotations

import logging
from datetime import timedelta

from platform_core.background.public import scheduled, task

from .engines import Away, is_remote

logger = logging.getLogger(__name__)


@task()
def feed() -> None:
    """Tell Elasticsearch what changed. Each change enqueues it; one run tells all that is due, and the others find
    nothing. What cannot be told now is told by `search_feed`."""
    if not is_remote():
        return
    from .engines.elastic.building import follow  # noqa: PLC0415  the client, only where it is used

    try:
        follow()
    except Away as problem:
        logger.warning("Elasticsearch was not told what changed; it is told when it answers: %s", problem)


@scheduled("search_feed", every=timedelta(seconds=30))
def feed_what_is_left() -> None:
    """After Elasticsearch was away, or refused something for a while; also its first index."""
    feed.call()


@scheduled("search_check", every=timedelta(days=1))
def check_and_repair() -> None:
    from .checking import check  # noqa: PLC0415  it knows the engines, which know these jobs

    report = check(repair=True)
    if report.differences:
        logger.warning("The search differed from what it is made of, and was put right: %s", report)
