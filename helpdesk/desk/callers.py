"""Who may be calling: people by name, address or organisation, without accents. For the desk only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from platform_core.accounts.models import User
from platform_core.organisations.models import Membership, fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from platform_core.organisations.models import Organisation

MOST = 8
SHORTEST = 2
"""Characters typed before anybody is looked for."""

LONGEST = 100
LOOKED_THROUGH = 5000
"""Seats: a few times those of all the municipalities there are."""


@dataclass(frozen=True)
class Caller:
    person: User
    organisation: Organisation | None

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": str(self.person),
            "email": self.person.email,
            "organisation": self.organisation.name if self.organisation else "",
        }


def find(text: str) -> list[Caller]:
    """At most MOST; a person with two seats is there twice. Two queries.

    No index of either database folds accents; the people of all organisations are few enough to be looked through.
    """
    words = fold(text.replace("\0", "")[:LONGEST]).split()
    if len("".join(words)) < SHORTEST:
        return []
    found = list(_members(words))
    return found if len(found) >= MOST else [*found, *_others(text, words)][:MOST]


def _members(words: list[str]) -> Iterator[Caller]:
    seats = Membership.objects.current().filter(person__is_active=True).select_related("person", "organisation")
    many = 0
    for seat in seats.order_by("person__name", "pk")[:LOOKED_THROUGH].iterator(chunk_size=500):
        said = fold(f"{seat.person.name} {seat.person.email} {seat.organisation.name}")
        if all(_begins(said, word) for word in words):
            yield Caller(seat.person, seat.organisation)
            many += 1
            if many == MOST:
                return


def _begins(text: str, word: str) -> bool:
    """Whether some word of the text begins so: "s" finds Serra and not Rosa."""
    return text.startswith(word) or any(f"{mark}{word}" in text for mark in " '@.-")


def _others(text: str, words: list[str]) -> Iterator[Caller]:
    """People without a seat."""
    seated = Membership.objects.current().values("person")
    likely = Q(name__icontains=text.strip()) | Q(email__istartswith=words[0])
    for person in User.objects.filter(likely, is_active=True).exclude(pk__in=seated).order_by("name", "pk")[:MOST]:
        yield Caller(person, None)
