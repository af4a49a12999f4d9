"""From a ticket to an answer in the knowledge base, and from a ticket to others like it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from helpdesk.desk import domain, queries
from helpdesk.desk.anonymity import parts_of
from helpdesk.desk.forms.answer import AnswerForm, LinkForm, PrescribeForm
from helpdesk.desk.models import Case, MadeAnswer
from knowledge_base.public import reading_language
from platform_core.base.errors import Refusal
from training.public import tasks_for

from .doors import desk_only, me

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from helpdesk.desk.anonymity import Stripped


@never_cache
@desk_only
@require_http_methods(["GET", "HEAD", "POST"])
def make_answer(request: HttpRequest, reference: str) -> HttpResponse:
    """The draft, with what was taken out of the ticket marked; sent to it, a page that waits for the editors."""
    case = _case(request, reference)
    if MadeAnswer.objects.filter(case=case).exists():
        messages.info(request, _("An answer has been made of this ticket already."))
        return redirect(case.get_bench_url())
    parts = parts_of(case)
    initial = {name: stripped.text for name, stripped in parts.items()}
    form = AnswerForm(request.POST or None, initial={**initial, "topic": case.topic})
    if request.method == "POST" and form.is_valid():
        try:
            domain.make_answer(actor=me(request), case=case, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
        else:
            messages.success(request, _("The editors have the draft: they review it and publish it."))
            return redirect(case.get_bench_url())
    context = {"case": case, "form": form, "parts": _told(form, parts)}
    return render(request, "desk/make_answer.html", context, status=422 if form.errors else 200)


@desk_only
@require_POST
def link(request: HttpRequest, reference: str) -> HttpResponse:
    """Put a ticket together with another one; with `remove`, take them apart."""
    case, form = _case(request, reference), LinkForm(request.POST)
    written = str(form.data.get("other", ""))[:40]
    try:
        other = queries.case_by_reference(me(request), form.cleaned_data["other"]) if form.is_valid() else None
    except Case.DoesNotExist:
        other = None
    if other is None:
        messages.error(request, _("There is no ticket “%(reference)s”.") % {"reference": written})
        return redirect(case.get_bench_url())
    names = {"one": case.reference, "other": other.reference}
    try:
        if form.cleaned_data["remove"]:
            domain.unlink(actor=me(request), case=case, other=other)
            messages.success(request, _("%(one)s and %(other)s are no longer linked.") % names)
        else:
            domain.link(actor=me(request), case=case, other=other)
            messages.success(request, _("%(one)s and %(other)s are linked.") % names)
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return redirect(case.get_bench_url())


@never_cache
@desk_only
@require_http_methods(["GET", "HEAD", "POST"])
def prescribe(request: HttpRequest, reference: str) -> HttpResponse:
    """A lesson or a course for who asked, and the words that go with it."""
    case = _case(request, reference)
    tasks = tasks_for(case.requester, language=reading_language()) if case.requester else []
    form = PrescribeForm(request.POST or None, case=case, tasks=tasks)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            course, lesson = form.cleaned_data["task"]
            what = {"course_key": course, "lesson_key": lesson, "text": form.cleaned_data["text"]}
            version = form.cleaned_data["version"]
            try:
                domain.prescribe(actor=me(request), case=case, expected_version=version, **what)
            except domain.Changed as changed:
                form.reread(_case(request, case.reference))
                form.add_error(None, str(changed.message))
                status = 409
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
            else:
                messages.success(request, _("It is prescribed. The ticket waits until they have done it."))
                return redirect(case.get_bench_url())
    context = {"case": case, "form": form, "tasks": tasks}
    return render(request, "desk/prescribe.html", context, status=status)


def _case(request: HttpRequest, reference: str) -> Case:
    try:
        return queries.case_by_reference(me(request), reference)
    except Case.DoesNotExist as missing:
        raise Http404 from missing


def _told(form: AnswerForm, parts: dict[str, Stripped]) -> list[tuple[str, Stripped]]:
    """Each text that something was taken out of, under the name of its field."""
    return [(str(form.fields[name].label), stripped) for name, stripped in parts.items() if stripped.taken]
