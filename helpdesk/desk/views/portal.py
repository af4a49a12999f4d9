"""The requester's side, under /suport/: a new ticket, my tickets, and the conversation of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from helpdesk.desk import domain, listing, permissions, queries, telling
from helpdesk.desk.domain.talking import can_be_reopened
from helpdesk.desk.forms import portal as forms
from helpdesk.desk.learning import learning_about
from helpdesk.desk.listing import Asked
from helpdesk.desk.models import Case, Change, Channel, Kind, State
from helpdesk.desk.panels import Place, panels_of
from knowledge_base.public import filed_anyway, topics
from platform_core.activity.queries import head
from platform_core.base import identity_numbers
from platform_core.base.errors import Refusal
from platform_core.base.spreadsheets import csv_response
from platform_core.officehours.promise import duration
from training.public import required_for

from .doors import me

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from django import forms as django_forms
    from django.http.response import HttpResponseBase

    from platform_core.accounts.models import User
    from training.public import Required

PAGES = ["GET", "HEAD", "POST"]
LONGEST_ID = 18
LONGEST_SUBJECT = 200


# ---- my tickets ----


@never_cache
@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    asked, person = Asked.of(request.GET), me(request)
    page = listing.page(person, asked)
    promises = queries.promises_of(page.cases, with_news=False)
    counts = listing.counts(person)
    context = {
        "asked": asked,
        "rows": [(case, promises.get(case.pk)) for case in page.cases],
        "next_address": page.next_address,
        "tabs": list(_tabs(person, asked, counts)),
        "states": listing.STATES,
        "export": asked.address(),
    }
    return render(request, "desk/mine.html", context)


@never_cache
@login_required
@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows, all its pages, as CSV."""
    header = [_("Reference"), _("Subject"), _("State"), _("Kind"), _("Organisation"), _("Asked by"), _("Opened"),
              _("Resolved")]  # fmt: skip
    cases = listing.everything(me(request), Asked.of(request.GET))
    return csv_response("tiquets.csv", header, (_cells(case) for case in cases))


def _cells(case: Case) -> list[object]:
    return [
        case.reference,
        case.ticket.title,
        case.get_state_display(),
        case.get_kind_display(),
        case.organisation.name if case.organisation else "",
        str(case.requester or case.requester_name),
        timezone.localtime(case.opened_at).isoformat(timespec="minutes"),
        timezone.localtime(case.resolved_at).isoformat(timespec="minutes") if case.resolved_at else "",
    ]


def _tabs(person: User, asked: Asked, counts: dict[str, int]) -> Iterator[dict[str, Any]]:
    labels = {listing.MINE: _("Mine")}
    if listing.is_referent(person):
        labels[listing.OURS] = _("Of my organisation")
    if counts[listing.COPIED] or asked.whose == listing.COPIED:
        labels[listing.COPIED] = _("In copy")
    for whose, label in labels.items():
        address = asked.address(whose=whose)
        yield {"label": label, "address": address, "count": counts[whose], "is_here": whose == asked.whose}


# ---- a new one ----


@never_cache
@login_required
@require_http_methods(PAGES)
def new(request: HttpRequest) -> HttpResponse:
    person = me(request)
    form = forms.NewTicketForm(request.POST or None, request.FILES or None, person=person, topics=_topics())
    if request.method != "POST":
        form.initial["subject"] = " ".join(request.GET.get("q", "").split())[:LONGEST_SUBJECT]
    if request.method == "POST" and form.is_valid():
        try:
            case = _file(person, form.cleaned_data)
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            if identity_numbers.contains(form.cleaned_data["subject"] + " " + form.cleaned_data["text"]):
                messages.info(
                    request, _("We covered a number that looks like an identity document: we do not need it.")
                )
            if opened := request.POST.get("opened"):
                filed_anyway(opened, viewer=person, language=(get_language() or "ca")[:2])
            messages.success(request, _("We have your ticket. Its reference is %(reference)s.") % {"reference": case})
            return redirect(case)
    promised = queries.promised_by_kind()
    kind = _kind(form["kind"].value())
    context = {
        "form": form,
        "choices": [
            (value, value.label, about, _answer_in(promised, value), promised.get(value, {}))
            for value, about in forms.ABOUT.items()
        ],
        "kind": kind,
        "promised": promised.get(kind, {}),
        "required": _required(person, form),
    }
    return render(request, "desk/new.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_GET
def promise(request: HttpRequest) -> HttpResponse:
    """`?kind=incident`: what would be promised for it now, as a fragment of the page."""
    kind = _kind(request.GET.get("kind"))
    return render(request, "desk/parts/new_promise.html", {"promised": queries.promised_by_kind().get(kind, {})})


def _file(person: User, sent: dict[str, Any]) -> Case:
    return domain.open_ticket(
        actor=person,
        requester=person,
        organisation=sent.get("organisation"),
        kind=sent["kind"],
        subject=sent["subject"],
        text=sent["text"],
        topic=sent.get("topic", ""),
        instance=sent["instance"],
        channel=Channel.WEB,
        files=sent["files"],
        submission=sent["submission"],
    )


def _kind(value: object) -> Kind:
    return Kind(str(value)) if value in Kind.values else Kind.CONFIGURATION


def _answer_in(promised: dict[Kind, dict[str, Any]], kind: Kind) -> str:
    found = promised.get(kind, {}).get("response")
    if found is None:
        return ""
    if found.plain_hours:
        return _("24 hours, every day")
    return _("answer in %(time)s") % {"time": duration(found.allowance)}


def _required(person: User, form: forms.NewTicketForm) -> list[tuple[str, str, list[Required]]]:
    """(slug, topic, courses) of each topic that may be chosen and asks for courses."""
    if "topic" not in form.fields:
        return []
    asked = required_for(person, language=(get_language() or "ca")[:2])
    labels = form.fields["topic"].choices  # type: ignore[attr-defined]
    return [(slug, label, asked[slug]) for slug, label in labels if slug in asked]


def _topics() -> list[tuple[str, str]]:
    return [(topic.slug, topic.label) for topic in topics()]


# ---- one of them ----


@never_cache
@login_required
@require_http_methods(PAGES)
def ticket(request: HttpRequest, reference: str) -> HttpResponse:
    """The conversation; sent to it, an answer."""
    case = _case(request, reference)
    if request.method != "POST":
        return _page(request, case)
    form = forms.ReplyForm(request.POST, request.FILES, person=me(request))

    def answer(sent: dict[str, Any]) -> HttpResponse:
        entry = domain.reply(actor=me(request), case=case, **sent)
        if entry.case_id != case.pk:
            text = _("%(old)s was resolved too long ago: we opened %(new)s, which goes on from it.")
            messages.success(request, text % {"old": case.reference, "new": entry.case.reference})
        else:
            messages.success(request, _("Your answer has been sent."))
        return redirect(entry.case)

    return _act(request, case, "reply", form, answer)


@login_required
@require_POST
def copy(request: HttpRequest, reference: str) -> HttpResponse:
    """Put a colleague in copy; with `remove`, take one out."""
    case = _case(request, reference)
    if number := request.POST.get("remove", ""):
        return _uncopy(request, case, number)

    def add(sent: dict[str, Any]) -> HttpResponse:
        domain.add_copy(actor=me(request), case=case, email=sent["email"])
        messages.success(request, _("%(email)s is in copy now.") % {"email": sent["email"]})
        return redirect(case)

    return _act(request, case, "copy", forms.CopyForm(request.POST), add)


@login_required
@require_POST
def state(request: HttpRequest, reference: str) -> HttpResponse:
    """Close it, or open it again."""
    case = _case(request, reference)

    def change(sent: dict[str, Any]) -> HttpResponse:
        domain.change_state(actor=me(request), case=case, to=sent["to"])
        done = _("The ticket is closed.") if sent["to"] == State.CLOSED else _("The ticket is open again.")
        messages.success(request, done)
        return redirect(case)

    return _act(request, case, "state", forms.StateForm(request.POST), change)


@login_required
@require_POST
def rate(request: HttpRequest, reference: str) -> HttpResponse:
    case = _case(request, reference)

    def say(sent: dict[str, Any]) -> HttpResponse:
        domain.rate(actor=me(request), case=case, rating=sent["rating"], comment=sent["comment"])
        messages.success(request, _("Thank you: we read every one."))
        return redirect(case)

    return _act(request, case, "rate", forms.RateForm(request.POST), say)


@never_cache
@login_required
@require_GET
def news(request: HttpRequest, reference: str) -> HttpResponse:
    """`?des=7`: what happened after version 7, and the parts that change, for an open page."""
    case = _case(request, reference)
    text = request.GET.get("des", "")
    since = int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID else case.version
    found = queries.conversation(case, internal=False, after_version=since)
    said = sum(not line.is_change for line in found)
    context = {**_promised(case), "case": case, "lines": _told(found), "seen": _seen(found, since), "said": said}
    return render(request, "desk/parts/ticket_news.html", context)


def _case(request: HttpRequest, reference: str) -> Case:
    try:
        return queries.case_by_reference(me(request), reference)
    except Case.DoesNotExist as missing:
        raise Http404 from missing


def _act(
    request: HttpRequest,
    case: Case,
    name: str,
    form: django_forms.Form,
    verb: Callable[[dict[str, Any]], HttpResponse],
) -> HttpResponse:
    """Do it, or show the page with what is wrong and all that was typed."""
    if form.is_valid():
        try:
            return verb(form.cleaned_data)
        except Refusal as refusal:
            _refuse(form, refusal)
    return _page(request, case, {name: form})


def _refuse(form: django_forms.Form, refusal: Refusal) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))


def _uncopy(request: HttpRequest, case: Case, number: str) -> HttpResponse:
    found = next((one for one in queries.copies_of(case) if str(one.pk) == number), None)
    if found is not None:
        try:
            domain.remove_copy(actor=me(request), case=case, copy=found)
        except Refusal as refusal:
            messages.error(request, str(refusal.message))
            return redirect(case)
    messages.success(request, _("This person is no longer in copy."))
    # Who takes themself out may not see it any more.
    return redirect(case if permissions.can_view(me(request), case) else "desk:mine")


def _page(request: HttpRequest, case: Case, sent: dict[str, django_forms.Form] | None = None) -> HttpResponse:
    # Before anything is read: what happens in between is then told twice rather than never.
    cursor = head(f"ticket:{case.pk}")
    sent, person = sent or {}, me(request)
    rated = {"rating": case.rating, "comment": case.rating_comment}
    lines = queries.conversation(case, internal=False)
    context = {
        **_promised(case),
        "case": case,
        "cursor": cursor,
        "lines": _told(lines),
        "seen": _seen(lines, 0),
        "copies": queries.copies_of(case),
        "learning": learning_about(case),
        "reply_form": sent.get("reply") or forms.ReplyForm(person=person),
        "copy_form": sent.get("copy") or forms.CopyForm(),
        "rate_form": sent.get("rate") or forms.RateForm(initial=rated),
        "wrong": next(iter(sent.values()), None),
        "sent": next(iter(sent), ""),
        "may_reply": permissions.can_reply(person, case),
        "may_close": permissions.can_close(person, case),
        "may_rate": permissions.can_rate(person, case),
        "at_desk": permissions.is_desk(person),
        "reopens": can_be_reopened(case, at=timezone.now()),
        "reopen_until": queries.reopen_until(case),
        "panels": panels_of(case, person, Place.PORTAL),
    }
    return render(request, "desk/ticket.html", context, status=422 if sent else 200)


def _promised(case: Case) -> dict[str, Any]:
    clocks, pauses = queries.clocks_of(case), list(case.pauses.all())
    return {
        "flag": queries.promise_from(case, clocks, pauses, with_news=False),
        "card": queries.promise_from(case, clocks, pauses, card=True),
    }


def _seen(lines: Sequence[queries.Line], otherwise: int) -> int:
    """The version of the last public line. That of the case grows with internal ones too, which leave no trace here."""
    return max((line.entry.version for line in lines), default=otherwise)


def _told(lines: Iterable[queries.Line]) -> list[tuple[queries.Line, str, str]]:
    """Each line with its sentence and icon, when it is a change."""
    return [
        (line, telling.sentence(line, names={}), telling.ICONS[Change(line.entry.change)])
        if line.is_change
        else (line, "", "")
        for line in lines
    ]
