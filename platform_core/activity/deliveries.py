"""At-least-once reactions: what is owed, tried, done and parked."""

from __future__ import annotations

import logging
import traceback
from contextlib import nullcontext
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from platform_core.background.public import Retry, task

from .models import Activity, Delivery
from .reactions import find_reaction

if TYPE_CHECKING:
    from collections.abc import Iterable

logger = logging.getLogger(__name__)

POLICY = Retry(tries=8)
"""Eight tries over some twenty minutes; then a person looks at it."""


def owe(*, activity: Activity, reactions: Iterable[str]) -> None:
    """Note which reactions are due and enqueue each; part of the recording transaction."""
    for delivery in Delivery.objects.bulk_create(Delivery(activity=activity, reaction=name) for name in reactions):
        deliver.enqueue(delivery.pk)


@task()
def deliver(delivery_id: int) -> None:
    """Run one reaction unless it is done; a failure is tried again later and parked in the end."""
    try:
        _attempt(delivery_id)
    except Exception as problem:
        logger.exception("The delivery %s failed.", delivery_id)
        _postpone(delivery_id, problem)


def retry_parked(deliveries: Iterable[int]) -> int:
    """Try parked deliveries again from the start; returns how many of them were parked."""
    with transaction.atomic():
        parked = Delivery.objects.select_for_update().filter(pk__in=deliveries, parked_at__isnull=False)
        ids = list(parked.values_list("pk", flat=True))
        Delivery.objects.filter(pk__in=ids).update(parked_at=None, tries=0)
        for delivery_id in ids:
            deliver.enqueue(delivery_id)
    return len(ids)


def _attempt(delivery_id: int) -> None:
    delivery = Delivery.objects.select_related("activity").filter(pk=delivery_id, done_at=None, parked_at=None).first()
    if delivery is None:
        return
    reaction = find_reaction(delivery.reaction)
    if reaction is None:
        # During an upgrade the program that knows it may be another one; later tries will tell.
        raise LookupError(f"The reaction {delivery.reaction} is not declared.")
    with transaction.atomic() if reaction.atomic else nullcontext():
        if reaction.atomic and not _hold(delivery):
            return
        reaction.function(delivery.activity)
        Delivery.objects.filter(pk=delivery.pk).update(done_at=timezone.now(), last_error="")


def _hold(delivery: Delivery) -> bool:
    """Lock the row for the transaction; False when somebody else has done it meanwhile."""
    return Delivery.objects.select_for_update().filter(pk=delivery.pk, done_at=None).first() is not None


def _postpone(delivery_id: int, problem: Exception) -> None:
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
        delivery.tries += 1
        delivery.last_error = "".join(traceback.format_exception(problem))
        if POLICY.allows(problem, runs=delivery.tries):
            later = timezone.now() + POLICY.pause(delivery.tries)
            deliver.using(run_after=later).enqueue(delivery_id)
        else:
            delivery.parked_at = timezone.now()
        delivery.save(update_fields=["tries", "last_error", "parked_at"])
