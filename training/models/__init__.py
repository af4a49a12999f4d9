"""Data of the training, a file for each matter."""

from .attempts import Attempt, AttemptAnswer
from .certificates import Certificate
from .feedback import Clarity, LessonFeedback
from .invitations import EnrolmentInvitation, InvitationState
from .packages import Package, PackageData, PackageFile, PackageKind, PackageState
from .pages import (
    INDEX_SLUG,
    RESERVED_SLUGS,
    CourseIndexPage,
    CoursePage,
    CoursePrerequisite,
    LessonPage,
    ModulePage,
    QuizPage,
    course_called,
)
from .sessions import Seat, SeatState, Session
from .taking import Cohort, Enrolment, Progress, Via
from .versions import CourseVersion, LessonVersion, QuizVersion

__all__ = [
    "INDEX_SLUG",
    "RESERVED_SLUGS",
    "Attempt",
    "AttemptAnswer",
    "Certificate",
    "Clarity",
    "Cohort",
    "CourseIndexPage",
    "CoursePage",
    "CoursePrerequisite",
    "CourseVersion",
    "Enrolment",
    "EnrolmentInvitation",
    "InvitationState",
    "LessonFeedback",
    "LessonPage",
    "LessonVersion",
    "ModulePage",
    "Package",
    "PackageData",
    "PackageFile",
    "PackageKind",
    "PackageState",
    "Progress",
    "QuizPage",
    "QuizVersion",
    "Seat",
    "SeatState",
    "Session",
    "Via",
    "course_called",
]
