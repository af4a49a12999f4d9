"""What a course is made of as it is published now. Reads only; as many queries however long it is."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, override
from wagtail.models import Page

from .models import CoursePage, LessonPage, ModulePage, QuizPage
from .outline import Item, ItemKind, Outline, Section, Words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from .models.pages import InsidePage

LANGUAGES = ("ca", "es", "en")


def course_of(page: InsidePage) -> CoursePage | None:
    """The published course that a page stands in, when all that is between them is published. One query."""
    paths = [page.path[:end] for end in range(page.steplen, len(page.path), page.steplen)]
    above = {found.path: found for found in Page.objects.filter(path__in=paths, depth__gt=2)}
    if not all(found.live for found in above.values()):
        return None
    course: CoursePage | None = CoursePage.objects.filter(path__in=paths).select_related("locale").first()
    return course


def path_inside(page: InsidePage) -> str | None:
    """The address of a lesson inside its course, which is that of its Catalan page."""
    source = type(page).objects.filter(translation_key=page.translation_key, locale__language_code="ca").first() or page
    return "/".join(source.url_path.strip("/").split("/")[-2:])


def stamp_of(course: CoursePage) -> str:
    """Says which published pages a course is made of now: another one after anything inside of it was
    published, moved or withdrawn. One query, and one more for a course that is not in Catalan."""
    source = course.source
    keys = _inside(source).values("translation_key")
    rows = (
        Page.objects.live()
        .filter(translation_key__in=keys, alias_of=None)
        .order_by("path")
        .values_list("path", "translation_key", "live_revision_id", "last_published_at")
    )
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()


def outline_of(course: CoursePage) -> Outline:
    """The published outline of a course, in the order of its Catalan pages. Five queries."""
    source = course.source
    modules = list(_under(ModulePage, source))
    lessons = list(_under(LessonPage, source).defer("body"))
    quizzes = list(_under(QuizPage, source).defer("questions"))
    titles = _titles([source, *modules, *lessons, *quizzes])
    inside: dict[str, list[Item]] = defaultdict(list)
    for page in sorted([*lessons, *quizzes], key=lambda page: page.path):
        inside[page.path[: -page.steplen]].append(_item(page, source, titles))
    sections = [
        Section(
            key=str(module.translation_key),
            titles=titles[module.translation_key],
            summaries={module.language: module.summary},
            items=tuple(inside[module.path]),
        )
        for module in modules
        if inside[module.path]
    ]
    if inside[source.path]:
        sections.append(Section(key="", titles=_last_part(), summaries={}, items=tuple(inside[source.path])))
    return Outline(titles=titles[source.translation_key], slug=source.slug, sections=tuple(sections))


def lesson_pages(keys: Iterable[str]) -> list[LessonPage]:
    """The published lessons of these names, in every language. One query."""
    found = LessonPage.objects.live().filter(translation_key__in=list(keys), alias_of=None)
    return list(found.select_related("locale"))


def quiz_pages(keys: Iterable[str]) -> list[QuizPage]:
    found = QuizPage.objects.live().filter(translation_key__in=list(keys), alias_of=None)
    return list(found.select_related("locale"))


def _under(model: Any, course: CoursePage) -> Any:
    return model.objects.live().descendant_of(course).select_related("locale").order_by("path")


def _inside(course: CoursePage) -> Any:
    return Page.objects.live().descendant_of(course)


def _titles(pages: list[Any]) -> dict[UUID, Words]:
    """What each is called in each language that it is published in. One query."""
    found: dict[UUID, Words] = defaultdict(dict)
    for page in pages:
        found[page.translation_key][page.language] = page.title
    rows = Page.objects.live().filter(translation_key__in=list(found), alias_of=None)
    for key, language, title in rows.values_list("translation_key", "locale__language_code", "title"):
        found[key][language] = title
    return found


def _item(page: Any, course: CoursePage, titles: dict[UUID, Words]) -> Item:
    kind = ItemKind.QUIZ if isinstance(page, QuizPage) else ItemKind.LESSON
    return Item(
        key=str(page.translation_key),
        kind=kind,
        path=page.url_path.removeprefix(course.url_path).strip("/"),
        titles=titles[page.translation_key],
        minutes=page.minutes,
    )


def _last_part() -> Words:
    words = {}
    for language in LANGUAGES:
        with override(language):
            words[language] = gettext("To end")
    return words
