"""What base.html needs on every page. Nothing here asks the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from . import navigation

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True)
class LanguageLink:
    code: str
    name: str
    url: str
    current: bool


def without_language(path: str) -> str:
    """`/es/ens/` is `/ens/`; Catalan has no prefix to lose."""
    for code, _name in settings.LANGUAGES:
        if path == f"/{code}" or path.startswith(f"/{code}/"):
            return path[len(code) + 1 :] or "/"
    return path


def language_links(request: HttpRequest) -> list[LanguageLink]:
    """The same page in each language, with its query. By prefix and not by name, so that a 404 has them too."""
    path = without_language(request.path)
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") and request.method == "GET" else ""
    now = get_language()
    return [
        LanguageLink(code, name, ("" if code == settings.LANGUAGE_CODE else f"/{code}") + path + query, code == now)
        for code, name in settings.LANGUAGES
    ]


def site_address(request: HttpRequest) -> str:
    """How absolute addresses begin; empty on the page that refuses a host which is not ours."""
    try:
        return f"{request.scheme}://{request.get_host()}"
    except DisallowedHost:
        return ""


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor of the frame. Lazy: mails and fragments that draw no frame pay nothing."""
    path = without_language(request.path)
    nav_links = SimpleLazyObject(lambda: navigation.links(request, path=path))
    return {
        "service_phone": settings.SERVICE_PHONE,
        "service_email": settings.SERVICE_EMAIL,
        "nav_links": nav_links,
        "nav_key": SimpleLazyObject(lambda: navigation.key_of(nav_links)),
        "site_address": SimpleLazyObject(lambda: site_address(request)),
        "language_links": SimpleLazyObject(lambda: language_links(request)),
    }
