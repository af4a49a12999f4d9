from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from babel.dates import format_date, format_datetime, format_timedelta
from django import template
from django.utils import timezone
from django.utils.translation import get_language

from platform_core.accounts.public import Role
from platform_core.organisations import queries

if TYPE_CHECKING:
    from platform_core.accounts.models import User
    from platform_core.organisations.models import Membership

register = template.Library()


@register.filter
def day(value: datetime.date | datetime.datetime) -> str:
    """A day in full, in the service's time zone. Django's own formats do not know «d'abril»; CLDR does."""
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value)
    return format_date(value, format="long", locale=get_language() or "ca")


@register.filter
def service_roles(person: User) -> list[str]:
    """What a person does in the service, in the reader's language; nothing for who does not work for it."""
    return [str(role.label) for role in Role if role.value in person.role_names]


@register.filter
def moment(value: datetime.datetime) -> str:
    """An exact instant in full, in the reader's time zone."""
    return format_datetime(timezone.localtime(value), format="long", locale=get_language() or "ca")


@register.filter
def ago(value: datetime.datetime) -> str:
    """How long ago, in words: «fa 3 dies»."""
    past = value - timezone.now()
    return format_timedelta(past, granularity="minute", add_direction=True, locale=get_language() or "ca")


@register.simple_tag
def my_organisations(person: User) -> list[Membership]:
    """The seats of a person today, for their profile. One query."""
    return list(queries.memberships_of(person))
