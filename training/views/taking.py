"""Coming into a course, leaving it, and marks of progress."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from platform_core.base.errors import Refusal

from .. import domain, queries
from ..domain import Mark
from .around import course_or_404, person_of
from .reading import course as course_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from ..models import CoursePage, Enrolment
    from ..queries import Learning

MOST_MARKS = 200
LONGEST_BODY = 64 * 1024  # bytes


@login_required
@require_POST
def enrol(request: HttpRequest, key: UUID) -> HttpResponse:
    course = course_or_404(request, key)
    try:
        domain.enrol(actor=person_of(request), person=person_of(request), course=course)
    except Refusal as refusal:
        return _refused(request, course, refusal)
    learning = queries.learning_in(course, viewer=request.user)
    return HttpResponseRedirect(learning.resume_url if learning else course.get_absolute_url())


@login_required
@require_POST
def leave(request: HttpRequest, key: UUID) -> HttpResponse:
    said = _("You have left the course. What you did is kept, should you come back.")
    return _with_enrolment(
        request, key, lambda found, _course: domain.leave(actor=person_of(request), enrolment=found), said
    )


@login_required
@require_POST
def take_newest(request: HttpRequest, key: UUID) -> HttpResponse:
    said = _("You go on with the newest version of the course. What you had done still counts.")
    return _with_enrolment(
        request,
        key,
        lambda found, course: domain.take_newest(actor=person_of(request), enrolment=found, course=course),
        said,
    )


@login_required
@require_POST
def renew(request: HttpRequest, key: UUID) -> HttpResponse:
    said = _("You begin again. The lessons that you did stay done; pass the quizzes to renew the certificate.")
    return _with_enrolment(
        request, key, lambda found, course: domain.renew(actor=person_of(request), enrolment=found, course=course), said
    )


@login_required
@require_POST
def done(request: HttpRequest, key: UUID) -> HttpResponse:
    """«Done, go on»: marks one lesson and leads to the next."""
    course = course_or_404(request, key)
    before = queries.learning_in(course, viewer=request.user)
    try:
        mark = Mark(key=UUID(request.POST.get("lesson", "")), is_done=True)
    except ValueError:
        raise Http404 from None
    try:
        enrolment = domain.mark(person=person_of(request), course_key=course.translation_key, marks=[mark])
    except Refusal as refusal:
        return _refused(request, course, refusal)
    if enrolment.completed_at and before and not before.is_complete:
        messages.success(request, _("You have completed the course. Congratulations!"))
        return HttpResponseRedirect(course.get_absolute_url())
    item = enrolment.version.outline.get(str(mark.key))
    after = enrolment.version.outline.beside(item)[1] if item else None
    return HttpResponseRedirect(course.get_absolute_url() + (f"{after.path}/" if after else ""))


@never_cache
@require_POST
def progress(request: HttpRequest) -> JsonResponse:
    """Marks that a browser kept while it had no connection: `{"course": …, "marks": [{"key", "done", "at"}]}`.

    They may come twice. 401 for who is not signed in any more, 422 with what is wrong; then nothing of it is kept.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"error": _("Sign in again: what you did is kept in this browser meanwhile.")}, status=401)
    try:
        key, marks = _read(request)
        course_or_404(request, key)
        enrolment = domain.mark(person=person_of(request), course_key=key, marks=marks)
    except Refusal as refusal:
        return JsonResponse({"error": str(refusal.message)}, status=422)
    except Http404:
        return JsonResponse({"error": _("This course is not here any more.")}, status=422)
    done_keys = enrolment.progress.exclude(done_at=None).values_list("key", flat=True)
    keys = enrolment.version.outline.keys
    count = sum(str(done_key) in keys for done_key in done_keys)
    return JsonResponse({"done": count, "of": len(keys), "completed": enrolment.completed_at is not None})


def _read(request: HttpRequest) -> tuple[UUID, list[Mark]]:
    """Raises Refusal for what is not what our page sends."""
    wrong = Refusal(_("This is not what the page of a lesson sends. Nothing was kept."))
    if len(request.body) > LONGEST_BODY:
        raise wrong
    try:
        sent = json.loads(request.body)
        marks = [Mark(key=UUID(each["key"]), is_done=each["done"] is True, at=_instant(each)) for each in sent["marks"]]
        key = UUID(sent["course"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise wrong from None
    if not 0 < len(marks) <= MOST_MARKS:
        raise wrong
    return key, marks


def _instant(each: dict[str, Any]) -> datetime | None:
    """When the browser says that it was. Raises ValueError for what is no instant."""
    if not (text := each.get("at")):
        return None
    found = parse_datetime(text)
    if found is None or timezone.is_naive(found):
        raise ValueError(text)
    return found


def _with_enrolment(
    request: HttpRequest, key: UUID, verb: Callable[[Enrolment, CoursePage], Enrolment], said: str
) -> HttpResponse:
    course = course_or_404(request, key)
    learning = queries.learning_in(course, viewer=request.user)
    if learning is None:
        raise Http404
    try:
        verb(learning.enrolment, course)
    except Refusal as refusal:
        return _refused(request, course, refusal, learning)
    messages.success(request, said)
    return HttpResponseRedirect(course.get_absolute_url())


def _refused(
    request: HttpRequest, course: CoursePage, refusal: Refusal, learning: Learning | None = None
) -> HttpResponse:
    learning = learning or queries.learning_in(course, viewer=request.user)
    return course_page(request, course, learning, status=422, refusal=str(refusal.message))
