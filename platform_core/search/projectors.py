"""What can be found, and how it is told to the index. Each app registers its kinds in its own `projectors`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime
    from typing import TypeAlias

    from django.utils.functional import Promise

    from platform_core.accounts.roles import Someone

    StrOrPromise: TypeAlias = str | Promise


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One thing as its app wants it found.

    Attributes:
        body: plain text, without HTML.
        wordings: other ways in which people ask for it, one a line: looked through and never shown.
        audience: tokens of `audience`; who holds none of them never finds it.
        path: its address without language prefix, such as `/faq/logotip/on-es-canvia/`.
        group: the topic or place that it belongs to, in its own language.
        organisation_id: of the organisation that it is about.
        boost: multiplies its score; 1 is usual.
    """

    title: str
    body: str
    path: str
    audience: frozenset[str]
    updated_at: datetime
    language: str = "ca"
    keywords: str = ""
    wordings: str = ""
    group: str = ""
    organisation_id: int | None = None
    boost: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Projector:
    """
    Attributes:
        project: the thing with this id as it is now, or None when it should not be found (gone, not published).
        ids: every thing that may be found, for a rebuild.
        visible: of these ids, those that the viewer may see. The second gate: it asks the app, never the index.
        label, icon: how people are told what it is; lazily translated.
    """

    kind: str
    project: Callable[[str], Draft | None]
    ids: Callable[[], Iterable[str]]
    visible: Callable[[Someone, Collection[str]], set[str]]
    label: StrOrPromise = ""
    icon: str = "file-text"


_projectors: dict[str, Projector] = {}


def register(projector: Projector) -> None:
    """Declare a kind; the same kind again replaces it."""
    _projectors[projector.kind] = projector


def unregister(kind: str) -> None:
    _projectors.pop(kind, None)


def projector_of(kind: str) -> Projector | None:
    return _projectors.get(kind)


def kinds() -> list[str]:
    return sorted(_projectors)


def label_of(kind: str) -> str:
    """What people call a kind; its own name when nobody says."""
    projector = _projectors.get(kind)
    return str(projector.label) if projector and projector.label else kind


def icon_of(kind: str) -> str:
    projector = _projectors.get(kind)
    return projector.icon if projector else "file-text"
