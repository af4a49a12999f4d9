"""Who may find what, in words that an index can hold. A predicate and a queryset, proven equal by a test.

Tokens: `public` for everybody, `auth` for who is signed in, `staff` for who works for the service, `user:<id>` for one
person; `org:<id>:ref` for the referents of an organisation today and `org:<id>:user:<id>` for one person while they
work for it. Apps above say what else their people hold (`held_by`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from platform_core.organisations.models import Membership, MembershipRole
from platform_core.organisations.public import is_staff

from .models import EntryAudience, SearchEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import QuerySet

    from platform_core.accounts.roles import Someone

PUBLIC, SIGNED_IN, STAFF = "public", "auth", "staff"

_held_by: list[Callable[[Someone], Iterable[str]]] = []


def held_by(tokens: Callable[[Someone], Iterable[str]]) -> None:
    """Declare more tokens that a signed-in viewer may hold."""
    _held_by.append(tokens)


def for_person(person_id: int, *, organisation_id: int | None = None) -> str:
    """The token of one person; with an organisation, while they work for it."""
    return f"user:{person_id}" if organisation_id is None else f"org:{organisation_id}:user:{person_id}"


def for_referents(organisation_id: int) -> str:
    return f"org:{organisation_id}:ref"


def tokens_of(viewer: Someone) -> frozenset[str]:
    """What the viewer holds: two queries at most, for their roles and their seats, and what `held_by` adds."""
    tokens = {PUBLIC}
    if viewer.is_authenticated and viewer.is_active:
        tokens |= {SIGNED_IN, for_person(viewer.pk)}
        if is_staff(viewer):
            tokens.add(STAFF)
        for seat in Membership.objects.current().filter(person_id=viewer.pk):
            tokens.add(for_person(viewer.pk, organisation_id=seat.organisation_id))
            if seat.role == MembershipRole.REFERENT:
                tokens.add(for_referents(seat.organisation_id))
        for more in _held_by:
            tokens.update(more(viewer))
    return frozenset(tokens)


def may_find(viewer: Someone, audience: Iterable[str]) -> bool:
    """Whether a viewer may find what carries these tokens."""
    return not tokens_of(viewer).isdisjoint(audience)


def findable_by(viewer: Someone) -> QuerySet[SearchEntry]:
    held = EntryAudience.objects.filter(entry=OuterRef("pk"), token__in=tokens_of(viewer))
    return SearchEntry.objects.filter(Exists(held))
