"""What the desk sees of its mail: what came in, page by page, and the letters that did not go out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.desk.models import Arrival, Letter, Outcome

from .sending import NOT_A_READER

if TYPE_CHECKING:
    from helpdesk.desk.models import Case

PAGE_SIZE = 50
MOST_LETTERS = 50
MOST_COUNTED = 999
LONGEST_NUMBER = 18
"""Digits that fit in a BigAutoField."""

SHOWS = {
    "": _("To look at"),
    "tots": _("All that came in"),
    "automatics": _("Recorded only"),
}
_KEPT = {"": [Outcome.QUARANTINED, Outcome.WAITING], "automatics": [Outcome.IGNORED]}


@dataclass(frozen=True)
class Page:
    """One page, newest first. `before` is the key of the next one, None on the last."""

    rows: list[Arrival]
    show: str
    before: int | None
    is_first: bool


def page(show: str, *, before: str = "") -> Page:
    """The mails that came in before that one. What the address says and we do not understand is as if it were not
    there. One query.
    """
    show = show if show in SHOWS else ""
    found = Arrival.objects.select_related("case", "queue")
    if show in _KEPT:
        found = found.filter(outcome__in=_KEPT[show])
    key = int(before) if before.isascii() and before.isdigit() and len(before) <= LONGEST_NUMBER else None
    if key is not None:
        found = found.filter(pk__lt=key)
    rows = list(found.order_by("-pk")[: PAGE_SIZE + 1])
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    return Page(rows=rows, show=show, before=rows[-1].pk if more else None, is_first=key is None)


def waiting() -> int:
    """How many mails wait for somebody of the desk; counted up to MOST_COUNTED. One query."""
    return Arrival.objects.filter(outcome=Outcome.QUARANTINED)[:MOST_COUNTED].count()


def letters_given_up() -> list[Letter]:
    """The letters that nobody will get unless somebody does something, the latest first. One query.

    Not those to people who are to hear nothing any more.
    """
    letters = Letter.objects.filter(given_up_at__isnull=False).exclude(last_error=NOT_A_READER)
    return list(letters.select_related("case")[:MOST_LETTERS])


def letters_not_delivered(case: Case) -> list[Letter]:
    """The letters of a case that were given up or came back, and those that the mail server has not taken yet though
    it was asked; the latest first. One query.
    """
    troubled = Q(given_up_at__isnull=False) | Q(sent_at=None, tries__gt=0)
    letters = Letter.objects.filter(troubled, case=case).exclude(last_error__in=["", NOT_A_READER])
    return list(letters[:MOST_LETTERS])
