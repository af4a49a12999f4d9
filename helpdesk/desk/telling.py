"""What was done in a case, in a sentence of the reader's language, for each change of the conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.officehours.promise import duration, short_moment

from .models import Change, Kind, Level, Priority, Rating

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime, timedelta

    from .queries import Line

ICONS = {
    Change.WAITING: "player-pause",
    Change.RESUMED: "player-play",
    Change.RESOLVED: "circle-check",
    Change.CLOSED: "archive",
    Change.REOPENED: "refresh",
    Change.ASSIGNED: "user-check",
    Change.ESCALATED: "chevron-up",
    Change.RECLASSIFIED: "tag",
    Change.COPIED: "user-plus",
    Change.UNCOPIED: "user-minus",
    Change.HANDED_OVER: "users",
    Change.RATED: "star",
    Change.LEARNED: "school",
}
FIELDS: dict[str, Callable[[], str]] = {
    "kind": lambda: _("kind"),
    "priority": lambda: _("priority"),
    "topic": lambda: _("topic"),
    "organisation": lambda: _("organisation"),
    "instance": lambda: _("platform"),
}


def length(time: timedelta) -> str:
    """6 h 55 min."""
    return duration(time)


def moment(at: datetime, *, now: datetime) -> str:
    """A moment as one says it: today, 11.20 h."""
    return short_moment(timezone.localtime(at), now=now)


SENTENCES = {
    Change.WAITING: gettext_lazy("%(who)s stopped the clock: we wait for an answer."),
    Change.RESUMED: gettext_lazy("%(who)s set the clock running again."),
    Change.RESOLVED: gettext_lazy("%(who)s marked it as resolved."),
    Change.CLOSED: gettext_lazy("%(who)s closed it."),
    Change.REOPENED: gettext_lazy("%(who)s opened it again."),
    Change.ESCALATED: gettext_lazy("%(who)s passed it on to %(level)s."),
    Change.RECLASSIFIED: gettext_lazy("%(who)s changed %(what)s."),
    Change.COPIED: gettext_lazy("%(who)s put %(copy)s in copy."),
    Change.UNCOPIED: gettext_lazy("%(gone)s is no longer in copy."),
    Change.HANDED_OVER: gettext_lazy("It goes on with another person of the same organisation."),
    Change.RATED: gettext_lazy("%(who)s rated the answer: %(rating)s."),
    Change.LEARNED: gettext_lazy("%(who)s has completed “%(lesson)s”."),
}


def sentence(line: Line, *, names: Mapping[int, str]) -> str:
    """What a change did and who did it. `names`: those of the people of the desk, by id; another is "somebody"."""
    change = Change(line.entry.change)
    after = {name: new for name, (_old, new) in line.changes.items()}
    who = line.author_name or _("The service")
    if change is Change.ASSIGNED:
        return _assigned(line, after.get("assignee", ""), names, who)
    return str(SENTENCES[change]) % {
        "who": who,
        "level": _label(Level, after.get("level", "")),
        "what": _reclassified(after) if change is Change.RECLASSIFIED else "",
        "copy": after.get("copy", ""),
        "gone": line.changes.get("copy", ("", ""))[0],
        "lesson": after.get("lesson", ""),
        "rating": _label(Rating, after.get("rating", "")).lower(),
    }


def _assigned(line: Line, after: str, names: Mapping[int, str], who: str) -> str:
    if not after:
        return _("%(who)s left it without anybody.") % {"who": who}
    if line.author and after == str(line.author.pk):
        return _("%(who)s took it.") % {"who": who}
    name = names.get(int(after)) if after.isdigit() else None
    return _("%(who)s gave it to %(name)s.") % {"who": who, "name": name or _("somebody")}


def _reclassified(after: dict[str, str]) -> str:
    """*kind: Incident, priority: Urgent*."""
    labels: dict[str, type[Kind | Priority]] = {"kind": Kind, "priority": Priority}
    told = []
    for name, value in after.items():
        field = FIELDS.get(name, lambda name=name: name)()
        if name == "organisation":  # an id says nothing
            told.append(field)
        else:
            label = _label(labels[name], value) if name in labels else value or "–"
            told.append(f"{field}: {label}")
    return ", ".join(told)


def _label(choices: type[Kind | Level | Priority | Rating], value: str) -> str:
    known = {str(option.value): str(option.label) for option in choices}
    return known.get(value, value)
