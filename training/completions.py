"""When local bodies first had somebody who had completed a course. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, F, Min, Q
from django.db.models.functions import TruncDate

from .models import Certificate

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


@dataclass(frozen=True)
class Completed:
    """`at` is the first completion in the body, `people` how many of its people have completed the course since."""

    organisation_id: int
    at: datetime
    people: int


def first_completions(course_key: UUID) -> list[Completed]:
    """Of each local body with a referent or technician who completed the course while they worked there. A certificate
    stays when the course is taken anew, so the first one is the first completion. One query."""
    seat = "enrolment__person__memberships__"
    issued = Certificate.objects.filter(enrolment__course_key=course_key).annotate(day=TruncDate("issued_at"))
    worked_there = issued.filter(
        Q(**{f"{seat}until": None}) | Q(**{f"{seat}until__gt": F("day")}), **{f"{seat}since__lte": F("day")}
    )
    rows = worked_there.order_by().values_list(f"{seat}organisation")
    counted = rows.annotate(at=Min("issued_at"), people=Count("enrolment__person", distinct=True))
    return [Completed(pk, at, people) for pk, at, people in counted.order_by(f"{seat}organisation")]
