"""What a ticket is tied to, and which ones are like it, for the rail of the workbench. Reads; for the desk alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from knowledge_base.public import proposed
from platform_core.base.markup import plain_text
from platform_core.search.public import find

from . import board
from .domain.linking import linked_ids
from .models import Case, Entry, EntryKind, MadeAnswer, Side
from .projectors import TICKET

if TYPE_CHECKING:
    from knowledge_base.public import Proposed
    from platform_core.accounts.models import User

MOST_SIMILAR = 5
ENOUGH_WORDS = 400  # characters of a ticket that its like are looked for with


@dataclass(frozen=True)
class Ties:
    """`similar` are others that may be the same, without those that are `linked` already."""

    linked: list[Case] = field(default_factory=list)
    similar: list[Case] = field(default_factory=list)
    made: MadeAnswer | None = None
    answer: Proposed | None = None


def ties_of(case: Case, *, viewer: User) -> Ties:
    """Everything that the rail shows of other tickets and of answers. A fixed number of queries."""
    linked_to = linked_ids(case)
    similar = _similar(case, but={case.pk, *linked_to}, viewer=viewer)
    cases = board.with_names(Case.objects.filter(pk__in=[*linked_to, *similar])).in_bulk()
    made = MadeAnswer.objects.filter(case=case).select_related("made_by").first()
    answers = proposed([made.question_id], viewer=viewer) if made else {}
    return Ties(
        linked=[cases[pk] for pk in linked_to if pk in cases],
        similar=[cases[pk] for pk in similar if pk in cases],
        made=made,
        answer=answers.get(made.question_id) if made else None,
    )


def _similar(case: Case, *, but: set[int], viewer: User) -> list[int]:
    """The ids of tickets whose words are closest, the closest first; nothing that has been linked."""
    first = Entry.objects.filter(case=case, kind=EntryKind.MESSAGE, side=Side.REQUESTER).order_by("pk")
    words = first.values_list("followup__comment", flat=True).first() or ""
    text = f"{case.ticket.title} {plain_text(words, length=ENOUGH_WORDS)}"
    found = find(text, viewer=viewer, kinds=[TICKET], limit=MOST_SIMILAR + len(but))
    ids = [int(hit.object_id) for hit in found if hit.object_id.isdigit()]
    return [pk for pk in ids if pk not in but][:MOST_SIMILAR]
