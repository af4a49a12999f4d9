"""How the pages of the training say things."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.officehours.templatetags.officehours import clock, long_date

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


@register.filter
def on_day(moment: datetime) -> str:
    """The day of an instant in the service's time zone, in words."""
    return long_date(timezone.localdate(moment))


@register.filter
def hour(moment: datetime) -> str:
    """The hour of an instant in the service's time zone: 9.00 h."""
    return str(clock(timezone.localtime(moment)))


@register.filter
def when(moment: datetime) -> str:
    """The day and the hour of an instant in the service's time zone, in words."""
    return f"{on_day(moment)}, {hour(moment)}"
