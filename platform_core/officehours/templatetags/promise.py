"""`{% promise p %}` is the flag (the chip of a list), `{% pledge p %}` the card; `p` is a Promise."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from platform_core.base.templatetags.ui import icon
from platform_core.officehours import promise as shown

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from platform_core.officehours.drawing import Picture

register = template.Library()


@register.simple_tag
def promise(value: shown.Promise, now: datetime | None = None) -> SafeString:
    """The flag. Its HTML is here and not in a template: a board draws fifty, and a template takes thrice the time."""
    flag = shown.flag(value, now=now or timezone.now())
    return format_html(
        '<span class="promise promise--{}"><span class="promise__cloth"><span class="promise__when">{}<span>{}{}</span>'
        '</span><span class="promise__left">{}<span>{}{}</span></span></span></span>',
        *(flag.state, icon(flag.icon), _listened(flag.said), flag.when),
        *(_meter(flag.meter) if flag.meter else "", _listened(flag.left_said), flag.left),
    )


def _listened(words: str) -> str:
    return format_html('<span class="visually-hidden">{} </span>', words) if words else ""


def _meter(picture: Picture) -> SafeString:
    """One path a class, in the order of the first of each: what lies above comes later."""
    paths: dict[str, str] = {}
    for shape in picture.shapes:
        paths[shape.css] = paths.get(shape.css, "") + shape.d
    drawn = format_html_join("", '<path class="{}" d="{}"/>', paths.items())
    box = '<svg class="hours" width="{0}" height="9" viewBox="0 0 {0} 9" aria-hidden="true">{1}</svg>'
    return format_html(box, picture.width, drawn)


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
