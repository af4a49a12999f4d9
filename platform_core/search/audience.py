"""Who may find what, in words that an index can hold. A predicate and a queryset, proven equal by a test.

Tokens: `public` for everybody, `auth` for who is signed in, `staff` for who works for the service, `user:<id>` for one
person. Kinds that belong to an organisation or a space add `org:<id>:ref` and `space:<id>` here, in `tokens_of`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from platform_core.organisations.public import is_staff

from .models import EntryAudience, SearchEntry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from platform_core.accounts.roles import Someone

PUBLIC, SIGNED_IN, STAFF = "public", "auth", "staff"


def tokens_of(viewer: Someone) -> frozenset[str]:
    """What the viewer holds. At most one query for each user object (their roles)."""
    tokens = {PUBLIC}
    if viewer.is_authenticated and viewer.is_active:
        tokens |= {SIGNED_IN, f"user:{viewer.pk}"}
        if is_staff(viewer):
            tokens.add(STAFF)
    return frozenset(tokens)


def may_find(viewer: Someone, audience: Iterable[str]) -> bool:
    """Whether a viewer may find what carries these tokens."""
    return not tokens_of(viewer).isdisjoint(audience)


def findable_by(viewer: Someone) -> QuerySet[SearchEntry]:
    held = EntryAudience.objects.filter(entry=OuterRef("pk"), token__in=tokens_of(viewer))
    return SearchEntry.objects.filter(Exists(held))
