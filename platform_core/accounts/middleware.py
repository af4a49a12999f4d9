"""What stands between a signed-in person and a page: their preferences, the second factor, the code of ethics.

None of them asks the database anything for a visitor, nor for a person who has nothing pending; only staff cost one
query, and only where a second factor is required of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from platform_core.base.context import without_language

from .pending import keep_what_was_sent
from .queries import current_code, has_second_factor

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

ALWAYS_OPEN = re.compile("|".join(settings.ALWAYS_OPEN_PATHS))
PUBLIC = re.compile("|".join(settings.PUBLIC_PATHS))
ADMINISTRATION = re.compile(r"^/(gestio|admin|documents)/")
PROGRAMS = re.compile(r"^/api/")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class LanguageOfTheAdministration:
    """The administration has no language in its address: it speaks the language of who is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if ADMINISTRATION.match(request.path_info) and request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        return self.get_response(request)


class StaffSecondFactor:
    """Whoever works for the service sets up a second factor before anything else (ENS, RD 311/2022).

    Being staff changes what every page shows, so it is every page that waits, and not only the administration.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.STAFF_SECOND_FACTOR_REQUIRED and self._must_wait(request):
            message = _("You work for the service: set up a second factor, and then you can go on.")
            messages.warning(request, message)
            return _send_to(request, reverse("mfa_index"), message)
        return self.get_response(request)

    @staticmethod
    def _must_wait(request: HttpRequest) -> bool:
        user = request.user
        return (
            user.is_authenticated
            and user.is_staff
            and not ALWAYS_OPEN.match(without_language(request.path_info))
            and not has_second_factor(user)
        )


class CodeOfEthicsInForce:
    """A new version of the code of ethics asks again, at once, and loses nothing of what was being sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self._must_ask(request):
            return self.get_response(request)
        here = request.get_full_path() if request.method in SAFE_METHODS else keep_what_was_sent(request)
        url = f"{reverse('accounts:accept_code')}?{urlencode({'next': here})}"
        return _send_to(request, url, _("There is a new code of ethics: read it and accept it to go on."))

    @staticmethod
    def _must_ask(request: HttpRequest) -> bool:
        user = request.user
        if not user.is_authenticated or user.has_accepted_code:
            return False
        path = without_language(request.path_info)
        if ALWAYS_OPEN.match(path) or (request.method in SAFE_METHODS and PUBLIC.match(path)):
            return False
        return current_code() is not None


def _send_to(request: HttpRequest, url: str, message: str) -> HttpResponse:
    """Send a browser to `url`, also from within an htmx request; tell a program why it may not go on."""
    if PROGRAMS.match(request.path_info):
        return JsonResponse({"detail": message, "url": request.build_absolute_uri(url)}, status=403)
    if getattr(request, "htmx", False):
        response = HttpResponse(status=204)
        response["HX-Redirect"] = url
        return response
    return redirect(url)
