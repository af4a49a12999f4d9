"""A ticket as the board shows it in a row: what is said and drawn, ready, in the reader's language.

A board has fifty rows and is drawn anew all day, so a row's words are looked up once and not fifty times.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from . import board
from .models import Case, Kind, Signal
from .templatetags.board import SIGNALS, asked_by

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from platform_core.officehours.promise import Promise


@dataclass(frozen=True, slots=True)
class Row:
    """`place` tells a page that it stands elsewhere now; `is_here`: it is of this view."""

    case: Case
    promise: Promise | None
    place: str
    is_here: bool
    reference: str
    address: str
    title: str
    organisation: str
    asked_by: str
    kind: str
    is_outage: bool
    assignee: str
    signal: str
    signal_icon: str


def rows_of(
    cases: Sequence[Case], promises: Mapping[int, Promise], *, sort: str, here: set[int] | None = None
) -> list[Row]:
    """The rows of cases from `board.with_names`. `here`: the ids of those of this view; None when all are. No query."""
    bench = reverse("desk:bench", args=["S-1"])
    kinds = {value: str(label) for value, label in Kind.choices}
    signals = {value: str(label) for value, label in Signal.choices}
    return [
        Row(
            case=case,
            promise=promises.get(case.pk),
            place=board.place(case, sort),
            is_here=here is None or case.pk in here,
            reference=case.reference,
            address=bench.replace("S-1", case.reference),
            title=case.ticket.title,
            organisation=case.organisation.name if case.organisation else "",
            asked_by=asked_by(case),
            kind=kinds[case.kind],
            is_outage=case.kind == Kind.OUTAGE,
            assignee=case.assignee.get_full_name() if case.assignee else "",
            signal=signals[case.signal],
            signal_icon=SIGNALS[Signal(case.signal)],
        )
        for case in cases
    ]
