"""What higher apps have to tell of a course: links that they put on the board, which knows nothing of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.utils.functional import _StrPromise

    from platform_core.accounts.roles import Someone


@dataclass(frozen=True, kw_only=True)
class BoardLink:
    """`address` gives where it leads for a course, by its name for ever; `visible` says to whom."""

    label: _StrPromise
    icon: str
    address: Callable[[UUID], str]
    visible: Callable[[Someone], bool]


_links: list[BoardLink] = []


def link_from_board(link: BoardLink) -> None:
    """Have it stand on the board from now on; called from an app's `ready`. Twice is once."""
    if link not in _links:
        _links.append(link)


def links_for(viewer: Someone, course_key: UUID) -> list[tuple[BoardLink, str]]:
    """The links that the viewer sees on the board of a course, each with its address."""
    return [(link, link.address(course_key)) for link in _links if link.visible(viewer)]
