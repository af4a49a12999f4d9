"""Who learns what in the demo world: one trainee half-way through the initial course. Fictional, as all of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from platform_core.organisations.public import Organisation
from training import domain
from training.domain import Mark, Place, sessions
from training.models import Session
from training.public import load_course

from .people import ENS_2

if TYPE_CHECKING:
    from platform_core.accounts.models import User
    from training.models import CoursePage

TRAINEE, HER_REFERENT, COORDINATOR = "alumna@ens2.test", "referent@ens2.test", "coordinacio@desk.test"
SESSION = "Sessió final en directe (exemple)"
LESSONS_DONE = 10
TUESDAY = 1


def build_learning(people: dict[str, User]) -> None:
    """The course that comes with the product, and who takes it. Nothing for who takes it already."""
    course = load_course()
    _announce(people[COORDINATOR], course)
    trainee = people[TRAINEE]
    if trainee.enrolments.filter(course_key=course.translation_key).exists():
        return
    place = Place(organisation=Organisation.objects.get(slug=ENS_2))
    enrolment = domain.enrol(actor=people[HER_REFERENT], person=trainee, course=course, place=place)
    lessons = [item for item in enrolment.version.outline.items if not item.is_quiz]
    marks = [Mark(key=UUID(item.key), is_done=True) for item in lessons[:LESSONS_DONE]]
    domain.mark(person=trainee, course_key=course.translation_key, marks=marks)


def _announce(coordinator: User, course: CoursePage) -> None:
    """A session on the Tuesday after next week, from ten to twelve."""
    if Session.objects.filter(course_key=course.translation_key).exists():
        return
    today = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)
    begins = today + timedelta(days=14 - today.weekday() + TUESDAY)
    facts = sessions.SessionFacts(
        title=SESSION,
        starts_at=begins,
        ends_at=begins + timedelta(hours=2),
        place="En línia",
        url="https://reunio.example/sessio-final",
        places=25,
        attendance_code="participem",
    )
    sessions.announce(actor=coordinator, course=course, facts=facts)
