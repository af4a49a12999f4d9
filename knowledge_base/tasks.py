"""Work of the worker: what the clock brings, and letters."""

from __future__ import annotations

from datetime import timedelta

from django.core.management import call_command

from platform_core.background.public import retry, scheduled, task

from . import reminders
from .models import NewsPage
from .news import letters


@scheduled("knowledge_base_publish_scheduled", every=timedelta(minutes=1))
def publish_scheduled() -> None:
    """Publish and withdraw the pages whose moment has come."""
    call_command("publish_scheduled", verbosity=0)


@scheduled("knowledge_base_remind_owners", every=timedelta(hours=6))
def remind_owners() -> None:
    """Once a week: to each owner, their answers that are to be checked."""
    reminders.send_due()


@task()
@retry(tries=3)
def tell_subscribers(page_id: int) -> None:
    """A job for each reader, so that an address that fails holds up nobody else."""
    page = NewsPage.objects.live().filter(pk=page_id).first()
    if page is None:
        return
    for person_id in letters.readers_of(page):
        send_news.enqueue(page_id, person_id)


@task()
@retry()
def send_news(page_id: int, person_id: int) -> None:
    letters.send(page_id=page_id, person_id=person_id)
