"""How far somebody is, lesson by lesson. Every mark may come twice, late, and in any order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.activity.domain import record
from platform_core.base.errors import Refusal

from ..events import LessonDone
from ..models import Enrolment, Progress
from . import completing

if TYPE_CHECKING:
    from platform_core.accounts.models import User


@dataclass(frozen=True)
class Mark:
    """That a lesson was seen, or done, at an instant: the one of the browser, when it had no connection."""

    key: UUID
    is_done: bool
    at: datetime | None = None


def see(*, enrolment: Enrolment, key: str) -> None:
    """Note that a lesson or quiz was opened, the first time. One query; nothing happens elsewhere, so no event."""
    row = Progress(enrolment=enrolment, key=UUID(key), seen_at=timezone.now())
    Progress.objects.bulk_create([row], ignore_conflicts=True)


def mark(*, person: User, course_key: UUID, marks: list[Mark]) -> Enrolment:
    """Keep what somebody saw and did, all of it or nothing. The first moment counts; an impossible one is put right.

    Raises Refusal for who does not take the course, for a lesson that is not in what they take, and for a quiz, which
    is done by passing it.
    """
    with transaction.atomic():
        rows = Enrolment.objects.current().select_for_update(of=("self",)).select_related("version", "person")
        enrolment = rows.filter(person=person, course_key=course_key).first()
        if enrolment is None:
            raise Refusal(_("You are not taking this course. What you do in it is not kept."))
        _refuse_foreign(enrolment, marks)
        there = {row.key: row for row in enrolment.progress.filter(key__in=[mark.key for mark in marks])}
        for each in marks:
            _keep(enrolment, each, there)
        if any(each.is_done for each in marks):
            completing.complete_if_done(enrolment=enrolment, actor=person)
    return enrolment


def _refuse_foreign(enrolment: Enrolment, marks: list[Mark]) -> None:
    for each in marks:
        item = enrolment.version.outline.get(str(each.key))
        if item is None:
            raise Refusal(_("This lesson is not in the version of the course that you are taking."))
        if item.is_quiz and each.is_done:
            raise Refusal(_("A quiz is done by passing it."))


def _keep(enrolment: Enrolment, each: Mark, there: dict[UUID, Progress]) -> None:
    at = min(max(each.at or timezone.now(), enrolment.created_at), timezone.now())
    row = there.get(each.key)
    if row is None:
        row = there[each.key] = Progress.objects.create(enrolment=enrolment, key=each.key, seen_at=at)
    if each.is_done and row.done_at is None:
        row.done_at = at
        row.save(update_fields=["done_at"])
        record(LessonDone(key=each.key), actor=enrolment.person, subject=enrolment)
