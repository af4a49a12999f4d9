"""Work of the worker."""

from __future__ import annotations

from platform_core.background.public import retry, task

from . import letters


@task()
@retry()
def send_letter(post_id: int, person_id: int, why: str) -> None:
    """A job for each reader, so that an address that fails holds up nobody else."""
    letters.send(post_id=post_id, person_id=person_id, why=why)
