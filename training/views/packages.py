"""Packages inside lessons: their files, for who has a token, and the data that they keep."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from platform_core.base.errors import Refusal

from ..domain import packages as domain
from ..models import PackageFile
from ..packages import access, host, kinds, runtime, serving
from ..packages.archive import RESERVED
from .around import course_or_404, person_of
from .taking import LONGEST_BODY

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from ..packages.access import Grant


@require_safe
def file(request: HttpRequest, token: str, path: str) -> HttpResponseBase:
    """A file of a package by what the pages of that package call it. 404 for everything that the token does not grant,
    and on any other host than theirs. Who asks is in the token; cookies and sessions are not looked at."""
    if settings.PACKAGES_ORIGIN and not host.is_of_packages(request):
        raise Http404
    grant = access.grant_of(token)
    if grant is None:
        raise Http404
    path = unicodedata.normalize("NFC", path)
    base_path = host.address(token, "")
    answer = _runtime(grant) if path == RESERVED else _file(request, grant, path, base_path)
    base = f"{serving.packages_origin(request)}{base_path}"
    return serving.guarded(answer, request, base=base, is_first=path == grant.package.launch)


def _runtime(grant: Grant) -> HttpResponse:
    response = HttpResponse(runtime.script(grant, ticket=domain.ticket()), content_type=kinds.TYPES["js"])
    response["Cache-Control"] = "private, no-store"
    return response


def _file(request: HttpRequest, grant: Grant, path: str, base_path: str) -> HttpResponseBase:
    if "\0" in path:  # PostgreSQL takes no such text, not even to look for
        raise Http404
    row = PackageFile.objects.filter(package=grant.package, path=path).first()
    if row is None:
        raise Http404
    try:
        if row.content_type == kinds.HTML:
            return serving.page(row, base_path=base_path)
        return serving.file(row, request)
    except FileNotFoundError:
        raise Http404 from None


@never_cache
@require_POST
def data(request: HttpRequest, pk: int) -> JsonResponse:
    """What the page of a lesson was told by its package. It may come twice and late.

    401 for who is not signed in any more, 422 with what is wrong; then nothing of it is kept.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"error": _("Sign in again: what you do is kept in this browser meanwhile.")}, status=401)
    try:
        course, lesson, report = _read(request)
        course_or_404(request, course)
        kept = domain.keep_package_data(
            person=person_of(request), course_key=course, lesson_key=lesson, package=int(pk), report=report
        )
    except Refusal as refusal:
        return JsonResponse({"error": str(refusal.message)}, status=422)
    except Http404:
        return JsonResponse({"error": _("This course is not here any more.")}, status=422)
    return JsonResponse({"changed": kept.is_changed, "superseded": kept.is_superseded, "done": kept.is_done})


def _read(request: HttpRequest) -> tuple[UUID, UUID, domain.Report]:
    """Raises Refusal for what is not what our page sends."""
    wrong = Refusal(_("This is not what the page of a lesson sends. Nothing was kept."))
    if len(request.body) > LONGEST_BODY:
        raise wrong
    try:
        sent = json.loads(request.body)
        course, lesson = UUID(sent["course"]), UUID(sent["lesson"])
        report = domain.Report(
            version=_of(str, sent["version"]),
            ticket=_of(int, sent["ticket"]),
            seq=_of(int, sent["seq"]),
            values=_of(dict, sent["values"]),
            is_finished=sent["finished"] is True,
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise wrong from None
    return course, lesson, report


def _of(kind: type, value: Any) -> Any:
    """The value, when it is of exactly that kind: `True` is no number here. Raises TypeError."""
    if type(value) is not kind:
        raise TypeError(kind)
    return value
