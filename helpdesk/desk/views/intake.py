"""The phone intake at /suport/taula/nova/: who calls, what they say, and if it was solved there and then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid5

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from helpdesk.desk import callers, domain, queries
from helpdesk.desk.forms.intake import IntakeForm
from helpdesk.desk.models import Channel, Kind, Priority, State
from platform_core.base.errors import Refusal

from .doors import desk_only, me

if TYPE_CHECKING:
    from django import forms

    from helpdesk.desk.models import Case
    from platform_core.accounts.models import User

PAGES = ["GET", "HEAD", "POST"]
FIELDS = {"requester_email": "who", "requester": "who"}
"""Field of a refusal -> field of the form."""


@never_cache
@desk_only
@require_http_methods(PAGES)
def intake(request: HttpRequest) -> HttpResponse:
    form = IntakeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            case = _take_down(me(request), form.cleaned_data)
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, _told(case))
            return redirect(case.get_bench_url())
    kind, priority = _asked(form["kind"].value(), form["priority"].value())
    context = {"form": form, "promised": queries.promised_now(kind, priority)}
    return render(request, "desk/intake.html", context, status=422 if form.errors else 200)


@never_cache
@desk_only
@require_GET
def who(request: HttpRequest) -> JsonResponse:
    """`?q=`: people by the beginning of a word of their name, address or organisation."""
    found = callers.find(request.GET.get("q", ""))
    return JsonResponse({"people": [caller.as_dict() for caller in found]})


@never_cache
@desk_only
@require_GET
def promise(request: HttpRequest) -> HttpResponse:
    """`?kind=incident&priority=2`: what would be promised now, as a fragment of the page."""
    kind, priority = _asked(request.GET.get("kind"), request.GET.get("priority"))
    return render(request, "desk/parts/intake_promise.html", {"promised": queries.promised_now(kind, priority)})


@transaction.atomic
def _take_down(actor: User, sent: dict[str, Any]) -> Case:
    """The ticket, its note and its solution: all of them or none, and the same form twice changes nothing."""
    number, organisation = sent["submission"], sent.get("organisation")
    case = domain.open_ticket(
        actor=actor,
        requester=sent["requester"],
        requester_email=sent["requester_email"],
        requester_name=sent["name"],
        organisation=organisation,
        kind=sent["kind"],
        priority=sent["priority"],
        subject=sent["subject"],
        text=sent["text"],
        instance=organisation.platform_host if organisation else "",
        channel=Channel.PHONE,
        assignee=actor if sent["mine"] else None,
        submission=number,
    )
    spent = sent["minutes"]
    if sent["note"].strip():
        noted = None if sent["solved"] else spent
        domain.add_note(actor=actor, case=case, text=sent["note"], time_spent=noted, submission=uuid5(number, "note"))
    if sent["solved"]:
        domain.reply(
            actor=actor,
            case=case,
            text=sent["solution"],
            channel=Channel.PHONE,
            then=State.RESOLVED,
            time_spent=spent,
            submission=uuid5(number, "solution"),
        )
        case.refresh_from_db()
    return case


def _told(case: Case) -> str:
    words = {"reference": case.reference}
    if case.state == State.RESOLVED:
        return _("%(reference)s is written down and resolved.") % words
    return _("%(reference)s is open: tell them the reference.") % words


def _asked(kind: Any, priority: Any) -> tuple[Kind, Priority]:
    known = {str(value) for value in Priority.values}
    return (
        Kind(kind) if kind in Kind.values else Kind.QUESTION,
        Priority(int(priority)) if str(priority) in known else Priority.NORMAL,
    )


def _refuse(form: forms.Form, refusal: Refusal) -> None:
    field = FIELDS.get(refusal.field or "", refusal.field)
    form.add_error(field if field in form.fields else None, str(refusal.message))
