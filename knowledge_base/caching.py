"""Public pages, kept as they were drawn, for whoever is not signed in (docs/decisions/0020-public-pages-are-kept.md).

What is kept may be given to anybody: it is drawn for a reader without a session, without messages and without a form (a
form needs a token of one browser). It is right because each kept page carries the number of the last change of the
pages; that number grows in the database, with the change, and is read for every visit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.http import HttpResponse

from platform_core.accounts.theme import COOKIE as THEME
from platform_core.activity.queries import head
from platform_core.base.context import without_language

from .models import INDEX_SLUG

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

STREAM = "knowledge_base"
"""What happens to the pages, in the activity log: its newest entry is the number that kept pages carry."""
ROOT = f"/{INDEX_SLUG}/"
MESSAGES = "messages"  # the cookie of Django's messages
LONGEST_PATH = 300  # characters; no page of ours has a longer one
THEMES = {"light", "dark"}


class PublicPages:
    """Stands before the sessions: a kept page costs one query and nothing of what makes a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _may_be_anybody(request):
            return self.get_response(request)
        # Before the page is drawn: what changes meanwhile makes it old at once.
        version, key = head(STREAM), _key(request)
        kept = cast("tuple[int, bytes, list[tuple[str, str]]] | None", cache.get(key))
        if kept is not None and kept[0] == version:
            return HttpResponse(kept[1], headers=dict(kept[2]))
        request.is_anybody = True  # type: ignore[attr-defined]  # see is_anybody
        response = self.get_response(request)
        if _may_be_kept(response):
            page = (version, response.content, list(response.items()))
            cache.set(key, page, settings.PUBLIC_PAGES_KEPT)
        return response


def is_anybody(request: HttpRequest) -> bool:
    """Whether what is drawn now may be kept: nothing of one browser goes into it, no token of a form either."""
    return bool(getattr(request, "is_anybody", False))


def keep(response: HttpResponse) -> HttpResponse:
    """For views: this page is the same for everybody who is not signed in. It says nothing to browsers."""
    response.is_for_anybody = True  # type: ignore[attr-defined]
    return response


def _may_be_anybody(request: HttpRequest) -> bool:
    """A plain visit to a page of the tree by a browser that is in no session and has nothing to be told."""
    return bool(
        settings.PUBLIC_PAGES_KEPT
        and request.method == "GET"
        and not request.META.get("QUERY_STRING")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and MESSAGES not in request.COOKIES
        and "HTTP_AUTHORIZATION" not in request.META
        and "HTTP_HX_REQUEST" not in request.META
        and len(request.path_info) <= LONGEST_PATH
        and without_language(request.path_info).startswith(ROOT)
    )


def _may_be_kept(response: Any) -> bool:
    return bool(
        getattr(response, "is_for_anybody", False)
        and response.status_code == HttpResponse.status_code
        and not response.streaming
        and not response.cookies
    )


def _key(request: HttpRequest) -> str:
    """The path says the language too. The files of the look are other ones after an upgrade."""
    theme = request.COOKIES.get(THEME, "")
    look = getattr(staticfiles_storage, "manifest_hash", "")
    parts = (request.scheme, request.get_host(), theme if theme in THEMES else "", look, request.path_info)
    return "knowledge_base.page:" + ":".join(str(part) for part in parts)
