"""In which lessons a package stands, of those that somebody takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..models import LessonVersion

if TYPE_CHECKING:
    from ..models import CourseVersion, LessonPage

BLOCK = "package"
"""The name of the block in a lesson."""


def packages_in(lesson: LessonVersion | LessonPage) -> list[int]:
    """The packages of a lesson, by their numbers. No query."""
    return [block["value"] for block in lesson.body.raw_data if block["type"] == BLOCK and block["value"]]


def is_in_lesson(version: CourseVersion, lesson_key: str, package: int) -> bool:
    """Whether a lesson of that name has the package, in any language of the version. One query."""
    item = version.outline.get(lesson_key)
    if item is None:
        return False
    return any(package in packages_in(lesson) for lesson in LessonVersion.objects.filter(pk__in=item.kept.values()))
