"""What the pages of communities draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.dates import format_date
from django import template
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agora.drawing import draw
from agora.queries import Told

if TYPE_CHECKING:
    from datetime import datetime

    from django.template import RequestContext
    from django.utils.safestring import SafeString

    from agora.models import ReactionKind
    from agora.queries import Line
    from platform_core.accounts.models import User

register = template.Library()


@register.filter
def called(person: User | None) -> str:
    """The name that others read. Never an address: communities may be public."""
    if person is None:
        return _("somebody who is gone")
    return person.name or _("a member")


@register.simple_tag(takes_context=True)
def drawn(context: RequestContext, line: Line) -> SafeString:
    """A post of the topic that the page is about (`read`)."""
    # Django masks the token anew for each who asks: the page's own is there already.
    return draw(context["request"], context["read"], line, token=str(context["csrf_token"]))


@register.filter
def in_full(moment: datetime) -> str:
    """A day and an hour of the service, as one says them: 1 de desembre de 2026, 9.05 h."""
    local = timezone.localtime(moment)
    day = format_date(local, "long", locale=(get_language() or "ca")[:2])
    return f"{day}, {local.hour}.{local.minute:02} h"


@register.filter
def reaction(line: Line, kind: ReactionKind) -> Told:
    """The reactions of a kind to a post; none is one with count 0."""
    return next((told for told in line.reactions if told.kind == kind), Told(kind, 0, is_mine=False))
