"""How the reports say numbers."""

from __future__ import annotations

from django import template
from django.utils.formats import number_format

from helpdesk.desk.charts import MINUS

register = template.Library()


@register.filter
def signed(number: float) -> str:
    """In tenths, with a sign: −1,3 and +0,4; nothing before what is zero when it is rounded."""
    rounded = round(number, 1)
    sign = MINUS if rounded < 0 else "+" if rounded > 0 else ""
    return sign + number_format(abs(rounded), decimal_pos=1)
