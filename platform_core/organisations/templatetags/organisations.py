from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from platform_core.organisations import queries

if TYPE_CHECKING:
    from platform_core.accounts.models import User
    from platform_core.organisations.models import Membership

register = template.Library()


@register.simple_tag
def my_organisations(person: User) -> list[Membership]:
    """The seats of a person today, for their profile. One query."""
    return list(queries.memberships_of(person))
