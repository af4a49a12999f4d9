"""The one navigation of the product: each item says where it leads and who sees it; base.html draws the list.

An item whose address does not exist (yet) is left out, so nothing in the menu leads nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import _StrPromise


def everyone(_user: Any) -> bool:
    return True


def signed_in(user: Any) -> bool:
    return bool(user.is_authenticated)


def staff(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_staff)


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """
    Attributes:
        label: lazy translation, one or two words: on a phone five of them share 320 px.
        shortcut: the letter after `g` that leads there, or "".
        sections: first segments of the paths (without language) that count as being there; "" is home.
        is_more: on a phone it stands at the foot of the page, since the menu has room for five or six.
        visible: may ask the user what is already loaded, never the database: it runs on every page.
    """

    name: str
    label: _StrPromise
    icon: str
    url_name: str
    order: int
    shortcut: str = ""
    sections: tuple[str, ...] = ()
    is_more: bool = False
    visible: Callable[[Any], bool] = everyone


@dataclass(frozen=True)
class Link:
    item: NavItem
    url: str
    current: str  # the value of aria-current: "page", "true" (somewhere under it) or ""


_items: dict[str, NavItem] = {}


def register(item: NavItem) -> None:
    """Called from `AppConfig.ready`. The same name again replaces the item."""
    _items[item.name] = item


def key_of(links: Iterable[Link]) -> str:
    """What a drawing of these links is kept under; with the language of the page, which their words are in."""
    return "|".join(f"{link.item.name}:{link.url}:{link.current}" for link in links)


@lru_cache(maxsize=256)
def _address(url_name: str, _language: str | None) -> str:
    """Where an item leads in the language that is spoken now; "" when there is no such address (yet)."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def links(request: HttpRequest, *, path: str) -> list[Link]:
    """What this reader sees, in order. `path` is the request's without its language prefix."""
    user = getattr(request, "user", None)
    section = path.strip("/").split("/")[0]
    found = []
    for item in sorted(_items.values(), key=lambda item: item.order):
        if user is None or not item.visible(user):
            continue
        url = _address(item.url_name, get_language())
        if not url:
            continue
        current = "page" if url == request.path else "true" if section in item.sections else ""
        found.append(Link(item, url, current))
    return found
