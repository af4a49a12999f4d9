"""`{% promise p %}` is the flag (the chip of a list), `{% pledge p %}` the card; `p` is a Promise."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone

from platform_core.officehours import promise as shown

register = template.Library()


@register.inclusion_tag("components/promise.html")
def promise(value: shown.Promise, now: datetime | None = None) -> dict[str, Any]:
    return {"flag": shown.flag(value, now=now or timezone.now())}


@register.inclusion_tag("components/pledge.html")
def pledge(
    value: shown.Promise, now: datetime | None = None, heading: str = "pledge", for_desk: bool = False
) -> dict[str, Any]:
    """`heading` is the id of its title: a page with two gives each its own. `for_desk`: see `promise.pledge`."""
    return {"pledge": shown.pledge(value, now=now or timezone.now(), for_desk=for_desk), "heading": heading}


@register.filter
def told_moment(value: shown.Promise) -> str:
    """The promised moment in full: Friday 25 September, 13:40."""
    return shown.full_moment(value.due)
