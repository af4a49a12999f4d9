"""What the desk's pages say of its mail: `{% mail_link %}`, with how much of it waits for somebody."""

from __future__ import annotations

from typing import Any

from django import template
from django.core.cache import cache

from helpdesk.desk.mail import listing

register = template.Library()

KEPT_SECONDS = 30
KEY = "desk.mail.waiting"


@register.inclusion_tag("desk/parts/mail_link.html")
def mail_link() -> dict[str, Any]:
    """The way to the desk's mail. The number is at most KEPT_SECONDS old, so that the board costs no query for it."""
    return {"waiting": cache.get_or_set(KEY, listing.waiting, KEPT_SECONDS)}
