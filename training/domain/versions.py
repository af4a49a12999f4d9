"""Keeping a course as it is published, for who begins it now (docs/decisions/0022)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from platform_core.base.errors import Refusal

from .. import pages
from ..models import CoursePage, CourseVersion, LessonVersion, QuizVersion
from ..outline import Item, Outline

if TYPE_CHECKING:
    from ..models import LessonPage, QuizPage

Kept = dict[str, dict[str, int]]


def current_version(*, course: CoursePage) -> CourseVersion:
    """The version of a course as it is published now; made when nobody has begun it since it changed.

    Raises Refusal for a course without a lesson.
    """
    source = course.source
    with transaction.atomic():
        # One at a time: two people who begin at once begin the same version.
        CoursePage.objects.select_for_update().only("pk").get(pk=source.pk)
        stamp = pages.stamp_of(source)
        found = CourseVersion.objects.filter(course_key=source.translation_key, stamp=stamp).first()
        if found:
            return found
        outline = pages.outline_of(source)
        if not outline.items:
            raise Refusal(_("This course has no lessons yet."))
        last = CourseVersion.objects.filter(course_key=source.translation_key).aggregate(last=Max("number"))["last"]
        return CourseVersion.objects.create(
            course_key=source.translation_key,
            number=(last or 0) + 1,
            stamp=stamp,
            outline_data=_with_kept(outline).to_json(),
        )


def _with_kept(outline: Outline) -> Outline:
    """The outline, with the rows that its lessons and quizzes are kept in."""
    kept: Kept = {}
    for lesson in pages.lesson_pages(item.key for item in outline.items if not item.is_quiz):
        kept.setdefault(str(lesson.translation_key), {})[lesson.language] = _keep_lesson(lesson)
    for quiz in pages.quiz_pages(item.key for item in outline.items if item.is_quiz):
        kept.setdefault(str(quiz.translation_key), {})[quiz.language] = _keep_quiz(quiz)

    def keep(item: Item) -> Item:
        return replace(item, kept=kept.get(item.key, {}))

    sections = tuple(replace(section, items=tuple(map(keep, section.items))) for section in outline.sections)
    return replace(outline, sections=sections)


def _keep_lesson(page: LessonPage) -> int:
    facts: dict[str, Any] = {"title": page.title, "objective": page.objective, "minutes": page.minutes}
    raw = _stored(page.body)
    return _row(LessonVersion, page, {**facts, "body": json.dumps(raw)}, digest=_digest(facts, raw))


def _keep_quiz(page: QuizPage) -> int:
    names = ("title", "introduction", "minutes", "draw", "pass_mark", "attempts", "time_limit")
    facts: dict[str, Any] = {name: getattr(page, name) for name in names}
    raw = _stored(page.questions)
    return _row(QuizVersion, page, {**facts, "questions": json.dumps(raw)}, digest=_digest(facts, raw))


def _row(model: Any, page: Any, facts: dict[str, Any], *, digest: str) -> int:
    row, _created = model.objects.get_or_create(
        key=page.translation_key, language=page.language, digest=digest, defaults=facts
    )
    found: int = row.pk
    return found


def _stored(stream: Any) -> list[dict[str, Any]]:
    """A stream as it is stored, with the ids of its blocks."""
    return [dict(block) for block in stream.raw_data]


def _digest(facts: dict[str, Any], raw: list[dict[str, Any]]) -> str:
    return hashlib.sha256(json.dumps([facts, raw], sort_keys=True).encode()).hexdigest()
