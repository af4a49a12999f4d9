"""Whose tickets: mine, my organisation's and those in copy, by page, from whatever the address says. Reads only.

The lists tell and follow the last thing that whoever asked may know (`heard_at`, `heard`), and not the signal of the
board: that one moves with internal notes too, which must leave no trace here, not even their hour.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from platform_core.base.keys import moment_and_number
from platform_core.organisations.models import Membership

from .library import TicketCC
from .models import LIVE, Case, State
from .permissions import visible_to
from .queries import number_in, with_people

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.db.models import QuerySet

    from platform_core.accounts.models import User

PAGE_SIZE = 25
LONGEST_QUERY = 100

MINE, OURS, COPIED = "meus", "ens", "copia"
STATES = {
    "": _("Not closed yet"),
    "torn": _("It is your turn"),
    "resolts": _("Resolved"),
    "tots": _("All"),
}
WHICH = {
    "": Q(state__in=[*LIVE]),
    "torn": Q(state=State.WAITING),
    "resolts": Q(state__in=[State.RESOLVED, State.CLOSED]),
    "tots": Q(),
}


@dataclass(frozen=True)
class Asked:
    """What an address asks for; what we do not understand is as if it were not there."""

    whose: str = MINE
    state: str = ""
    text: str = ""
    after: tuple[str, int] | None = None

    @classmethod
    def of(cls, address: Mapping[str, str]) -> Asked:
        whose, state = address.get("de", MINE), address.get("estat", "")
        return cls(
            whose=whose if whose in (MINE, OURS, COPIED) else MINE,
            state=state if state in STATES else "",
            text=" ".join(address.get("q", "").replace("\x00", "").split())[:LONGEST_QUERY],
            after=moment_and_number(address.get("despres", "")),
        )

    def address(self, **changes: object) -> str:
        """The address of the same list with something changed; its first page unless `after` is given."""
        new = replace(self, **{"after": None, **changes})  # type: ignore[arg-type]
        words = {"de": "" if new.whose == MINE else new.whose, "estat": new.state, "q": new.text}
        if new.after:
            words["despres"] = f"{new.after[0]}~{new.after[1]}"
        return "?" + urlencode({name: word for name, word in words.items() if word})


@dataclass(frozen=True)
class Page:
    cases: list[Case]
    next_address: str


def page(viewer: User, asked: Asked) -> Page:
    """One page, the last that moved first. One query."""
    found = _latest_first(_asked_for(viewer, asked))
    if asked.after:
        at, pk = asked.after
        found = found.filter(Q(heard_at__lt=at) | Q(heard_at=at, pk__lt=pk))
    cases = list(found[: PAGE_SIZE + 1])
    more = len(cases) > PAGE_SIZE
    cases = cases[:PAGE_SIZE]
    following = asked.address(after=(cases[-1].heard_at.isoformat(), cases[-1].pk)) if more else ""
    return Page(cases, following)


def everything(viewer: User, asked: Asked) -> Iterator[Case]:
    """All the rows, for exporting."""
    return _latest_first(_asked_for(viewer, asked)).iterator(chunk_size=500)


def counts(viewer: User) -> dict[str, int]:
    """How many are not closed yet, of each list: three queries, each on an index."""
    base = visible_to(viewer).filter(state__in=[*LIVE])
    return {whose: base.filter(_whose(viewer, whose)).count() for whose in (MINE, OURS, COPIED)}


def nearest(viewer: User, *, most: int) -> list[Case]:
    """Those of the viewer that are not closed yet, the last that moved first. One query."""
    found = visible_to(viewer).filter(_whose(viewer, MINE), WHICH[""])
    return list(_latest_first(found)[:most])


def is_referent(viewer: User) -> bool:
    return bool(Membership.objects.current().referents().filter(person=viewer).exists())


def _latest_first(cases: QuerySet[Case]) -> QuerySet[Case]:
    found: QuerySet[Case] = with_people(cases).order_by("-heard_at", "-pk")
    return found


def _asked_for(viewer: User, asked: Asked) -> QuerySet[Case]:
    found = visible_to(viewer).filter(_whose(viewer, asked.whose), WHICH[asked.state])
    if asked.text:
        words = Q(ticket__title__icontains=asked.text) | Q(organisation__name__icontains=asked.text)
        if number := number_in(asked.text):
            words |= Q(pk=number)
        found = found.filter(words)
    return found


def _whose(viewer: User, whose: str) -> Q:
    if whose == OURS:
        seats = Membership.objects.current().referents().filter(person=viewer)
        return Q(organisation__in=seats.values("organisation"))
    if whose == COPIED:
        return Q(Exists(TicketCC.objects.filter(ticket_id=OuterRef("pk"), user=viewer, can_view=True)))
    return Q(requester=viewer)
