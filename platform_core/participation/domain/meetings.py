"""*Trobades*: when people meet, and who comes. A place that is given back goes to who has waited longest."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from platform_core.base.errors import Refusal
from platform_core.participation.events import (
    MeetingCancelled,
    MeetingChanged,
    MeetingNear,
    MeetingPlanned,
    PlaceGiven,
    Registered,
    Unregistered,
)
from platform_core.participation.models import CalendarKey, Meeting, MeetingRegistration
from platform_core.participation.permissions import can_take_part

from .ground import guard_moderator, guard_open, locked, tell

if TYPE_CHECKING:
    from datetime import datetime

    from platform_core.accounts.models import User
    from platform_core.activity.events import Event
    from platform_core.participation.models import Space

NEAR = timedelta(hours=24)
"""Before its start, those who come are reminded."""

LONGEST_MEETING = timedelta(days=7)
ELSEWHERE = {"starts_at", "ends_at", "place", "link"}
"""What those who come must know when it changes."""


def plan_meeting(
    *,
    actor: User | None,
    space: Space,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    place: str = "",
    link: str = "",
    places: int | None = None,
    agenda: str = "",
) -> Meeting:
    """Announce a meeting; the moments are aware. `places` is None when there is room for everybody.

    Raises Refusal when the actor does not moderate the space, or the moments or the place will not do.
    """
    _guard_facts(title, starts_at, ends_at, place, link)
    with transaction.atomic():
        space = locked(space)
        guard_moderator(actor, space)
        guard_open(space)
        meeting = Meeting.objects.create(
            space=space, title=" ".join(title.split()), starts_at=starts_at, ends_at=ends_at, place=place.strip(),
            link=link.strip(), places=places, agenda=agenda.strip(),
        )  # fmt: skip
        tell(space, MeetingPlanned(meeting_id=meeting.pk), actor=actor)
    return meeting


def change_meeting(*, actor: User, meeting: Meeting, **wanted: object) -> Meeting:
    """Change any of title, starts_at, ends_at, place, link, places, agenda and minutes. More places are given to those
    who wait; fewer take nobody's away.

    Raises Refusal when the actor may not, it was cancelled, or the facts will not do.
    """
    with transaction.atomic():
        space = locked(meeting.space_id)
        guard_moderator(actor, space)
        meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
        if meeting.is_cancelled:
            raise Refusal(_("This meeting was cancelled."))
        fields = [name for name, value in wanted.items() if getattr(meeting, name) != value]
        if not fields:
            return meeting
        for name in fields:
            setattr(meeting, name, wanted[name])
        _guard_facts(meeting.title, meeting.starts_at, meeting.ends_at, meeting.place, meeting.link)
        is_elsewhere = not ELSEWHERE.isdisjoint(fields)
        if is_elsewhere:
            meeting.version += 1
            meeting.reminded_at = None
        meeting.save()
        changed = MeetingChanged(meeting_id=meeting.pk, fields=sorted(fields), is_elsewhere=is_elsewhere)
        tell(space, changed, *_give_places(meeting), actor=actor)
    return meeting


def cancel_meeting(*, actor: User, meeting: Meeting) -> Meeting:
    """It will not be; those who were to come are told. Raises Refusal when the actor may not, or it is over."""
    with transaction.atomic():
        space = locked(meeting.space_id)
        guard_moderator(actor, space)
        meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
        if meeting.is_cancelled:
            return meeting
        if meeting.is_over():
            raise Refusal(_("This meeting is over."))
        meeting.cancelled_at, meeting.version = timezone.now(), meeting.version + 1
        meeting.save(update_fields=["cancelled_at", "version"])
        tell(space, MeetingCancelled(meeting_id=meeting.pk), actor=actor)
    return meeting


def register_for(*, person: User, meeting: Meeting) -> MeetingRegistration:
    """Get a place, or one in the queue when there is none. Who has one keeps it.

    Raises Refusal when the person does not take part in the space, or the meeting has begun or was cancelled.
    """
    with transaction.atomic():
        space = locked(meeting.space_id)
        if not can_take_part(person, space):
            raise Refusal(_("Only members who have accepted the charter register."))
        meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
        _guard_to_come(meeting)
        known = meeting.registrations.filter(person=person, cancelled_at=None).first()
        if known:
            return known
        registration = MeetingRegistration.objects.create(
            meeting=meeting, person=person, is_waiting=_free_places(meeting) == 0
        )
        event = Registered(meeting_id=meeting.pk, person_id=person.pk, is_waiting=registration.is_waiting)
        tell(space, event, actor=person)
    return registration


def unregister_from(*, person: User, meeting: Meeting) -> None:
    """Give one's place back: who has waited longest gets it. Raises Refusal when the meeting has begun."""
    with transaction.atomic():
        space = locked(meeting.space_id)
        meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
        _guard_to_come(meeting)
        mine = meeting.registrations.filter(person=person, cancelled_at=None)
        if not mine.update(cancelled_at=timezone.now()):
            return
        left = Unregistered(meeting_id=meeting.pk, person_id=person.pk)
        tell(space, left, *_give_places(meeting), actor=person)


def remind_of_meetings() -> int:
    """Tell that a meeting is near, once each; how many were. For the scheduler."""
    number = 0
    now = timezone.now()
    near = Meeting.objects.filter(
        cancelled_at=None, reminded_at=None, starts_at__gt=now, starts_at__lte=now + NEAR
    ).values_list("pk", "space_id")
    for pk, space_id in near:
        with transaction.atomic():
            space = locked(space_id)
            if Meeting.objects.filter(pk=pk, reminded_at=None, cancelled_at=None).update(reminded_at=now):
                tell(space, MeetingNear(meeting_id=pk), actor=None)
                number += 1
    return number


def new_calendar_key(*, person: User) -> CalendarKey:
    """A new secret address of the person's calendar; the one before stops working."""
    key, _made = CalendarKey.objects.update_or_create(
        person=person, defaults={"key": secrets.token_urlsafe(32), "created_at": timezone.now()}
    )
    return key


def _free_places(meeting: Meeting) -> int | None:
    if meeting.places is None:
        return None
    return max(0, meeting.places - meeting.registrations.filter(cancelled_at=None, is_waiting=False).count())


def _give_places(meeting: Meeting) -> list[Event]:
    """To those who have waited longest, as many as are free."""
    free = _free_places(meeting)
    waiting = meeting.registrations.filter(cancelled_at=None, is_waiting=True).order_by("pk")
    lucky = list(waiting if free is None else waiting[:free])
    MeetingRegistration.objects.filter(pk__in=[one.pk for one in lucky]).update(is_waiting=False)
    return [PlaceGiven(meeting_id=meeting.pk, person_id=one.person_id) for one in lucky]


def _guard_to_come(meeting: Meeting) -> None:
    if meeting.is_cancelled:
        raise Refusal(_("This meeting was cancelled."))
    if meeting.starts_at <= timezone.now():
        raise Refusal(_("This meeting has begun."))


def _guard_facts(title: str, starts_at: datetime, ends_at: datetime, place: str, link: str) -> None:
    if not title.strip():
        raise Refusal(_("Write a title."), field="title")
    if ends_at <= starts_at:
        raise Refusal(_("It must end after it starts."), field="ends_at")
    if ends_at - starts_at > LONGEST_MEETING:
        raise Refusal(_("A meeting lasts a week at most."), field="ends_at")
    if not place.strip() and not link.strip():
        raise Refusal(_("Say where: a place, a link, or both."), field="place")
