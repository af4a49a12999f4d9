"""What the training puts into the activity log. Keys are the names that courses and lessons keep for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from platform_core.activity.events import Event, event_type

from .models import Clarity, PackageState, Via


@event_type("training.course_changed", version=1)
@dataclass(frozen=True, kw_only=True)
class CourseChanged(Event):
    """A course was published (anew), withdrawn, moved or deleted; `is_live` says whether readers may find it now."""

    is_live: bool


@event_type("training.module_changed", version=1)
@dataclass(frozen=True, kw_only=True)
class ModuleChanged(Event):
    """The same for a module: its lessons may be elsewhere or gone."""

    is_live: bool


@event_type("training.lesson_changed", version=1)
@dataclass(frozen=True, kw_only=True)
class LessonChanged(Event):
    """The same for a lesson."""

    is_live: bool


@event_type("training.enrolled", version=1)
@dataclass(frozen=True, kw_only=True)
class Enrolled(Event):
    """Somebody takes a course; `again` when they had left it, or do it anew after their certificate."""

    person_id: int
    course_key: UUID
    version: int
    via: Via
    again: bool


@event_type("training.enrolment_invited", version=1)
@dataclass(frozen=True, kw_only=True)
class EnrolmentInvited(Event):
    """An address was asked, or asked again, to take a course; `by_organisation` when it was asked to join one too,
    whose letter it then gets."""

    course_key: UUID
    by_organisation: bool


@event_type("training.invitation_withdrawn", version=1)
@dataclass(frozen=True, kw_only=True)
class InvitationWithdrawn(Event):
    course_key: UUID


@event_type("training.left", version=1)
@dataclass(frozen=True, kw_only=True)
class Left(Event):
    person_id: int
    course_key: UUID


@event_type("training.version_taken", version=1)
@dataclass(frozen=True, kw_only=True)
class VersionTaken(Event):
    """Somebody goes on with the course as it is now; what they had done still counts."""

    before: int
    after: int


@event_type("training.lesson_done", version=1)
@dataclass(frozen=True, kw_only=True)
class LessonDone(Event):
    key: UUID


@event_type("training.lesson_rated", version=1)
@dataclass(frozen=True, kw_only=True)
class LessonRated(Event):
    """Somebody said whether a lesson was clear to them; what they wrote stays in its own table."""

    key: UUID
    clarity: Clarity
    changed_mind: bool
    has_comment: bool


@event_type("training.quiz_judged", version=1)
@dataclass(frozen=True, kw_only=True)
class QuizJudged(Event):
    """An attempt was sent and judged. What was answered stays in its own table."""

    key: UUID
    right: int
    out_of: int
    is_passed: bool
    ran_out: bool


@event_type("training.extra_time_given", version=1)
@dataclass(frozen=True, kw_only=True)
class ExtraTimeGiven(Event):
    """`percent` is added to the time limits of somebody's quizzes. Why is nobody's business here."""

    percent: int


@event_type("training.group_changed", version=1)
@dataclass(frozen=True, kw_only=True)
class GroupChanged(Event):
    """A group was given another name or other days."""

    starts_on: date
    ends_on: date | None


@event_type("training.completed", version=1)
@dataclass(frozen=True, kw_only=True)
class CourseCompleted(Event):
    person_id: int
    course_key: UUID
    certificate_id: int


@event_type("training.session_changed", version=1)
@dataclass(frozen=True, kw_only=True)
class SessionChanged(Event):
    """A session was announced, changed or cancelled."""

    is_new: bool
    is_cancelled: bool


@event_type("training.seat_changed", version=1)
@dataclass(frozen=True, kw_only=True)
class SeatChanged(Event):
    """Somebody has a place in a session, waits for one, or has none any more; `moved_up` when a place became free."""

    person_id: int
    state: str
    moved_up: bool


@event_type("training.attended", version=1)
@dataclass(frozen=True, kw_only=True)
class Attended(Event):
    """`by_code`: they wrote the code that was said in the session."""

    person_id: int
    by_code: bool


@event_type("training.package_added", version=1)
@dataclass(frozen=True, kw_only=True)
class PackageAdded(Event):
    """Somebody uploaded a package; sizes are bytes."""

    kind: str
    sha256: str
    files: int
    unpacked_size: int


@event_type("training.package_changed", version=1)
@dataclass(frozen=True, kw_only=True)
class PackageChanged(Event):
    """A package was called otherwise, retired, or may be put into lessons again. Its files never change."""

    state: PackageState


@event_type("training.package_deleted", version=1)
@dataclass(frozen=True, kw_only=True)
class PackageDeleted(Event):
    """A package that no lesson had ever used was deleted with its files."""

    sha256: str


@event_type("training.package_infected", version=1)
@dataclass(frozen=True, kw_only=True)
class PackageInfected(Event):
    """The malware scanner found something in what somebody uploaded; nothing of it was kept."""

    found: str
    sha256: str
