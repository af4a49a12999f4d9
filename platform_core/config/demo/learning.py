"""Who learns what in the demo world: one trainee half-way through the initial course. Fictional, as all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from platform_core.organisations.public import Organisation
from training import domain
from training.domain import Mark, Place
from training.public import load_course

from .people import ENS_2

if TYPE_CHECKING:
    from platform_core.accounts.models import User

TRAINEE, HER_REFERENT = "alumna@ens2.test", "referent@ens2.test"
LESSONS_DONE = 10


def build_learning(people: dict[str, User]) -> None:
    """The course that comes with the product, and who takes it. Nothing for who takes it already."""
    course = load_course()
    trainee = people[TRAINEE]
    if trainee.enrolments.filter(course_key=course.translation_key).exists():
        return
    place = Place(organisation=Organisation.objects.get(slug=ENS_2))
    enrolment = domain.enrol(actor=people[HER_REFERENT], person=trainee, course=course, place=place)
    lessons = [item for item in enrolment.version.outline.items if not item.is_quiz]
    marks = [Mark(key=UUID(item.key), is_done=True) for item in lessons[:LESSONS_DONE]]
    domain.mark(person=trainee, course_key=course.translation_key, marks=marks)
