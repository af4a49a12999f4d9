"""Whether an answer that was offered to somebody who writes a ticket spared it.

What is kept is how often: of which answer, on which day, in which language. Never who, nor a word of what they wrote.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.utils import timezone

from platform_core.activity.domain import record
from platform_core.search.models import SearchEntry
from platform_core.search.projectors import projector_of

from .events import TicketSpared
from .models import Deflection
from .news.projectors import KIND as NEWS
from .projectors import KIND

if TYPE_CHECKING:
    from typing import Any

    from platform_core.accounts.roles import Someone

ANSWER_KINDS = [KIND, NEWS]
"""What is offered to who writes a ticket, as the search calls it; higher apps add theirs by `offer`."""
PAGE_KINDS = {KIND, NEWS}
"""Those of them whose objects are pages of Wagtail, with translations of their own."""
MOST_AT_ONCE = 12
LONGEST = 40  # characters of a kind and of an id
LONGEST_ID = 18  # digits: fits a 64-bit id


class Moment(StrEnum):
    """How far somebody came; the fields of `Deflection`."""

    SHOWN = "shown"
    OPENED = "opened"
    SOLVED = "solved"
    ASKED_ANYWAY = "asked_anyway"


class AnswerName(NamedTuple):
    """An answer as pages name it: `faq.question:12`."""

    kind: str
    object_id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.object_id}"


def offer(kind: str, *, are_pages: bool = True) -> None:
    """Have another kind offered to who writes a ticket; say whether its objects are pages of Wagtail. Twice is once."""
    if kind not in ANSWER_KINDS:
        ANSWER_KINDS.append(kind)
    if are_pages:
        PAGE_KINDS.add(kind)


def names_in(text: str) -> list[AnswerName]:
    """The answers that a page names, separated by spaces; what is no name is left out. At most MOST_AT_ONCE."""
    found = []
    for word in dict.fromkeys(text[: MOST_AT_ONCE * (2 * LONGEST + 2)].split()):
        kind, _colon, object_id = word.partition(":")
        if kind in ANSWER_KINDS and object_id.isascii() and object_id.isdigit() and len(object_id) <= LONGEST_ID:
            found.append(AnswerName(kind, object_id))
    return found[:MOST_AT_ONCE]


def count(names: Iterable[AnswerName], moment: Moment, *, viewer: Someone, language: str) -> list[AnswerName]:
    """Count what happened with some answers today; returns those that counted: what the viewer may read."""
    counted = _readable(names, viewer)
    with transaction.atomic():
        for name in sorted(counted):
            row, _created = Deflection.objects.get_or_create(**_key(name, language))
            Deflection.objects.filter(pk=row.pk).update(**{str(moment): F(str(moment)) + 1})
            if moment is Moment.SOLVED:
                # Nobody is named: it tells of the answer, not of the reader.
                record(TicketSpared(kind=name.kind, object_id=name.object_id), actor=None, subject=row)
    return counted


def filed_anyway(opened: str, *, viewer: Someone, language: str) -> None:
    """For the desk: somebody opened these answers (as a page names them) and filed a ticket all the same."""
    count(names_in(opened), Moment.ASKED_ANYWAY, viewer=viewer, language=language)


def helped(kind: str) -> dict[str, int]:
    """How often the answers of a kind were opened by who was writing a ticket, or solved it, by their id."""
    counted = Deflection.objects.filter(kind=kind).values_list("object_id")
    return dict(counted.annotate(times=Sum(F("opened") + F("solved"))).order_by())


def report() -> QuerySet[Deflection, Any]:
    """For editors: each answer with its counts of all days, and its title; those that spare least come first."""
    title = SearchEntry.objects.filter(kind=OuterRef("kind"), object_id=OuterRef("object_id")).values("title")[:1]
    found = Deflection.objects.values("kind", "object_id").annotate(
        title=Subquery(title),
        total_shown=Sum("shown"),
        total_opened=Sum("opened"),
        total_solved=Sum("solved"),
        total_anyway=Sum("asked_anyway"),
    )
    ordered: QuerySet[Deflection, Any] = found.order_by(
        F("total_solved") - F("total_anyway"), "-total_opened", "kind", "object_id"
    )
    return ordered


def _readable(names: Iterable[AnswerName], viewer: Someone) -> list[AnswerName]:
    ids: dict[str, list[str]] = {}
    for name in names:
        ids.setdefault(name.kind, []).append(name.object_id)
    found: list[AnswerName] = []
    for kind, wanted in ids.items():
        if projector := projector_of(kind):
            found += [AnswerName(kind, object_id) for object_id in projector.visible(viewer, wanted)]
    return found


def _key(name: AnswerName, language: str) -> dict[str, Any]:
    return {**name._asdict(), "language": language, "day": timezone.localdate()}
