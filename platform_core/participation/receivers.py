"""What follows from a fact, once it is committed: the letters. Run by the worker, at least once."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from platform_core.accounts.models import User
from platform_core.activity.reactions import reaction

from . import mail
from .calendars import calendar_of
from .events import (
    Invited,
    JoinRequestAnswered,
    JoinRequested,
    Left,
    MeetingCancelled,
    MeetingChanged,
    MeetingNear,
    PlaceGiven,
    Registered,
)
from .models import JoinRequest, Meeting, MeetingRegistration, Space, SpaceInvitation, SpaceMember

if TYPE_CHECKING:
    from platform_core.activity.models import Activity


@reaction("participation.mail_request", to=[JoinRequested], atomic=False)
def mail_request(activity: Activity) -> None:
    """To who moderates, while nobody has answered."""
    event = cast("JoinRequested", activity.event)
    request = JoinRequest.objects.select_related("space", "person").filter(pk=event.request_id).first()
    if request is None or request.answered_at is not None:
        return
    moderators = SpaceMember.objects.current().moderators().filter(space=request.space).select_related("person")
    mail.send_each(
        activity, letter="request", to=[seat.person for seat in moderators],
        context={"space": request.space, "request": request},
    )  # fmt: skip


@reaction("participation.mail_answer", to=[JoinRequestAnswered], atomic=False)
def mail_answer(activity: Activity) -> None:
    event = cast("JoinRequestAnswered", activity.event)
    request = JoinRequest.objects.select_related("space", "person").filter(pk=event.request_id).first()
    if request is not None:
        mail.send(activity, letter="answer", to=request.person, context={"space": request.space, "request": request})


@reaction("participation.mail_invitation", to=[Invited], atomic=False)
def mail_invitation(activity: Activity) -> None:
    """Nothing for an invitation that was cancelled or accepted meanwhile."""
    event = cast("Invited", activity.event)
    pending = SpaceInvitation.objects.pending().select_related("space", "person", "invited_by")
    if invitation := pending.filter(pk=event.invitation_id).first():
        context = {"space": invitation.space, "invitation": invitation}
        mail.send(activity, letter="invitation", to=invitation.person, context=context)


@reaction("participation.mail_removed", to=[Left], atomic=False)
def mail_removed(activity: Activity) -> None:
    event = cast("Left", activity.event)
    space, person = _space(activity), User.objects.filter(pk=event.person_id).first()
    if event.is_removed and space is not None and person is not None:
        mail.send(activity, letter="removed", to=person, context={"space": space})


@reaction("participation.mail_registered", to=[Registered, PlaceGiven], atomic=False)
def mail_registered(activity: Activity) -> None:
    """What the person has now, a place or one in the queue; nothing when they have gone meanwhile."""
    event = cast("Registered | PlaceGiven", activity.event)
    standing = MeetingRegistration.objects.select_related("meeting__space", "person")
    mine = standing.filter(meeting=event.meeting_id, person=event.person_id, cancelled_at=None).first()
    if mine is None or mine.meeting.is_cancelled:
        return
    context = {"meeting": mine.meeting, "registration": mine, "is_given": isinstance(event, PlaceGiven)}
    mail.send(
        activity, letter="registered", to=mine.person, context=context,
        calendar="" if mine.is_waiting else calendar_of([mine.meeting]),
    )  # fmt: skip


@reaction("participation.mail_meeting", to=[MeetingChanged, MeetingCancelled, MeetingNear], atomic=False)
def mail_meeting(activity: Activity) -> None:
    """To who comes or waits: it is at another hour or place, will not be, or is near."""
    event = cast("MeetingChanged | MeetingCancelled | MeetingNear", activity.event)
    if isinstance(event, MeetingChanged) and not event.is_elsewhere:
        return
    meeting = Meeting.objects.select_related("space").filter(pk=event.meeting_id).first()
    if meeting is None or meeting.is_over() or meeting.is_cancelled != isinstance(event, MeetingCancelled):
        return
    standing = MeetingRegistration.objects.filter(meeting=meeting, cancelled_at=None).select_related("person")
    if isinstance(event, MeetingNear):
        standing = standing.filter(is_waiting=False)
    letter = {MeetingChanged: "meeting_changed", MeetingCancelled: "meeting_cancelled", MeetingNear: "meeting_near"}
    mail.send_each(
        activity, letter=letter[type(event)], to=[one.person for one in standing], context={"meeting": meeting},
        calendar=calendar_of([meeting]),
    )  # fmt: skip


def _space(activity: Activity) -> Space | None:
    return Space.objects.filter(pk=activity.subject_id).first()
