"""For who looks after the training of others: the service, and referents for the people of their organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from knowledge_base.public import reading_language
from platform_core.base.errors import Refusal

from .. import beyond, domain, invited, queries, roll, sheets
from .. import board as boards
from ..board import STATES, Asked
from ..forms import ExtraTimeForm, RollForm
from ..permissions import (
    enrolments_seen_by,
    invitations_seen_by,
    manages_training,
    organisations_led_by,
    teaches_somebody,
)
from ..roll import BadRollError
from .around import course_or_404, person_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from ..models import CoursePage, Enrolment

LONGEST_SEARCH = 100
LARGEST_ID = 2**63


@never_cache
@login_required
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    course, courses = _course(request)
    asked = _asked(request)
    found = boards.board(
        course.translation_key, viewer=request.user, asked=asked, number=request.GET.get("pagina", "1")
    )
    context = {
        "course": course,
        "courses": courses,
        "asked": asked,
        "board": found,
        "manages": manages_training(request.user),
        "states": _states(),
        "query": _query(request),
        "invitations": invited.waiting_for(
            course.translation_key, viewer=request.user, number=_number(request.GET.get("inv", ""))
        ),
        "beyond": beyond.links_for(request.user, course.translation_key),
    }
    return render(request, "training/board.html", context)


@never_cache
@login_required
@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The same people as a file for a spreadsheet."""
    course, _courses = _course(request)
    rows = boards.everybody(course.translation_key, viewer=request.user, asked=_asked(request))
    answer = StreamingHttpResponse(sheets.csv_lines(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{course.slug}-{timezone.localdate():%Y-%m-%d}.csv"'
    return answer


@never_cache
@login_required
@require_safe
def export_xlsx(request: HttpRequest) -> HttpResponse:
    """The same, as a workbook."""
    course, _courses = _course(request)
    rows = boards.everybody(course.translation_key, viewer=request.user, asked=_asked(request))
    answer = HttpResponse(sheets.workbook(rows), content_type=sheets.XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{course.slug}-{timezone.localdate():%Y-%m-%d}.xlsx"'
    return answer


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Whoever somebody may enrol, typed or from a file; nobody when one line is wrong."""
    _course_asked, courses = _course(request)
    form = RollForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        actor=person_of(request),
        courses=courses,
        organisations=list(organisations_led_by(person_of(request))),
        initial={"course": str(_course_asked.translation_key)},
    )
    context: dict[str, Any] = {"form": form, "manages": manages_training(request.user)}
    if request.method == "POST" and form.is_valid():
        try:
            return _enrolled(request, form)
        except BadRollError as bad:
            context["problems"] = bad.problems
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
    refused = form.is_bound and (form.errors or "problems" in context)
    return render(request, "training/enrol.html", context, status=422 if refused else 200)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """How one person does, lesson by lesson. 404 for who is none of the viewer's."""
    rows = enrolments_seen_by(request.user).select_related("person", "version", "organisation", "cohort")
    enrolment = get_object_or_404(rows, pk=pk)
    manages = manages_training(request.user)
    form = _time_form(request, enrolment) if manages else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            return _give_time(request, enrolment, form.cleaned_data["percent"])
    (learning,) = queries.learnings([enrolment], {})
    context = {
        "enrolment": enrolment,
        "learning": learning,
        "parts": queries.parts_of(learning.outline, base="", learning=learning),
        "certificate": queries.last_certificate(enrolment),
        "attempts": enrolment.attempts.exclude(sent_at=None).select_related("quiz"),
        "form": form,
    }
    return render(request, "training/enrolment.html", context, status=422 if form and form.errors else 200)


@login_required
@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """An invitation, once more. 404 for one that is none of the viewer's."""
    found = get_object_or_404(invitations_seen_by(request.user).select_related("organisation", "cohort"), pk=pk)
    course = course_or_404(request, found.course_key)
    try:
        domain.send_again(actor=person_of(request), invitation=found, course=course)
        messages.success(request, _("We have sent the invitation to %(email)s again.") % {"email": found.email})
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return _to_board(found.course_key)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(invitations_seen_by(request.user), pk=pk)
    try:
        domain.withdraw(actor=person_of(request), invitation=found)
        messages.success(request, _("The invitation to %(email)s is withdrawn.") % {"email": found.email})
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return _to_board(found.course_key)


def _time_form(request: HttpRequest, enrolment: Enrolment) -> ExtraTimeForm:
    sent = request.POST if request.method == "POST" else None
    return ExtraTimeForm(sent, initial={"percent": enrolment.extra_time})


def _give_time(request: HttpRequest, enrolment: Enrolment, percent: int) -> HttpResponse:
    domain.give_extra_time(actor=person_of(request), enrolment=enrolment, percent=percent)
    messages.success(request, _("The extra time counts from the next attempt on."))
    return redirect("training:enrolment", enrolment.pk)


def _enrolled(request: HttpRequest, form: RollForm) -> HttpResponse:
    """Raises BadRollError and Refusal."""
    file = form.cleaned_data["file"]
    text = roll.decode(file.read()) if file else form.cleaned_data["people"]
    course = form.courses[form.cleaned_data["course"]]
    found = roll.read(text, actor=person_of(request))
    outcome = domain.enrol_roll(
        actor=person_of(request),
        people=found.people,
        addresses=found.addresses,
        course=course,
        group=form.cleaned_data.get("group", "").strip(),
        organisation=form.organisation,
    )
    messages.success(request, _told(outcome))
    return _to_board(course.translation_key)


def _told(outcome: domain.Outcome) -> str:
    said = []
    if outcome.enrolled or not outcome.invited:
        words = ngettext("1 person enrolled.", "%(count)d people enrolled.", outcome.enrolled)
        said.append(words % {"count": outcome.enrolled})
    if outcome.already:
        words = ngettext("1 took it already.", "%(count)d took it already.", outcome.already)
        said.append(words % {"count": outcome.already})
    if outcome.invited:
        words = ngettext(
            "1 invited: they are enrolled when they accept.",
            "%(count)d invited: they are enrolled when they accept.",
            outcome.invited,
        )
        said.append(words % {"count": outcome.invited})
    return " ".join(said)


def _to_board(course_key: UUID) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('training:board')}?curs={course_key}")


def _course(request: HttpRequest) -> tuple[CoursePage, list[CoursePage]]:
    """The course that was asked for, else the first, and all. 404 for who looks after nobody, and without a course."""
    if not teaches_somebody(request.user):
        raise Http404
    courses = list(queries.courses_for(request.user, language=reading_language()).values())
    if not courses:
        raise Http404
    wanted = request.GET.get("curs", "")
    return next((course for course in courses if str(course.translation_key) == wanted), courses[0]), courses


def _asked(request: HttpRequest) -> Asked:
    """What stands in the address; what is no filter of ours is left out."""
    cohort, state = request.GET.get("grup", ""), request.GET.get("estat", "")
    is_id = cohort.isascii() and cohort.isdigit() and len(cohort) < len(str(LARGEST_ID))
    text = "".join(letter for letter in request.GET.get("q", "")[:LONGEST_SEARCH] if letter.isprintable()).strip()
    return Asked(cohort=int(cohort) if is_id else None, state=state if state in STATES else "", text=text)


def _states() -> list[tuple[str, str]]:
    labels = {
        "nobegun": _("Not begun"),
        "doing": _("Doing it"),
        "stuck": _("Stuck: nothing for two weeks"),
        "done": _("Completed"),
    }
    return [(state, labels[state]) for state in STATES]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(invited.LAST_PAGE)) else 1


def _query(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("pagina", None)
    return kept.urlencode()
