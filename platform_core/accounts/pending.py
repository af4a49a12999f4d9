"""A form that a person was sending when they were asked something first. It waits in their session.

What is kept is shown to the person on the next page, who sends it again with one button; nothing is repeated for them.
Files are too big to keep, and passwords are not ours to keep.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import RawPostDataException
from django.utils.http import url_has_allowed_host_and_scheme

if TYPE_CHECKING:
    from django.http import HttpRequest

KEY = "pending_form"
MOST_CHARACTERS = 100_000
NEVER_KEPT = ("csrfmiddlewaretoken",)


def keep_what_was_sent(request: HttpRequest) -> str:
    """Keep the fields of this POST in the session, and return the page to go back to: the one with the form."""
    try:
        fields = [
            (name, value)
            for name, values in request.POST.lists()
            if name not in NEVER_KEPT and "password" not in name
            for value in values
        ]
    except (RawPostDataException, OSError):
        fields = []
    if fields and sum(len(value) for _name, value in fields) <= MOST_CHARACTERS:
        request.session[KEY] = {
            "action": request.get_full_path(),
            "fields": fields,
            "files": sorted(request.FILES),
        }
    referer = request.META.get("HTTP_REFERER", "")
    return referer if is_our_address(request, referer) else request.get_full_path()


def take_what_was_sent(request: HttpRequest) -> dict[str, Any] | None:
    """What was kept, once."""
    kept: dict[str, Any] | None = request.session.pop(KEY, None)
    return kept


def is_our_address(request: HttpRequest, url: str) -> bool:
    return url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
