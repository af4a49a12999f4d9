"""Wagtail tells of its pages by signals; here they become events. And what follows from what happens elsewhere."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models.signals import post_delete
from wagtail.signals import page_published, page_unpublished, post_page_move

from platform_core.accounts.events import EmailVerified, SignedUp
from platform_core.accounts.models import User
from platform_core.activity.domain import record
from platform_core.activity.reactions import reaction
from platform_core.base.errors import Refusal
from platform_core.organisations.events import HandedOver, InvitationRevoked, MemberAdded, RoleChanged
from platform_core.organisations.public import Membership
from platform_core.search.public import refresh

from . import domain, tasks
from .events import CourseChanged, Enrolled, EnrolmentInvited, LessonChanged, ModuleChanged, SeatChanged, SessionChanged
from .models import CoursePage, LessonPage, ModulePage, Seat, SeatState, Via
from .projectors import COURSE, LESSON

if TYPE_CHECKING:
    from platform_core.activity.models import Activity
    from platform_core.organisations.public import Organisation

logger = logging.getLogger(__name__)

EVENTS: dict[type, type[CourseChanged | ModuleChanged | LessonChanged]] = {
    CoursePage: CourseChanged,
    ModulePage: ModuleChanged,
    LessonPage: LessonChanged,
}


def tell(instance: Any, *, is_live: bool, actor: Any = None) -> None:
    if event := EVENTS.get(type(instance)):
        with transaction.atomic():
            record(event(is_live=is_live), actor=actor, subject=instance)


def on_published(instance: Any, revision: Any = None, **_kwargs: Any) -> None:
    tell(instance, is_live=True, actor=revision.user if revision else None)


def on_unpublished(instance: Any, **_kwargs: Any) -> None:
    tell(instance, is_live=False)


def on_moved(instance: Any, **_kwargs: Any) -> None:
    page = instance.specific
    tell(page, is_live=page.live)


def on_deleted(instance: Any, **_kwargs: Any) -> None:
    tell(instance, is_live=False)


for _model in EVENTS:
    page_published.connect(on_published, sender=_model, dispatch_uid=f"{_model} published")
    page_unpublished.connect(on_unpublished, sender=_model, dispatch_uid=f"{_model} unpublished")
    post_page_move.connect(on_moved, sender=_model, dispatch_uid=f"{_model} moved")
    post_delete.connect(on_deleted, sender=_model, dispatch_uid=f"{_model} deleted")


@reaction("training.index_lesson", to=[LessonChanged])
def index_lesson(activity: Activity) -> None:
    refresh(kind=LESSON, object_id=activity.subject_id)


@reaction("training.index_module", to=[ModuleChanged])
def index_module(activity: Activity) -> None:
    module = ModulePage.objects.filter(pk=activity.subject_id).first()
    if module is not None:  # else its lessons went with it, and each of them said so
        _index_lessons_under(module)


@reaction("training.index_course", to=[CourseChanged])
def index_course(activity: Activity) -> None:
    refresh(kind=COURSE, object_id=activity.subject_id)
    course = CoursePage.objects.filter(pk=activity.subject_id).first()
    if course is not None:
        _index_lessons_under(course)


@reaction("training.enrol_new_referents", to=[MemberAdded, RoleChanged, HandedOver])
def enrol_new_referents(activity: Activity) -> None:
    """Whoever becomes a referent takes the courses that say so. Who takes one already, or has left it, stays so; and
    who is no referent any more by now is left in peace."""
    event = activity.event
    if not isinstance(event, MemberAdded | RoleChanged | HandedOver):
        return
    person_id = event.successor_id if isinstance(event, HandedOver) else event.person_id
    seats = Membership.objects.not_over().referents().filter(person=person_id, person__is_active=True)
    seat = seats.filter(organisation=int(activity.subject_id)).select_related("person", "organisation").first()
    if seat is None:
        return
    taken = set(seat.person.enrolments.values_list("course_key", flat=True))
    for course in CoursePage.objects.live().filter(is_initial=True, alias_of=None, locale__language_code="ca"):
        if course.translation_key not in taken:
            _enrol(seat.person, course, seat.organisation)


def _enrol(person: User, course: CoursePage, organisation: Organisation) -> None:
    place = domain.Place(organisation=organisation)
    try:
        domain.enrol(actor=None, person=person, course=course, place=place, via=Via.RULE)
    except Refusal as refusal:  # a course that has no lessons yet, or that the person may not read
        logger.warning("New referent %s not enrolled in %s: %s", person.pk, course.pk, refusal.message)


def _index_lessons_under(page: Any) -> None:
    for pk in LessonPage.objects.descendant_of(page).values_list("pk", flat=True):
        refresh(kind=LESSON, object_id=str(pk))


@reaction("training.tell_moved_up", to=[SeatChanged])
def tell_moved_up(activity: Activity) -> None:
    event = activity.event
    if isinstance(event, SeatChanged) and event.moved_up:
        tasks.tell_moved_up.enqueue(int(activity.subject_id), event.person_id)


@reaction("training.tell_session_changed", to=[SessionChanged])
def tell_session_changed(activity: Activity) -> None:
    """A letter to whoever goes or waits, each a job of its own; nothing of a new session, which nobody goes to yet."""
    event = activity.event
    if not isinstance(event, SessionChanged) or event.is_new:
        return
    seats = Seat.objects.filter(session=int(activity.subject_id)).exclude(state=SeatState.CANCELLED)
    for pk in seats.order_by("pk").values_list("pk", flat=True):
        tasks.tell_changed.enqueue(pk)


@reaction("training.tell_enrolled", to=[Enrolled])
def tell_enrolled(activity: Activity) -> None:
    """A letter to whom somebody else, or our rule, has enrolled; who did it themselves knows."""
    event = activity.event
    if isinstance(event, Enrolled) and activity.actor_id != event.person_id and not event.again:
        tasks.tell_enrolled.enqueue(int(activity.subject_id))


@reaction("training.enrol_invited_by_organisation", to=[MemberAdded])
def enrol_invited_by_organisation(activity: Activity) -> None:
    """Whoever has joined takes the courses that they were asked to take there."""
    event = activity.event
    person = User.objects.filter(pk=event.person_id, is_active=True).first() if isinstance(event, MemberAdded) else None
    if person:
        domain.accept_for(person=person, at=activity.at, organisation_id=int(activity.subject_id))


@reaction("training.enrol_invited_by_service", to=[SignedUp, EmailVerified])
def enrol_invited_by_service(activity: Activity) -> None:
    """Whoever has proved an address takes the courses that it was asked to take."""
    if person := User.objects.filter(pk=int(activity.subject_id), is_active=True).first():
        domain.accept_for(person=person, at=activity.at)


@reaction("training.withdraw_with_seat", to=[InvitationRevoked])
def withdraw_with_seat(activity: Activity) -> None:
    event = activity.event
    if isinstance(event, InvitationRevoked):
        domain.withdraw_with_seat(seat_id=event.invitation_id, actor=activity.actor)


@reaction("training.mail_invited", to=[EnrolmentInvited])
def mail_invited(activity: Activity) -> None:
    """The letter of the service; the organisation sends its own."""
    event = activity.event
    if isinstance(event, EnrolmentInvited) and not event.by_organisation:
        tasks.tell_invited.enqueue(int(activity.subject_id))
