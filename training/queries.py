"""What people see of their training. Reads only; no query a row."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import pages
from .models import (
    Certificate,
    CoursePage,
    Enrolment,
    LessonFeedback,
    LessonPage,
    LessonVersion,
    ModulePage,
    Progress,
    QuizPage,
)
from .outline import Item, Outline, Section
from .permissions import visible_to

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from platform_core.accounts.models import User
    from platform_core.accounts.roles import Someone

DONE, HERE, TODO = "done", "here", "todo"


@dataclass(frozen=True)
class Learning:
    """How far somebody is in a course. `course` is the page as it is published, None when it is withdrawn."""

    enrolment: Enrolment
    outline: Outline
    seen: dict[str, datetime]
    done: frozenset[str]
    course: CoursePage | None = None
    certificate: Certificate | None = None

    @property
    def done_count(self) -> int:
        return sum(item.key in self.done for item in self.outline.items)

    @property
    def total(self) -> int:
        return len(self.outline.items)

    @property
    def minutes_left(self) -> int:
        return sum(item.minutes for item in self.outline.items if item.key not in self.done)

    @property
    def is_complete(self) -> bool:
        return self.enrolment.completed_at is not None

    @property
    def resume(self) -> Item | None:
        """Where to go on: the lesson that was opened last and is not done, else what comes after the last that was."""
        items = self.outline.items
        begun = [item for item in items if item.key in self.seen and item.key not in self.done and not item.is_quiz]
        if begun:
            return max(begun, key=lambda item: self.seen[item.key])
        last = max((place for place, item in enumerate(items) if item.key in self.done), default=-1)
        undone = [item for item in items if item.key not in self.done]
        return next((item for item in items[last + 1 :] if item.key not in self.done), undone[0] if undone else None)

    @property
    def url(self) -> str:
        return self.course.get_absolute_url() if self.course else ""

    @property
    def resume_url(self) -> str:
        return f"{self.url}{self.resume.path}/" if self.resume else self.url


@dataclass(frozen=True)
class Line:
    """An item of the outline as its reader sees it."""

    item: Item
    url: str
    state: str

    @property
    def is_done(self) -> bool:
        return self.state == DONE


@dataclass(frozen=True)
class Part:
    """A module of the outline as its reader sees it."""

    section: Section
    lines: list[Line]
    is_open: bool = False

    @property
    def done_count(self) -> int:
        return sum(line.is_done for line in self.lines)


@dataclass(frozen=True)
class Card:
    """A course of the catalogue."""

    course: CoursePage
    minutes: int
    lessons: int
    learning: Learning | None = None


@dataclass
class Sums:
    minutes: int = 0
    lessons: int = 0


def learning_in(course: CoursePage, *, viewer: Someone) -> Learning | None:
    """What the viewer takes of a course, None for who does not take it. Two queries."""
    if not viewer.is_authenticated:
        return None
    enrolments = Enrolment.objects.current().select_related("version")
    enrolment = enrolments.filter(person_id=viewer.pk, course_key=course.translation_key).first()
    if enrolment is None:
        return None
    return learnings([enrolment], {course.translation_key: course})[0]


def learning_of(person: User, *, language: str) -> list[Learning]:
    """Everything that a person takes and may read, what they did last first. Four queries at most."""
    enrolments = list(Enrolment.objects.current().filter(person=person).select_related("version"))
    if not enrolments:
        return []
    keys = [enrolment.course_key for enrolment in enrolments]
    courses: dict[UUID, CoursePage] = {}
    for course in visible_to(person).filter(translation_key__in=keys).select_related("locale"):
        if course.translation_key not in courses or course.language == language:
            courses[course.translation_key] = course
    found = [learning for learning in learnings(enrolments, courses) if learning.course]
    return sorted(found, key=_lately, reverse=True)


def courses_for(viewer: Someone, *, language: str) -> dict[UUID, CoursePage]:
    """The courses that the viewer may read, each once, in `language` if it is; the initial one first. One query."""
    found: dict[UUID, CoursePage] = {}
    for course in visible_to(viewer).select_related("locale").order_by("-is_initial", "path"):
        if course.translation_key not in found or course.language == language:
            found[course.translation_key] = course
    return found


def last_certificate(enrolment: Enrolment) -> Certificate | None:
    return enrolment.certificates.order_by("-issued_at", "-pk").first()


def certificates_of(person: User) -> dict[UUID, Certificate]:
    """The last certificate of each course of a person. One query."""
    found: dict[UUID, Certificate] = {}
    rows = Certificate.objects.filter(enrolment__person=person).select_related("enrolment").order_by("issued_at", "pk")
    for certificate in rows:
        found[certificate.enrolment.course_key] = certificate
    return found


def is_behind(enrolment: Enrolment, course: CoursePage) -> bool:
    """Whether the course was published anew since the version that somebody takes. Two queries at most."""
    return enrolment.version.stamp != pages.stamp_of(course)


def catalogue(*, viewer: Someone, language: str) -> list[Card]:
    """The courses that the viewer may read, in the editors' order, each once, in the reader's language if it is."""
    courses: dict[UUID, CoursePage] = {}
    for course in visible_to(viewer).select_related("locale").order_by("path"):
        if course.translation_key not in courses or course.language == language:
            courses[course.translation_key] = course
    mine = {}
    if viewer.is_authenticated and courses:
        mine = {each.enrolment.course_key: each for each in learning_of(viewer, language=language)}
    sums = _sums()
    return [Card(course, sums[key].minutes, sums[key].lessons, mine.get(key)) for key, course in courses.items()]


def parts_of(outline: Outline, *, base: str, learning: Learning | None, here: Item | None = None) -> list[Part]:
    """The outline with the reader's states; `base` is the address of the course. The part of `here`, or of where to go
    on, is open."""
    focus = here or (learning.resume if learning else None)
    done = learning.done if learning else frozenset()
    found = []
    for section in outline.sections:
        lines = [
            Line(
                item=item,
                url=f"{base}{item.path}/",
                state=HERE if here and item.key == here.key else DONE if item.key in done else TODO,
            )
            for item in section.items
        ]
        found.append(Part(section, lines, is_open=focus in section.items))
    return found


def kept_lesson(item: Item) -> LessonVersion | None:
    """A lesson as it is in a version, in the reader's language. One query."""
    return LessonVersion.objects.filter(pk=item.kept_id).first() if item.kept_id else None


def said_of(key: str, *, viewer: Someone) -> LessonFeedback | None:
    """What the viewer said of a lesson. One query."""
    return LessonFeedback.objects.filter(person_id=viewer.pk, key=key).first()


def published_lesson(key: str, *, language: str) -> LessonPage | None:
    """A lesson as it is published now, in the reader's language if it is there. One query."""
    found = {page.language: page for page in pages.lesson_pages([key])}
    return found.get(language) or found.get("ca") or next(iter(found.values()), None)


def learnings(enrolments: list[Enrolment], courses: dict[UUID, CoursePage]) -> list[Learning]:
    """How far each is; their versions are loaded. One query."""
    seen: dict[int, dict[str, datetime]] = defaultdict(dict)
    done: dict[int, set[str]] = defaultdict(set)
    rows = Progress.objects.filter(enrolment__in=enrolments)
    for enrolment_id, key, seen_at, done_at in rows.values_list("enrolment_id", "key", "seen_at", "done_at"):
        seen[enrolment_id][str(key)] = seen_at
        if done_at:
            done[enrolment_id].add(str(key))
    return [
        Learning(
            enrolment=enrolment,
            outline=enrolment.version.outline,
            seen=seen[enrolment.pk],
            done=frozenset(done[enrolment.pk]),
            course=courses.get(enrolment.course_key),
        )
        for enrolment in enrolments
    ]


def _lately(learning: Learning) -> tuple[bool, datetime]:
    """What is not finished first, then what was looked at last."""
    return not learning.is_complete, max(learning.seen.values(), default=learning.enrolment.created_at)


def _sums() -> dict[UUID, Sums]:
    """How long each published course is, by its name for ever. Four queries, whatever the number of courses."""
    found: dict[UUID, Sums] = defaultdict(Sums)
    paths = dict(CoursePage.objects.live().filter(alias_of=None).values_list("path", "translation_key"))
    modules = set(ModulePage.objects.live().values_list("path", flat=True))
    for model, is_lesson in ((LessonPage, True), (QuizPage, False)):
        for path, minutes in model.objects.live().values_list("path", "minutes"):
            parent = path[: -CoursePage.steplen]
            if parent not in modules and parent not in paths:
                continue
            key = paths.get(parent) or paths.get(parent[: -CoursePage.steplen])
            if key:
                found[key].minutes += minutes
                found[key].lessons += is_lesson
    return found
