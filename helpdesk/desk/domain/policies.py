"""What the desk promises: the first levels of an installation, and a change of one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from helpdesk.desk.events import PolicyChanged
from helpdesk.desk.models import Kind, Policy, Priority
from platform_core.activity.domain import record
from platform_core.officehours.models import Calendar

from .opening import default_queue

if TYPE_CHECKING:
    from platform_core.accounts.models import User

USER_SUPPORT, INCIDENTS, ROUND_THE_CLOCK = "suport", "incidencies", "24x7"

H = timedelta(hours=1)
TARGETS: dict[Kind, tuple[str, dict[Priority, tuple[timedelta, timedelta, timedelta | None]]]] = {
    Kind.OUTAGE: (
        ROUND_THE_CLOCK,
        {
            Priority.URGENT: (H / 2, 4 * H, H),
            Priority.HIGH: (H / 2, 8 * H, 2 * H),
            Priority.NORMAL: (H, 12 * H, 4 * H),
            Priority.LOW: (2 * H, 24 * H, 8 * H),
        },
    ),
    Kind.INCIDENT: (
        INCIDENTS,
        {
            Priority.URGENT: (H, 4 * H, 2 * H),
            Priority.HIGH: (H, 8 * H, 4 * H),
            Priority.NORMAL: (2 * H, 16 * H, 8 * H),
            Priority.LOW: (4 * H, 40 * H, None),
        },
    ),
    Kind.CONFIGURATION: (
        USER_SUPPORT,
        {
            Priority.URGENT: (H, 4 * H, None),
            Priority.HIGH: (2 * H, 7 * H, None),
            Priority.NORMAL: (2 * H, 14 * H, None),
            Priority.LOW: (4 * H, 35 * H, None),
        },
    ),
    Kind.QUESTION: (
        USER_SUPPORT,
        {
            Priority.URGENT: (H, 4 * H, None),
            Priority.HIGH: (2 * H, 7 * H, None),
            Priority.NORMAL: (2 * H, 8 * H, None),
            Priority.LOW: (4 * H, 35 * H, None),
        },
    ),
    Kind.IMPROVEMENT: (
        USER_SUPPORT,
        {
            Priority.URGENT: (7 * H, 70 * H, None),
            Priority.HIGH: (7 * H, 105 * H, None),
            Priority.NORMAL: (14 * H, 140 * H, None),
            Priority.LOW: (14 * H, 210 * H, None),
        },
    ),
}
"""First answer, resolution and news, in open time. The calendars are the service's own terms; the lengths are a
proposal that the coordination of the service corrects in the administration."""


def seed_policies() -> list[Policy]:
    """Create the levels that do not exist yet, and the queue; returns the levels. An edited one is left as it is.

    Raises Calendar.DoesNotExist before `seed_calendars`.
    """
    known = set(Policy.objects.values_list("kind", "priority"))
    missing = [
        (kind, slug, priority, times)
        for kind, (slug, levels) in TARGETS.items()
        for priority, times in levels.items()
        if (kind, priority) not in known
    ]
    if not missing:
        return []
    with transaction.atomic():
        default_queue()
        calendars = {slug: Calendar.objects.get(slug=slug) for slug in {slug for _kind, slug, *_rest in missing}}
        return [
            Policy.objects.create(
                kind=kind,
                priority=priority,
                calendar=calendars[slug],
                response=response,
                resolution=resolution,
                update_every=update_every,
            )
            for kind, slug, priority, (response, resolution, update_every) in missing
        ]


def change_policy(*, actor: User | None, policy: Policy) -> Policy:
    """Save a level that was edited. The open promises that stand on it are reckoned anew, by the worker."""
    with transaction.atomic():
        policy.save()
        record(PolicyChanged(kind=Kind(policy.kind), priority=Priority(policy.priority)), actor=actor, subject=policy)
    return policy
