"""The theme, so that the server writes it on <html> and no page blinks.

The cookie keeps it in this browser; a signed-in person's is stored with them too, for a browser that has no cookie yet.
Templates read `theme`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from .models import Theme

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

COOKIE = "theme"
A_YEAR = 365 * 24 * 3600  # seconds


def theme(request: HttpRequest) -> dict[str, str]:
    """Context processor: {"theme": "light" | "dark" | ""}; empty follows the system."""
    user = getattr(request, "user", None)
    # The cookie first: it is what this browser was last told, by the button or by the profile.
    chosen = request.COOKIES.get(COOKIE, "")
    if not chosen and user is not None and user.is_authenticated:
        chosen = user.theme
    return {"theme": chosen if chosen in (Theme.LIGHT, Theme.DARK) else ""}


def remember_theme(response: HttpResponse, chosen: str) -> HttpResponse:
    response.set_cookie(COOKIE, chosen, max_age=A_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response
