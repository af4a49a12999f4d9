"""What follows from facts of other apps and of ours, besides mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platform_core.activity.reactions import reaction
from platform_core.officehours.events import CalendarChanged
from platform_core.search.public import refresh
from training.events import CourseCompleted, LessonDone, QuizJudged
from training.public import whose

from . import domain, projectors
from .events import (
    CopyAdded,
    CopyRemoved,
    Noted,
    PolicyChanged,
    Reclassified,
    Replied,
    RequesterChanged,
    StateChanged,
    TicketOpened,
)
from .mail import receivers as mail  # noqa: F401  its reactions are declared when it is read
from .models import Clock

if TYPE_CHECKING:
    from platform_core.activity.models import Activity


@reaction("desk.promise_again", to=[CalendarChanged, PolicyChanged], atomic=False)
def promise_again(activity: Activity) -> None:
    """The hours or the lengths of a promise are others: every open one that stands on them is reckoned anew."""
    match activity.event:
        case CalendarChanged(slug=slug):
            concerned = Clock.objects.filter(policy__calendar__slug=slug, met_at=None)
        case PolicyChanged(kind=kind, priority=priority):
            concerned = Clock.objects.filter(case__kind=kind, case__priority=priority, met_at=None)
    for case_id in list(concerned.values_list("case", flat=True).distinct()):
        domain.promise_case_again(case_id)


@reaction(
    "desk.index_ticket",
    to=[TicketOpened, Replied, StateChanged, Reclassified, CopyAdded, CopyRemoved, RequesterChanged],
    atomic=False,
)
def index_ticket(activity: Activity) -> None:
    """What was said, and who may see it, as it is now."""
    refresh(kind=projectors.TICKET, object_id=activity.subject_id)


@reaction("desk.index_notes", to=[Noted], atomic=False)
def index_notes(activity: Activity) -> None:
    refresh(kind=projectors.NOTES, object_id=activity.subject_id)


@reaction("desk.prescription_done", to=[LessonDone, QuizJudged, CourseCompleted], atomic=False)
def prescription_done(activity: Activity) -> None:
    """Somebody has learned something: the tickets that asked them to are told."""
    event = activity.event
    if isinstance(event, CourseCompleted):
        domain.learned(person_id=event.person_id, course_key=event.course_key, lesson_key=None, at=activity.at)
        return
    if isinstance(event, QuizJudged) and not event.is_passed:
        return
    who = whose(int(activity.subject_id))
    if who and isinstance(event, LessonDone | QuizJudged):
        domain.learned(person_id=who.person_id, course_key=who.course_key, lesson_key=event.key, at=activity.at)
