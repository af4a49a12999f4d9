"""`{{ text|markdown }}`, `{{ text|plain }}` and `{{ text|excerpt:120 }}`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from platform_core.base.markup import plain_text, render_markdown, render_plain

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def markdown(text: str | None) -> SafeString:
    """What a person wrote in Markdown, as safe HTML: put it into an element with the class `prose`."""
    return render_markdown(str(text or ""))


@register.filter
def plain(text: str | None) -> SafeString:
    """What a person wrote in a program that knows no Markdown, such as one for mail, as safe HTML; also in `prose`."""
    return render_plain(str(text or ""))


@register.filter
def excerpt(text: str | None, length: int = 200) -> str:
    """The beginning of it in one line, without Markdown."""
    return plain_text(str(text or ""), length=length)
