"""How courses and lessons are told to the search: as they are published, whoever has begun an older version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from knowledge_base.public import Audience
from platform_core.search.public import PUBLIC, SIGNED_IN, STAFF, Draft, Projector, register

from .models import CoursePage, LessonPage
from .pages import course_of, path_inside
from .permissions import lessons_for, visible_to

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from platform_core.accounts.roles import Someone

COURSE, LESSON = "training.course", "training.lesson"
_TOKENS = {Audience.PUBLIC: PUBLIC, Audience.SIGNED_IN: SIGNED_IN, Audience.STAFF: STAFF}


def project_course(object_id: str) -> Draft | None:
    course = CoursePage.objects.live().select_related("locale").filter(pk=object_id, alias_of=None).first()
    if course is None:
        return None
    return Draft(
        title=course.title,
        body=" ".join(words for words in (course.summary, course.written_for, course.taken_as) if words),
        path=f"/{course.site_path}",
        language=course.locale.language_code,
        audience=frozenset({_TOKENS[Audience(course.audience)]}),
        updated_at=course.last_published_at or course.latest_revision_created_at,
    )


def project_lesson(object_id: str) -> Draft | None:
    lesson = LessonPage.objects.live().select_related("locale").filter(pk=object_id, alias_of=None).first()
    course = course_of(lesson) if lesson else None
    if lesson is None or course is None:
        return None
    inside = path_inside(lesson)
    if inside is None:
        return None
    return Draft(
        title=lesson.title,
        body=lesson.plain_body(),
        path=f"/{course.site_path}{inside}/",
        group=course.title,
        language=lesson.locale.language_code,
        audience=frozenset({_TOKENS[Audience(course.audience)]}),
        updated_at=lesson.last_published_at or lesson.latest_revision_created_at,
    )


def course_ids() -> Iterable[str]:
    return (str(pk) for pk in CoursePage.objects.live().filter(alias_of=None).values_list("pk", flat=True))


def lesson_ids() -> Iterable[str]:
    return (str(pk) for pk in LessonPage.objects.live().filter(alias_of=None).values_list("pk", flat=True))


def visible_courses(viewer: Someone, wanted: Collection[str]) -> set[str]:
    return {str(pk) for pk in visible_to(viewer).filter(pk__in=wanted).values_list("pk", flat=True)}


def visible_lessons(viewer: Someone, wanted: Collection[str]) -> set[str]:
    return {str(pk) for pk in lessons_for(viewer).filter(pk__in=wanted).values_list("pk", flat=True)}


register(
    Projector(
        kind=COURSE, project=project_course, ids=course_ids, visible=visible_courses, label=_("Course"), icon="school"
    )
)
register(
    Projector(
        kind=LESSON, project=project_lesson, ids=lesson_ids, visible=visible_lessons, label=_("Lesson"), icon="book"
    )
)
