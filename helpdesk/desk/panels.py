"""What higher apps put beside a ticket: on the workbench, for the desk, and on the page of who asked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from platform_core.accounts.models import User

    from .models import Case


class Place(StrEnum):
    BENCH = "bench"
    PORTAL = "portal"


@dataclass(frozen=True, kw_only=True)
class Panel:
    """`facts` gives what `template` is drawn with (as `panel`), or None when there is nothing to show to the viewer."""

    place: Place
    template: str
    facts: Callable[[Case, User], Mapping[str, Any] | None]


_panels: list[Panel] = []


def register(panel: Panel) -> None:
    """Have it drawn from now on; called from an app's `ready`. Twice is once."""
    if panel not in _panels:
        _panels.append(panel)


def panels_of(case: Case, viewer: User, place: Place) -> list[tuple[str, Mapping[str, Any]]]:
    """The panels beside a case: the template and its facts. As many queries as the panels make."""
    found = [(panel.template, panel.facts(case, viewer)) for panel in _panels if panel.place == place]
    return [(template, facts) for template, facts in found if facts is not None]
