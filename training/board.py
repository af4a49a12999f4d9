"""How people do: the board of the service and of referents. Reads only; as many queries for five people as for five
thousand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils import timezone

from .models import Attempt, Certificate, Cohort, CourseVersion, Enrolment, Progress
from .outline import Item, Outline
from .permissions import enrolments_seen_by, manages_training
from .queries import learnings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

    from django.core.paginator import Page
    from django.db.models import QuerySet

    from platform_core.accounts.roles import Someone

    from .queries import Learning

PAGE = 50  # people
EXPORTED_AT_ONCE = 500
STATES = ("nobegun", "doing", "stuck", "done")
STUCK_AFTER = timedelta(days=14)
"""Without opening, doing or trying anything, who has begun and not completed a course is stuck."""


@dataclass(frozen=True)
class Asked:
    """Which part of the board; what is empty asks for all. `state` is one of STATES."""

    cohort: int | None = None
    state: str = ""
    text: str = ""


@dataclass(frozen=True)
class Row:
    """How one person does."""

    learning: Learning
    last_at: datetime | None
    certificate: Certificate | None

    @property
    def percent(self) -> int:
        return round(100 * self.learning.done_count / self.learning.total) if self.learning.total else 0


@dataclass(frozen=True)
class Reached:
    """How many have done one lesson or quiz of the newest version."""

    item: Item
    count: int


@dataclass(frozen=True)
class OfBody:
    """How the people of one local body do."""

    name: str
    total: int
    begun: int
    completed: int
    stuck: int


@dataclass
class Board:
    """`total`, `begun`, `stuck` and `completed` count everybody that was asked for, `rows` are of one page."""

    total: int
    begun: int
    completed: int
    stuck: int
    rows: list[Row]
    page: Page[Enrolment]
    cohorts: list[Cohort] = field(default_factory=list)
    reached: list[Reached] = field(default_factory=list)
    bodies: list[OfBody] = field(default_factory=list)


def board(course_key: UUID, *, viewer: Someone, asked: Asked, number: str | int = 1) -> Board:
    """Nine queries at most."""
    found = _found(course_key, viewer=viewer, asked=asked)
    counts, bodies = _counted(found)
    people = found.select_related("person", "organisation", "cohort")
    paginator = Paginator(people.order_by("person__name", "person__email", "pk"), PAGE)
    paginator.__dict__["count"] = counts["total"]  # it is known already
    page = paginator.get_page(number)
    enrolments = list(page.object_list)
    newest = CourseVersion.objects.filter(course_key=course_key).order_by("-number").values("pk")[:1]
    wanted = Q(pk__in={enrolment.version_id for enrolment in enrolments}) | Q(pk=Subquery(newest))
    versions = {version.pk: version for version in CourseVersion.objects.filter(wanted).order_by("number")}
    rows = list(_rows(enrolments, versions))
    cohorts = list(Cohort.objects.filter(course_key=course_key)) if manages_training(viewer) else []
    # Versions are numbered as they come, so the newest of the course is the last one.
    outline = list(versions.values())[-1].outline if versions else None
    return Board(**counts, rows=rows, page=page, cohorts=cohorts, reached=_reached(outline, found), bodies=bodies)


def everybody(course_key: UUID, *, viewer: Someone, asked: Asked) -> Iterator[Row]:
    """The rows of all pages, a batch at a time: for the file."""
    found = _found(course_key, viewer=viewer, asked=asked).select_related("person", "organisation", "cohort")
    last = 0
    while batch := list(found.filter(pk__gt=last).order_by("pk")[:EXPORTED_AT_ONCE]):
        last = batch[-1].pk
        yield from _rows(batch, CourseVersion.objects.in_bulk({enrolment.version_id for enrolment in batch}))


def _found(course_key: UUID, *, viewer: Someone, asked: Asked) -> QuerySet[Enrolment]:
    found = enrolments_seen_by(viewer).filter(course_key=course_key, left_at=None)
    if asked.cohort:
        found = found.filter(cohort=asked.cohort)
    if asked.text:
        words = asked.text
        found = found.filter(
            Q(person__name__icontains=words)
            | Q(person__email__icontains=words)
            | Q(organisation__name__icontains=words)
        )
    match asked.state:
        case "nobegun":
            found = found.filter(~_begun(), completed_at=None)
        case "doing":
            found = found.filter(_begun(), completed_at=None)
        case "stuck":
            found = found.filter(_begun(), ~_active(), completed_at=None)
        case "done":
            found = found.exclude(completed_at=None)
    return found


_SUMS = {
    "total": Count("pk"),
    "begun": Count("pk", filter=Q(has_begun=True)),
    "completed": Count("pk", filter=~Q(completed_at=None)),
    "stuck": Count("pk", filter=Q(has_begun=True, is_active=False, completed_at=None)),
}


def _begun() -> Exists:
    return Exists(Progress.objects.filter(enrolment=OuterRef("pk")))


def _active() -> Q:
    """Whether something was opened, done or tried of late."""
    since = timezone.now() - STUCK_AFTER
    opened = Progress.objects.filter(Q(seen_at__gte=since) | Q(done_at__gte=since), enrolment=OuterRef("pk"))
    tried = Attempt.objects.filter(started_at__gte=since, enrolment=OuterRef("pk"))
    return Q(Exists(opened)) | Q(Exists(tried))


def _with_states(found: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    return found.annotate(has_begun=_begun(), is_active=_active())


def _counted(found: QuerySet[Enrolment]) -> tuple[dict[str, int], list[OfBody]]:
    """Everybody, and by local body, those with most people that are stuck first. One query."""
    names = ("organisation__name", "organisation__sort_key", "organisation")
    rows = list(_with_states(found).order_by().values(*names).annotate(**_SUMS))
    bodies = [
        (row["organisation__sort_key"], OfBody(row["organisation__name"], *(row[name] for name in _SUMS)))
        for row in rows
        if row["organisation"] is not None
    ]
    bodies.sort(key=lambda each: (-each[1].stuck, each[0]))
    return {name: sum(row[name] for row in rows) for name in _SUMS}, [body for _key, body in bodies]


def _rows(enrolments: list[Enrolment], versions: Mapping[int, CourseVersion]) -> Iterator[Row]:
    """Two queries. People who began the same version share it."""
    for enrolment in enrolments:
        enrolment.version = versions[enrolment.version_id]
    certificates: dict[int, Certificate] = {}
    for certificate in Certificate.objects.filter(enrolment__in=enrolments).order_by("issued_at", "pk"):
        certificates[certificate.enrolment_id] = certificate
    for learning in learnings(enrolments, {}):
        last_at = max(learning.seen.values(), default=None)
        yield Row(learning, last_at, certificates.get(learning.enrolment.pk))


def _reached(outline: Outline | None, found: QuerySet[Enrolment]) -> list[Reached]:
    """How far the people of the board came, lesson by lesson. One query."""
    if outline is None:
        return []
    done: dict[str, int] = defaultdict(int)
    rows = Progress.objects.filter(enrolment__in=found.order_by().values("pk")).exclude(done_at=None)
    for key, count in rows.values_list("key").annotate(count=Count("pk")):
        done[str(key)] = count
    return [Reached(item, done[item.key]) for item in outline.items]
