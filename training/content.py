"""The tree of courses, and the course that comes with the product. All of it asks first whether it is already there."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, uuid5

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.text import slugify
from wagtail.models import Page

from knowledge_base.public import Audience, ground, plant
from platform_core.accounts.public import Role

from .models import INDEX_SLUG, CourseIndexPage, CoursePage, LessonPage, ModulePage, QuizPage

Ours = TypeVar("Ours", bound=Page)

COURSE = Path(__file__).parent / "data" / "course_ca.json"
INITIAL = "formacio-inicial"
"""The address and the name of the course that comes with the product."""
QUIZ_SLUG = "prova-final"
RIGHTS_TOPIC = "administracio-plataforma"
"""The topic, among the answers that come with the product, that who asks for administrator rights chooses."""
DRAWN = 12  # questions in an attempt
VALID_FOR = 24  # months
SECONDS_A_QUESTION = 90


def prepare() -> CourseIndexPage:
    """The front page of the courses in each language, and who may write and review under it; returns the Catalan one.

    Idempotent; run it after each `migrate`.
    """
    with transaction.atomic():
        root = ground()
        index = CourseIndexPage.objects.child_of(root).first()
        if index is None:
            index = _publish(root, CourseIndexPage(title="Formació", slug=INDEX_SLUG, locale=root.locale))
        found: CourseIndexPage = plant(index)
        _let_upload_packages()
    return found


def _let_upload_packages() -> None:
    """Editors and coordinators upload packages, and delete those that nothing uses."""
    permissions = Permission.objects.filter(content_type__app_label="training", content_type__model="package")
    for group in Group.objects.filter(name__in=(Role.EDITOR, Role.COORDINATOR)):
        group.permissions.add(*permissions)


def load_course(path: Path = COURSE) -> CoursePage:
    """Publish the initial course, where it is not there yet; what the editors made of it since stays as they left it.

    Raises what `json` and a missing field raise; then nothing was written.
    """
    facts = json.loads(path.read_text())
    if found := CoursePage.objects.filter(key=INITIAL).order_by("path").first():
        return found
    with transaction.atomic():
        index = prepare()
        course = CoursePage(
            title=facts["title"],
            slug=INITIAL,
            key=INITIAL,
            summary="Del primer accés a un procés participatiu publicat: tot el que cal per portar la plataforma.",
            written_for=facts["audience"],
            taken_as=facts["format"],
            audience=Audience.SIGNED_IN,
            is_initial=True,
            valid_for=VALID_FOR,
            needed_for=RIGHTS_TOPIC,
            locale=index.locale,
        )
        _publish(index, course)
        for module in facts["modules"]:
            _add_module(course, module)
        _add_quiz(course, facts)
    return course


def _add_module(course: CoursePage, facts: dict[str, Any]) -> None:
    page = ModulePage(
        title=facts["title"], slug=slugify(facts["title"]), summary=facts["summary"], locale=course.locale
    )
    _publish(course, page)
    for lesson in facts["lessons"]:
        body = [{"type": "points", "value": lesson["points"]}]
        if "activity" in lesson:
            body.append(
                {"type": "task", "value": {"text": f"<p>{escape(lesson['activity'], quote=False)}</p>", "hint": ""}}
            )
        made = LessonPage(
            title=lesson["title"],
            slug=slugify(lesson["title"]),
            objective=lesson["objective"],
            minutes=lesson["minutes"],
            body=json.dumps(body),
            locale=course.locale,
        )
        _publish(page, made)


def _add_quiz(course: CoursePage, facts: dict[str, Any]) -> None:
    quiz = QuizPage(
        title="Prova final",
        slug=QUIZ_SLUG,
        introduction="Preguntes de tots els mòduls. Podeu fer-la tantes vegades com vulgueu.",
        minutes=max(1, round(DRAWN * SECONDS_A_QUESTION / 60)),
        questions=json.dumps([_single(number, item) for number, item in enumerate(facts["quiz"], start=1)]),
        draw=DRAWN,
        pass_mark=round(facts["pass_mark"] * 100),
        locale=course.locale,
    )
    _publish(course, quiz)


def _single(number: int, facts: dict[str, Any]) -> dict[str, Any]:
    """A question by a name that is the same wherever the course is loaded."""
    options = [
        {"text": text, "is_right": place == facts["answer"], "why": ""} for place, text in enumerate(facts["options"])
    ]
    value = {"prompt": facts["question"], "explanation": facts["explanation"], "options": options}
    return {"type": "single", "id": str(uuid5(NAMESPACE_URL, f"{INITIAL}:{number}")), "value": value}


def _publish(parent: Page, page: Ours) -> Ours:
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page
