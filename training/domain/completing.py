"""When a course is completed, and the certificate that says so."""

from __future__ import annotations

import secrets
from calendar import monthrange
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from platform_core.activity.domain import record

from ..events import CourseCompleted
from ..models import Certificate, CoursePage, Enrolment

if TYPE_CHECKING:
    from platform_core.accounts.models import User

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""What is read aloud without being taken for something else: no 0 and O, 1, I and L."""
GROUPS, LETTERS = 3, 4


def complete_if_done(*, enrolment: Enrolment, actor: User | None) -> Certificate | None:
    """Complete a course that has nothing left to do, once. To be called in a transaction that holds the enrolment."""
    if enrolment.completed_at is not None:
        return None
    done = {str(key) for key in enrolment.progress.exclude(done_at=None).values_list("key", flat=True)}
    return complete(enrolment=enrolment, actor=actor) if enrolment.version.outline.keys <= done else None


def complete(*, enrolment: Enrolment, actor: User | None) -> Certificate:
    """Say that a course is completed, and issue the certificate. The caller has found that it is, and holds the row."""
    now = timezone.now()
    outline = enrolment.version.outline
    course = CoursePage.objects.filter(translation_key=enrolment.course_key, alias_of=None).order_by("path").first()
    enrolment.completed_at = now
    enrolment.save(update_fields=["completed_at"])
    certificate = Certificate.objects.create(
        code=new_code(),
        enrolment=enrolment,
        person_name=str(enrolment.person),
        course_titles=outline.titles,
        minutes=outline.minutes,
        issued_at=now,
        expires_at=months_after(now, course.valid_for) if course and course.valid_for else None,
    )
    event = CourseCompleted(
        person_id=enrolment.person_id, course_key=enrolment.course_key, certificate_id=certificate.pk
    )
    record(event, actor=actor, subject=enrolment, streams=[f"user:{enrolment.person_id}"])
    return certificate


def holds(*, person: User, course: CoursePage) -> bool:
    """Whether somebody has a certificate of a course that has not expired."""
    in_force = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    theirs = Certificate.objects.filter(enrolment__person=person, enrolment__course_key=course.translation_key)
    return theirs.filter(in_force).exists()


def new_code() -> str:
    """A code that cannot be guessed (59 bits), such as `7KQM-X2PD-99TA`."""
    letters = ["".join(secrets.choice(ALPHABET) for _letter in range(LETTERS)) for _group in range(GROUPS)]
    return "-".join(letters)


def months_after(instant: datetime, months: int) -> datetime:
    """The same hour so many months later, or the last day of a shorter month, in the service's time zone."""
    local = timezone.localtime(instant)
    years, month = divmod(local.month - 1 + months, 12)
    first = local.replace(year=local.year + years, month=month + 1, day=1)
    return first.replace(day=min(local.day, monthrange(first.year, first.month)[1]))
