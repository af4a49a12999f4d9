"""What others may have somebody learn: a course, or one lesson of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from platform_core.activity.domain import lock_streams
from platform_core.base.errors import Refusal

from . import domain, pages
from .domain import completing
from .models import CoursePage, Enrolment
from .permissions import can_read, visible_to

if TYPE_CHECKING:
    from collections.abc import Iterable

    from platform_core.accounts.models import User
    from platform_core.accounts.roles import Someone

    from .outline import Item


@dataclass(frozen=True)
class Task:
    """Something to learn: a course, or with `lesson_key` one lesson or quiz of it. `url` is its path."""

    course_key: UUID
    lesson_key: UUID | None
    title: str
    url: str

    @property
    def key(self) -> str:
        """How forms call it."""
        return f"{self.course_key}:{self.lesson_key or ''}"


def tasks_for(viewer: Someone, *, language: str) -> list[tuple[str, list[Task]]]:
    """What somebody may be sent to learn, course by course: all of it first, then its lessons as published."""
    courses: dict[UUID, CoursePage] = {}
    for course in visible_to(viewer).select_related("locale").order_by("path"):
        if course.translation_key not in courses or course.language == language:
            courses[course.translation_key] = course
    found = []
    for course in courses.values():
        whole = Task(course.translation_key, None, _("The whole course"), course.get_absolute_url())
        lessons = [_lesson(course, item) for item in pages.outline_of(course).items]
        if lessons:
            found.append((course.title, [whole, *lessons]))
    return found


def _lesson(course: CoursePage, item: Item) -> Task:
    return Task(course.translation_key, UUID(item.key), item.title, f"{course.get_absolute_url()}{item.path}/")


def assign(
    *,
    actor: User,
    person: User,
    course_key: UUID,
    lesson_key: UUID | None,
    language: str,
    streams: Iterable[str] = (),
) -> Task:
    """Have somebody learn a course, or one lesson of it: they are enrolled where they are not yet, and a certificate
    that has expired is renewed. Returns what, with its title in `language`. `streams` are those that the caller's
    transaction tells afterwards: they are locked with ours, in an order that cannot deadlock.

    Raises Refusal as `enrol`, for what does not exist, for what was done already, and for a lesson that is not in the
    version that they take.
    """
    course = _course(course_key, person, language)
    with transaction.atomic():
        list(Enrolment.objects.select_for_update(of=("self",)).filter(person=person, course_key=course_key))
        lock_streams([f"user:{person.pk}", *streams])
        enrolment = domain.enrol(actor=actor, person=person, course=course)
        if lesson_key is None:
            _refuse_held(person, course)
            if enrolment.completed_at is not None:
                domain.renew(actor=actor, enrolment=enrolment, course=course)
            return Task(course_key, None, course.title, course.get_absolute_url())
        item = enrolment.version.outline.get(str(lesson_key))
        if item is None:
            raise Refusal(_("This lesson is not in the version of the course that the person takes."), field="task")
        if _has_done(enrolment, lesson_key):
            raise Refusal(_("The person has done this lesson already."), field="task")
        return _lesson(course, item)


def _course(key: UUID, person: User, language: str) -> CoursePage:
    found = {course.language: course for course in visible_to(person).filter(translation_key=key)}
    course = found.get(language) or next(iter(found.values()), None)
    if course is None or not can_read(person, course):
        raise Refusal(_("This course is not for this person."), field="task")
    return course


def _refuse_held(person: User, course: CoursePage) -> None:
    if completing.holds(person=person, course=course):
        raise Refusal(_("The person has completed this course already."), field="task")


def _has_done(enrolment: Enrolment, lesson_key: UUID) -> bool:
    return enrolment.progress.filter(key=lesson_key).exclude(done_at=None).exists()


def whose(enrolment_id: int) -> Enrolment | None:
    """Who takes which course, by the enrolment that events of training are about."""
    return Enrolment.objects.filter(pk=enrolment_id).first()
