"""Wanting to hear of the news, and no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from platform_core.activity.domain import record

from ..events import NewsSubscribed, NewsUnsubscribed
from ..models import Subscription

if TYPE_CHECKING:
    from platform_core.accounts.models import User


def subscribe(*, person: User) -> Subscription:
    """Have `person` get a letter for each page of news from now on. Once or many times is the same."""
    with transaction.atomic():
        subscription, created = Subscription.objects.get_or_create(person=person)
        if created:
            record(NewsSubscribed(), actor=person, subject=person)
    return subscription


def unsubscribe(*, person: User) -> None:
    """Send `person` no more letters of news. Once or many times is the same."""
    with transaction.atomic():
        deleted, _each = Subscription.objects.filter(person=person).delete()
        if deleted:
            record(NewsUnsubscribed(), actor=person, subject=person)
