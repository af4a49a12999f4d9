"""In which lessons a package stands, of those that somebody takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from wagtail.models import Revision

from ..models import LessonPage, LessonVersion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..models import CourseVersion

BLOCK = "package"
"""The name of the block in a lesson."""


def packages_in(lesson: LessonVersion | LessonPage) -> list[int]:
    """The packages of a lesson, by their numbers. No query."""
    return _packages_of(lesson.body.raw_data)


def packages_in_drafts() -> Iterator[list[int]]:
    """The same of each lesson as it was saved last, and as it is to be published later. One query."""
    latest = LessonPage.objects.values("latest_revision")
    revisions = Revision.objects.filter(Q(pk__in=latest) | ~Q(approved_go_live_at=None))
    for content in revisions.values_list("content", flat=True).iterator():
        if BLOCK in content.get("body", ""):  # of all kinds of page, only lessons have such a block
            yield _packages_of(json.loads(content["body"]))


def _packages_of(blocks: Iterable[dict[str, Any]]) -> list[int]:
    return [block["value"] for block in blocks if block["type"] == BLOCK and block["value"]]


def is_in_lesson(version: CourseVersion, lesson_key: str, package: int) -> bool:
    """Whether a lesson of that name has the package, in any language of the version. One query."""
    item = version.outline.get(lesson_key)
    if item is None:
        return False
    return any(package in packages_in(lesson) for lesson in LessonVersion.objects.filter(pk__in=item.kept.values()))
