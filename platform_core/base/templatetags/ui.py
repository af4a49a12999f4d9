"""The small pieces that every page uses: icons, initials, and form fields with their class."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django import template
from django.forms import CheckboxInput, RadioSelect
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from platform_core.base import icons

if TYPE_CHECKING:
    from django.forms import BoundField

register = template.Library()


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon, hidden from those who listen: the words beside it (or in `.visually-hidden`) say the same.

    Raises:
        icons.UnknownIcon: there is no such file.
    """
    return _drawn(name, css)


@lru_cache(1024)  # a page has up to a hundred, of the same few
def _drawn(name: str, css: str) -> SafeString:
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">{}</svg>',
        f" {css}" if css else "",
        mark_safe(icons.shapes(name)),  # noqa: S308  vendored files, never input
    )


@register.filter
def initials(name: str) -> str:
    """One or two letters for a round avatar: "Laia Serra Puig" is LP."""
    words = [word for word in name.replace("@", " ").split() if word[0].isalnum()]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "·"


@register.filter
def tint(pk: int) -> str:
    """The same soft colour for the same person everywhere: one of the five variants of `.avatar`."""
    return "abcde"[pk % 5]


@register.simple_tag
def widget(field: BoundField) -> SafeString:
    """The control of a field with the class of the design system; its other attributes are Django's own."""
    kind = field.field.widget
    if isinstance(kind, CheckboxInput | RadioSelect) or kind.is_hidden:
        return field.as_widget()
    classes = " ".join(filter(None, [str(kind.attrs.get("class", "")), "input"]))
    return field.as_widget(attrs={"class": classes})


@register.filter
def kind(field: BoundField) -> str:
    """Which shape `forms/field.html` gives: check (one box), choices (radio or boxes), group, or input."""
    control = field.field.widget
    if isinstance(control, RadioSelect):  # CheckboxSelectMultiple is one too
        return "choices"
    if isinstance(control, CheckboxInput):
        return "check"
    return "group" if control.use_fieldset else "input"
