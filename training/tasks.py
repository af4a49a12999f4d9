"""Work of the worker: what the clock brings, and letters."""

from __future__ import annotations

from datetime import timedelta

from platform_core.background.public import retry, scheduled, task

from . import letters


@scheduled("training_expiring", every=timedelta(hours=12))
def look_for_expiring() -> None:
    """A letter a certificate that expires soon, each a job of its own."""
    for pk in letters.expiring():
        tell_of_expiring.enqueue(pk)


@task()
@retry()
def tell_of_expiring(certificate_id: int) -> None:
    letters.tell_of_expiring(certificate_id)
