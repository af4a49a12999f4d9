"""The reports of the desk, under /suport/informes/."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from helpdesk.desk.charts import MINUS, Bar, bars
from helpdesk.desk.forms.reports import TrainingReturnForm
from helpdesk.desk.training_return import REACH, Return, training_return
from knowledge_base.public import reading_language
from platform_core.base.spreadsheets import csv_response
from training.public import courses_for

from .doors import desk_only

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, StreamingHttpResponse


@never_cache
@desk_only
@require_GET
def training(request: HttpRequest) -> HttpResponse:
    """Tickets per local body before and after a course, as a chart with its table."""
    form = _form(request)
    found = _found(form)
    context = {
        "form": form,
        "course": form.course,
        "found": found,
        "months": [(_signed(month.offset), month) for month in found.months],
        "bars": _bars(found) if found.says_something else [],
        "reach": REACH,
        "query": request.GET.urlencode(),
    }
    return render(request, "desk/training_return.html", context, status=422 if form.errors else 200)


@never_cache
@desk_only
@require_GET
def training_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same, a local body a row, for a spreadsheet."""
    form = _form(request)
    found = _found(form)
    head = [
        _("organisation"), _("first completed"), _("people who completed"), _("months before"), _("tickets before"),
        _("a month before"), _("months after"), _("tickets after"), _("a month after"), _("difference"),
    ]  # fmt: skip
    return csv_response(f"retorn-{form.course.slug}.csv", head, _cells(found))


def _form(request: HttpRequest) -> TrainingReturnForm:
    """404 while there is no course."""
    courses = courses_for(request.user, language=reading_language())
    if not courses:
        raise Http404
    form = TrainingReturnForm(request.GET, courses=courses)
    form.is_valid()
    return form


def _found(form: TrainingReturnForm) -> Return:
    """What is wrong in the form asks for all."""
    asked: dict[str, Any] = form.cleaned_data
    return training_return(form.course.translation_key, since=asked.get("des"), until=asked.get("fins"))


def _bars(found: Return) -> list[Bar]:
    """The months before, the place of the course itself, and the months after."""
    values = [(_signed(month.offset), month.mean, "before" if month.offset < 0 else "after") for month in found.months]
    values.insert(REACH, ("0", None, "course"))
    return bars(values)


def _signed(offset: int) -> str:
    return f"+{offset}" if offset > 0 else f"{MINUS}{-offset}"


def _cells(found: Return) -> Iterator[list[object]]:
    for body in found.bodies:
        yield [
            body.organisation.index_name,
            timezone.localdate(body.first_at).isoformat(),
            body.people,
            len(body.before),
            sum(body.before.values()),
            _rounded(body.mean_before),
            len(body.after),
            sum(body.after.values()),
            _rounded(body.mean_after),
            _rounded(body.difference),
        ]


def _rounded(number: float | None) -> float | str:
    return "" if number is None else round(number, 2)
