"""How the pages of the training say things."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

register = template.Library()
HOUR = 60  # minutes


@register.filter
def duration(minutes: int) -> str:
    """435 minutes are "7 h 15 min"."""
    hours, rest = divmod(int(minutes), HOUR)
    if not hours:
        return _("%(minutes)d min") % {"minutes": rest}
    if not rest:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}
