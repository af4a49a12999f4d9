"""What the files app puts into the activity log. Never a file's name: names can be people's."""

from __future__ import annotations

from dataclasses import dataclass

from platform_core.activity.events import Event, event_type


@event_type("files.infected_refused", version=1)
@dataclass(frozen=True, kw_only=True)
class InfectedRefused(Event):
    """Somebody sent an infected file; it was not kept. `found` is the scanner's name of it, `size` is in bytes."""

    found: str
    content_type: str
    size: int


@event_type("files.infected_removed", version=1)
@dataclass(frozen=True, kw_only=True)
class InfectedRemoved(Event):
    """A file that had been taken while the scanner was away turned out to be infected, and its content is gone."""

    storage_name: str
    found: str
