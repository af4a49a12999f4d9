"""Tickets per local body before and after its people completed a course: what the training returns. Reads only.

The months are those of the service's time zone, counted from the month of the first completion in the body, which is
neither before nor after. A month counts when it has wholly passed, and when the body could have asked something in
the whole of it: it had joined by then, and this desk was open.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Min
from django.db.models.functions import TruncMonth
from django.utils import timezone

from platform_core.organisations.models import Organisation
from training.public import first_completions

from .models import Case

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from training.public import Completed

REACH = 6  # months before, and as many after
TOO_FEW = 5  # local bodies: with fewer, one of them decides what the average says
YEAR = 12  # months


@dataclass(frozen=True)
class Body:
    """A local body whose people completed the course. `before` and `after` are the tickets of each month that counts,
    by its distance from the month of the course (-6 to -1, 1 to 6)."""

    organisation: Organisation
    first_at: datetime
    people: int
    before: dict[int, int] = field(default_factory=dict)
    after: dict[int, int] = field(default_factory=dict)

    @property
    def is_compared(self) -> bool:
        return bool(self.before and self.after)

    @property
    def mean_before(self) -> float | None:
        return _mean(list(self.before.values()))

    @property
    def mean_after(self) -> float | None:
        return _mean(list(self.after.values()))

    @property
    def difference(self) -> float | None:
        """Tickets a month: below zero when there are fewer after the course."""
        if self.mean_before is None or self.mean_after is None:
            return None
        return self.mean_after - self.mean_before


@dataclass(frozen=True)
class Month:
    """All compared bodies in one month: how many of them it counts for, and their tickets in it."""

    offset: int
    bodies: int
    tickets: int

    @property
    def mean(self) -> float | None:
        return self.tickets / self.bodies if self.bodies else None


@dataclass(frozen=True)
class Return:
    """`bodies` in the order of their names. Only those with a month on either side are compared, each with the same
    weight."""

    bodies: list[Body]

    @property
    def compared(self) -> list[Body]:
        return [body for body in self.bodies if body.is_compared]

    @property
    def says_something(self) -> bool:
        return len(self.compared) >= TOO_FEW

    @property
    def mean_before(self) -> float | None:
        return _mean([body.mean_before for body in self.compared])

    @property
    def mean_after(self) -> float | None:
        return _mean([body.mean_after for body in self.compared])

    @property
    def difference(self) -> float | None:
        return _mean([body.difference for body in self.compared])

    @property
    def fewer(self) -> int:
        return sum((body.difference or 0) < 0 for body in self.compared)

    @property
    def more(self) -> int:
        return sum((body.difference or 0) > 0 for body in self.compared)

    @property
    def same(self) -> int:
        return len(self.compared) - self.fewer - self.more

    @property
    def months(self) -> list[Month]:
        """The twelve months around the course."""
        found = []
        for offset in _offsets():
            counts = [(body.before | body.after).get(offset) for body in self.compared]
            there = [count for count in counts if count is not None]
            found.append(Month(offset, len(there), sum(there)))
        return found


def training_return(course_key: UUID, *, since: date | None = None, until: date | None = None) -> Return:
    """Who completed the course first between two days of the service's time zone, both included; None is no limit.

    Four queries.
    """
    completed = [
        one
        for one in first_completions(course_key)
        if (since is None or timezone.localdate(one.at) >= since)
        and (until is None or timezone.localdate(one.at) <= until)
    ]
    if not completed:
        return Return([])
    organisations = Organisation.objects.in_bulk([one.organisation_id for one in completed])
    opened = Case.objects.aggregate(first=Min("opened_at"))["first"]
    tickets = _tickets(completed)
    bodies = [_body(one, organisations[one.organisation_id], tickets, opened) for one in completed]
    return Return(sorted(bodies, key=lambda body: (body.organisation.sort_key, body.organisation.pk)))


def _body(
    one: Completed, organisation: Organisation, tickets: dict[tuple[int, int], int], opened: datetime | None
) -> Body:
    now = _month(timezone.localdate())
    course = _month(timezone.localdate(one.at))
    first = max(_first_whole(timezone.localdate(opened)) if opened else now, _first_of(organisation))
    sides: tuple[dict[int, int], dict[int, int]] = ({}, {})
    for offset in _offsets():
        month = course + offset
        if first <= month < now:
            sides[offset > 0][offset] = tickets.get((organisation.pk, month), 0)
    return Body(organisation, one.at, one.people, before=sides[0], after=sides[1])


def _tickets(completed: list[Completed]) -> dict[tuple[int, int], int]:
    """How many by organisation and month. One query."""
    months = [_month(timezone.localdate(one.at)) for one in completed]
    begin, end = _begin_of(min(months) - REACH), _begin_of(max(months) + REACH + 1)
    rows = Case.objects.filter(organisation__in=[one.organisation_id for one in completed], opened_at__gte=begin)
    counts = rows.filter(opened_at__lt=end).order_by().annotate(month=TruncMonth("opened_at"))
    found: dict[tuple[int, int], int] = defaultdict(int)
    for pk, month, count in counts.values_list("organisation", "month").annotate(count=Count("pk")):
        found[pk, _month(timezone.localdate(month))] = count
    return found


def _first_of(organisation: Organisation) -> int:
    return _first_whole(organisation.joined_on) if organisation.joined_on else 0


def _first_whole(day: date) -> int:
    """The first month that is whole from a day on."""
    return _month(day) + (day.day > 1)


def _month(day: date) -> int:
    """Months since the year 0, so that they can be counted."""
    return day.year * YEAR + day.month - 1


def _begin_of(month: int) -> datetime:
    year, rest = divmod(month, YEAR)
    return timezone.make_aware(datetime(year, rest + 1, 1))  # noqa: DTZ001  made aware in the service's zone


def _offsets() -> list[int]:
    return [offset for offset in range(-REACH, REACH + 1) if offset]


def _mean(numbers: list[int] | list[float | None]) -> float | None:
    known = [number for number in numbers if number is not None]
    return sum(known) / len(known) if known else None
