"""Whether somebody who asks for rights has completed the courses that those ask for. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils import timezone

from .models import Certificate, CoursePage, Enrolment
from .queries import certificates_of

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from platform_core.accounts.models import User


class Standing(StrEnum):
    """`EXPIRING`: it holds, and may be renewed already."""

    PASSED = "passed"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    TAKING = "taking"
    MISSING = "missing"


@dataclass(frozen=True)
class Required:
    """A course that rights ask for, and how somebody stands in it. `certificate` is the last one, None without any."""

    course: CoursePage
    standing: Standing
    certificate: Certificate | None = None

    @property
    def is_met(self) -> bool:
        return self.standing in (Standing.PASSED, Standing.EXPIRING)

    @property
    def title(self) -> str:
        return str(self.course.title)

    @property
    def url(self) -> str:
        """The certificate where there is one, else the course."""
        return self.certificate.get_absolute_url() if self.certificate else str(self.course.get_absolute_url())

    @property
    def passed_at(self) -> datetime | None:
        return self.certificate.issued_at if self.certificate else None

    @property
    def expires_at(self) -> datetime | None:
        return self.certificate.expires_at if self.certificate else None


def required_for(person: User | None, *, language: str) -> dict[str, list[Required]]:
    """The courses that tickets ask for, by the slug of their topic, and how `person` stands in each; of somebody
    without an account nothing is known, and all of it is missing. Three queries at most; one where no course is asked
    for."""
    asked: dict[UUID, tuple[str, CoursePage]] = {}
    for course in _asked_for():
        topic = asked[course.translation_key][0] if course.translation_key in asked else course.needed_for
        if course.translation_key not in asked or course.language == language:
            asked[course.translation_key] = (topic, course)
    if not asked:
        return {}
    certificates = certificates_of(person) if person else {}
    taking: set[UUID] = set()
    if person and not asked.keys() <= certificates.keys():
        rows = Enrolment.objects.current().filter(person=person, course_key__in=list(asked))
        taking = set(rows.values_list("course_key", flat=True))
    found: dict[str, list[Required]] = {}
    for key, (topic, course) in asked.items():
        certificate = certificates.get(key)
        required = Required(course, _standing(certificate, is_taking=key in taking), certificate)
        found.setdefault(topic, []).append(required)
    return found


def _asked_for() -> list[CoursePage]:
    """The published courses that are asked for, in every language, the one that says for what (the source) first."""
    sources = CoursePage.objects.live().filter(alias_of=None, locale__language_code="ca").exclude(needed_for="")
    keys = sources.values("translation_key")
    courses = CoursePage.objects.live().filter(alias_of=None, translation_key__in=keys).select_related("locale")
    return sorted(courses, key=lambda course: (course.language != "ca", course.path))


def _standing(certificate: Certificate | None, *, is_taking: bool) -> Standing:
    if certificate is None:
        return Standing.TAKING if is_taking else Standing.MISSING
    if not certificate.holds(timezone.now()):
        return Standing.EXPIRED
    return Standing.EXPIRING if certificate.may_be_renewed else Standing.PASSED
