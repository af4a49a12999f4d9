"""Courses for the tests, published as the editors do, and people who take them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from knowledge_base.public import Audience
from training import domain
from training.content import prepare
from training.models import CoursePage, LessonPage, ModulePage, QuizPage
from training.pages import course_of

if TYPE_CHECKING:
    from platform_core.accounts.models import User
    from training.models import Enrolment


def publish(parent: Any, page: Any) -> Any:
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


def course(title: str = "Formació inicial", *, lessons: int = 3, modules: int = 1, **facts: Any) -> CoursePage:
    """A course of `modules` modules with `lessons` lessons each, «Lliçó 1.1» and so on."""
    page = publish(prepare(), CoursePage(title=title, audience=facts.pop("audience", Audience.SIGNED_IN), **facts))
    for number in range(1, modules + 1):
        module = publish(page, ModulePage(title=f"Mòdul {number}"))
        for place in range(1, lessons + 1):
            lesson(module, f"Lliçó {number}.{place}")
    return page


def lesson(module: ModulePage, title: str, *, text: str = "", body: list[dict[str, Any]] | None = None) -> LessonPage:
    blocks = body or [{"type": "text", "value": f"<p>{text or f'Text de {title}.'}</p>"}]
    return publish(module, LessonPage(title=title, objective=f"Saber {title}", body=json.dumps(blocks)))


def lessons_of(page: CoursePage) -> list[LessonPage]:
    return list(LessonPage.objects.descendant_of(page).order_by("path"))


def enrolled(person: User, page: CoursePage) -> Enrolment:
    return domain.enrol(actor=person, person=person, course=page)


def do(person: User, *pages: LessonPage | QuizPage) -> Enrolment:
    """Mark lessons of a course as done."""
    above = course_of(pages[0])
    marks = [domain.Mark(key=page.translation_key, is_done=True) for page in pages]
    return domain.mark(person=person, course_key=above.translation_key, marks=marks)
