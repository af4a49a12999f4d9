"""What those who take a course say of its lessons: for who writes them. Reads only, and never says who said it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from platform_core.base.keys import moment_and_number

from .models import Clarity, CourseVersion, LessonFeedback, LessonVersion
from .outline import said

if TYPE_CHECKING:
    from collections.abc import Mapping

QUARTER = timedelta(days=90)
PAGE = 25  # comments


@dataclass(frozen=True)
class Asked:
    """Which comments; what we do not understand is as if it were not there. `after` is the last one of the page
    before."""

    lesson: str = ""
    after: tuple[str, int] | None = None

    @classmethod
    def of(cls, address: Mapping[str, str]) -> Asked:
        return cls(lesson=_uuid(address.get("llico", "")), after=moment_and_number(address.get("despres", "")))


@dataclass(frozen=True)
class Counts:
    clear: int = 0
    partly: int = 0
    unclear: int = 0

    @property
    def total(self) -> int:
        return self.clear + self.partly + self.unclear

    @property
    def percent(self) -> int | None:
        """Of those to whom it was clear; None while nobody has said anything."""
        return round(100 * self.clear / self.total) if self.total else None


@dataclass(frozen=True)
class LessonOpinion:
    """A lesson with what was said of it: ever, in the last 90 days, and in the 90 before them. `is_there` says whether
    the newest version still has it."""

    key: str
    title: str
    is_there: bool
    ever: Counts
    now: Counts
    before: Counts
    comments: int

    @property
    def hardness(self) -> tuple[bool, float]:
        """The hardest first; «partly» is half clear. Two invisible voices, one for and one against, keep one opinion
        from outweighing twenty (Laplace's rule of succession)."""
        return not self.ever.total, (self.ever.clear + self.ever.partly / 2 + 1) / (self.ever.total + 2)


@dataclass(frozen=True)
class Comment:
    title: str
    said: LessonFeedback


@dataclass(frozen=True)
class Comments:
    rows: list[Comment]
    next_address: str


def lessons_said(course_key: UUID) -> list[LessonOpinion]:
    """Every lesson of the newest version, and those of older ones of which somebody said something; the hardest first.
    Three queries at most."""
    counts = _counts(course_key)
    version = CourseVersion.objects.filter(course_key=course_key).order_by("-number").first()
    titles = {item.key: item.title for item in version.outline.items if not item.is_quiz} if version else {}
    gone = _titles_kept([key for key in counts if key not in titles])
    found = [
        _opinion(key, title, counts.get(key, {}), is_there=key in titles) for key, title in (titles | gone).items()
    ]
    return sorted(found, key=lambda opinion: opinion.hardness)


def comments(course_key: UUID, *, asked: Asked, titles: Mapping[str, str]) -> Comments:
    """One page of what people wrote, the newest first. `titles` names the lessons. One query."""
    found = LessonFeedback.objects.filter(course_key=course_key).exclude(comment="")
    if asked.lesson:
        found = found.filter(key=asked.lesson)
    if asked.after:
        at, pk = asked.after
        found = found.filter(Q(changed_at__lt=at) | Q(changed_at=at, pk__lt=pk))
    rows = list(found.order_by("-changed_at", "-pk").defer("person")[: PAGE + 1])
    more, rows = len(rows) > PAGE, rows[:PAGE]
    words = {"llico": asked.lesson, "despres": f"{rows[-1].changed_at.isoformat()}~{rows[-1].pk}"} if more else {}
    address = "?" + urlencode({name: word for name, word in words.items() if word}) if more else ""
    return Comments([Comment(titles.get(str(row.key), ""), row) for row in rows], address)


def _counts(course_key: UUID) -> dict[str, dict[str, int]]:
    """By lesson: `clear`, `clear_now`, `clear_before`, and so on, and `comments`. One query."""
    now = timezone.now()
    recent = Q(changed_at__gt=now - QUARTER)
    before = Q(changed_at__gt=now - 2 * QUARTER) & ~recent
    sums = {"comments": Count("pk", filter=~Q(comment=""))}
    for clarity in Clarity.values:
        this = Q(clarity=clarity)
        sums[clarity] = Count("pk", filter=this)
        sums[f"{clarity}_now"] = Count("pk", filter=this & recent)
        sums[f"{clarity}_before"] = Count("pk", filter=this & before)
    rows = LessonFeedback.objects.filter(course_key=course_key).order_by().values_list("key").annotate(**sums)
    return {str(key): dict(zip(sums, numbers, strict=True)) for key, *numbers in rows}


def _opinion(key: str, title: str, counts: dict[str, int], *, is_there: bool) -> LessonOpinion:
    ever, now, before = (
        Counts(**{clarity: counts.get(f"{clarity}{when}", 0) for clarity in Clarity.values})
        for when in ("", "_now", "_before")
    )
    return LessonOpinion(key, title, is_there, ever, now, before, counts.get("comments", 0))


def _titles_kept(keys: list[str]) -> dict[str, str]:
    """What lessons were called that are in the course no more, in the reader's language if they were."""
    if not keys:
        return {}
    titles: dict[str, dict[str, str]] = {}
    rows = LessonVersion.objects.filter(key__in=keys).order_by("pk")
    for key, language, title in rows.values_list("key", "language", "title"):
        titles.setdefault(str(key), {})[language] = title
    return {key: said(words) for key, words in titles.items()}


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""
