"""How the desk's pages draw a ticket: the icon of each thing, and who asked."""

from __future__ import annotations

from datetime import UTC
from functools import lru_cache
from typing import TYPE_CHECKING

from babel.dates import format_datetime
from django import template
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helpdesk.desk.mail.warnings import describe
from helpdesk.desk.models import Change, Channel, Side, Signal, State
from platform_core.base.markup import render_markdown, render_plain
from platform_core.officehours.promise import duration, short_moment

if TYPE_CHECKING:
    from datetime import datetime, timedelta, tzinfo

    from django.utils.safestring import SafeString

    from helpdesk.desk.models import Case, Entry

register = template.Library()

SIGNALS = {
    Signal.FILED: "plus",
    Signal.ANSWERED: "send",
    Signal.REPLIED: "message",
    Signal.INSISTED: "messages",
    Signal.NOTED: "lock",
    Signal.ESCALATED: "chevron-up",
    Signal.REOPENED: "refresh",
    Signal.PAUSED: "player-pause",
    Signal.SOLVED: "circle-check",
}
STATES = {
    State.NEW: ("sun", "plus"),
    State.OPEN: ("info", "progress"),
    State.WAITING: ("line", "player-pause"),
    State.RESOLVED: ("ok", "circle-check"),
    State.CLOSED: ("", "archive"),
}
CHANNELS = {
    Channel.WEB: "world",
    Channel.MAIL: "mail",
    Channel.PHONE: "phone",
    Channel.FORUM: "messages",
    Channel.API: "server",
}


@register.filter
def signal_icon(case: Case) -> str:
    return SIGNALS.get(Signal(case.signal), "message")


@register.filter
def state_css(case: Case) -> str:
    """The variant of `.badge` of its state."""
    css = STATES[State(case.state)][0]
    return f"badge--{css}" if css else ""


@register.filter
def state_icon(case: Case) -> str:
    return STATES[State(case.state)][1]


@register.filter
def state_said(case: Case) -> str:
    """Its state, as the desk says it."""
    return _("Waiting for their answer") if case.state == State.WAITING else case.get_state_display()


@register.filter
def channel_icon(channel: str) -> str:
    return CHANNELS[Channel(channel)]


@register.filter
def asked_by(case: Case) -> str:
    """Who asked, by name; by address when nobody knows it."""
    if case.requester is not None:
        return str(case.requester)
    return case.requester_name or case.ticket.submitter_email or ""


@register.filter
def said(entry: Entry | None) -> SafeString | str:
    """The words of a message or note, as safe HTML: Markdown, except of a mail, whose `#` and `*` mean nothing."""
    if entry is None:
        return ""
    text = entry.followup.comment or ""
    return render_plain(text) if entry.channel == Channel.MAIL else render_markdown(text)


@register.filter
def heard(case: Case) -> str:
    """The last public line of a ticket, as its requester is told in a list."""
    if case.heard in Change:
        return str(Change(case.heard).label)
    return _("we answered you") if case.heard == Side.DESK else _("you wrote")


@register.filter
def near(moment: datetime) -> str:
    """A moment as one says it: today, 11.20 h."""
    return short_moment(timezone.localtime(moment), now=timezone.now())


@register.filter
def exactly(moment: datetime) -> str:
    """The instant in full, for who wants to know."""
    return _in_full(moment.astimezone(UTC), timezone.get_current_timezone(), (get_language() or "ca")[:2])


@lru_cache(4096)  # a board that is drawn again tells mostly the same; by UTC, where no hour comes twice
def _in_full(moment: datetime, zone: tzinfo, locale: str) -> str:
    return format_datetime(moment.astimezone(zone), format="long", locale=locale)


@register.filter
def length_of(time: timedelta) -> str:
    """6 h 55 min."""
    return duration(time)


@register.filter
def warning(code: str) -> str:
    """Why an entry wants a second look."""
    return describe(code)
