"""The list of organisations: filters, order and pages by key, from whatever the address says.

Nothing in an address is an error: what we do not understand is as if it were not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from .models import Membership, Organisation, fold
from .queries import counts_of_members

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE_SIZE = 50
LONGEST_QUERY = 100

#: Name of the order -> columns, all in one direction, the last one unique.
ORDERS = {
    "nom": ("sort_key", "id"),
    "-nom": ("-sort_key", "-id"),
    "comarca": ("comarca", "sort_key", "id"),
    "-alta": ("-joined_key", "-sort_key", "-id"),
}
ORDER_LABELS = {
    "nom": _("Name, A to Z"),
    "-nom": _("Name, Z to A"),
    "comarca": _("Comarca"),
    "-alta": _("Latest to join"),
}
JOINED = {"si": _("Joined"), "no": _("Not yet")}


@dataclass(frozen=True)
class Filters:
    """What the reader asked for. `without_referent` keeps those that joined and nobody answers for."""

    query: str = ""
    comarca: str = ""
    joined: str = ""
    without_referent: bool = False
    order: str = "nom"

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Filters:
        order, joined = query.get("ordre", ""), query.get("alta", "")
        return cls(
            query=" ".join(query.get("q", "").replace("\0", "").split())[:LONGEST_QUERY],
            comarca=query.get("comarca", "").replace("\0", "")[:2],
            joined=joined if joined in JOINED else "",
            without_referent=query.get("referent") == "cap",
            order=order if order in ORDERS else "nom",
        )

    def __bool__(self) -> bool:
        return bool(self.query or self.comarca or self.joined or self.without_referent)

    @property
    def address(self) -> str:
        """The query of the address that restores these filters; empty for none."""
        parts = {
            "q": self.query,
            "comarca": self.comarca,
            "alta": self.joined,
            "referent": "cap" if self.without_referent else "",
            "ordre": "" if self.order == "nom" else self.order,
        }
        return urlencode({name: value for name, value in parts.items() if value})

    def apply(self, organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
        """Those that pass, in order."""
        if self.query:
            organisations = organisations.filter(Q(sort_key__contains=fold(self.query)) | Q(ine_code=self.query))
        if self.comarca:
            organisations = organisations.filter(comarca_code=self.comarca)
        if self.joined:
            organisations = organisations.filter(joined_on__isnull=self.joined == "no")
        if self.without_referent:
            with_one = Membership.objects.current().referents().filter(person__is_active=True).values("organisation")
            organisations = organisations.filter(joined_on__isnull=False).exclude(pk__in=with_one)
        if self.order == "-alta":
            organisations = organisations.annotate(joined_key=Coalesce(F("joined_on"), Value(date.min)))
        return organisations.order_by(*ORDERS[self.order])


@dataclass(frozen=True)
class Row:
    organisation: Organisation
    referents: int
    members: int


@dataclass(frozen=True)
class Page:
    """One page of a list, found by the key of its neighbour and not by counting from the start."""

    rows: list[Row]
    total: int
    after: int | None
    before: int | None


def page(organisations: QuerySet[Organisation], filters: Filters, *, after: str = "", before: str = "") -> Page:
    """The rows after (or before) that organisation's id; the first page when the id says nothing. Four queries."""
    found = filters.apply(organisations)
    total = found.count()
    backwards = bool(before) and not after
    edge = _edge(found, before if backwards else after)
    columns = ORDERS[filters.order]
    rows = found
    if edge is None:
        backwards = False
    else:
        rows = rows.filter(_beyond(edge, columns, backwards=backwards))
    if backwards:
        rows = rows.reverse()
    taken = list(rows[: PAGE_SIZE + 1])
    more, taken = len(taken) > PAGE_SIZE, taken[:PAGE_SIZE]
    if backwards:
        taken.reverse()
    counts = counts_of_members(item.pk for item in taken)
    has_next, has_previous = (True, more) if backwards else (more, edge is not None)
    return Page(
        rows=[Row(item, *counts.get(item.pk, (0, 0))) for item in taken],
        total=total,
        after=taken[-1].pk if taken and has_next else None,
        before=taken[0].pk if taken and has_previous else None,
    )


def comarques(organisations: QuerySet[Organisation]) -> list[tuple[str, str]]:
    """(code, name) of the comarques that have an organisation, by name."""
    known = organisations.exclude(comarca_code="").order_by("comarca").values_list("comarca_code", "comarca")
    return sorted(set(known), key=lambda pair: fold(pair[1]))


def _edge(found: QuerySet[Organisation], key: str) -> Organisation | None:
    if not (key.isascii() and key.isdigit() and len(key) <= 18):  # noqa: PLR2004  what fits in a BigAutoField
        return None
    return found.filter(pk=int(key)).first()


def _beyond(edge: Organisation, columns: tuple[str, ...], *, backwards: bool) -> Q:
    """(a, b, c) > (x, y, z), written so that both databases use their indexes."""
    condition, equal = Q(), Q()
    for column in columns:
        name = column.removeprefix("-")
        greater = column.startswith("-") == backwards
        value = getattr(edge, name)
        condition |= equal & Q(**{f"{name}__{'gt' if greater else 'lt'}": value})
        equal &= Q(**{name: value})
    return condition
