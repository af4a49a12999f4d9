"""The workbench at /suport/taula/S-42/: the conversation with its notes, what is promised, and what an agent does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from helpdesk.desk import alike, board, domain, queries, telling
from helpdesk.desk import beside as beside_it
from helpdesk.desk.forms import bench as forms
from helpdesk.desk.learning import learning_about
from helpdesk.desk.models import Case, Change, Clock, State
from helpdesk.desk.panels import Place, panels_of
from helpdesk.desk.queries import Line
from platform_core.activity.queries import head
from platform_core.base.errors import Refusal
from platform_core.officehours.queries import facts_of

from .doors import desk_only, me

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from helpdesk.desk.forms.bench import CaseForm

PAGES = ["GET", "HEAD", "POST"]
QUEUE_LENGTH = 15
NAMES_KEPT_SECONDS = 60


@dataclass(frozen=True)
class Told:
    """A line of the conversation as the page shows it. `is_new`: the reader had not seen it when they sent a form."""

    line: Line
    sentence: str
    icon: str
    is_new: bool


@dataclass(frozen=True)
class ClockLine:
    """How one promise goes, in words: its name, and how long or until when."""

    label: str
    icon: str
    words: str
    is_broken: bool


# ---- the page ----


@never_cache
@desk_only
@require_http_methods(PAGES)
def bench(request: HttpRequest, reference: str) -> HttpResponse:
    """The page; sent to it, an answer."""
    case = _case(request, reference)
    if request.method != "POST":
        return _page(request, case)
    form = forms.ReplyForm(request.POST, request.FILES, case=case, actor=me(request))

    def answer(sent: dict[str, Any]) -> str:
        domain.reply(
            actor=me(request),
            case=case,
            text=sent["text"],
            files=sent["files"],
            then=sent["then"],
            time_spent=sent["minutes"],
            submission=sent["submission"],
            expected_version=sent["version"],
        )
        return _("Your answer has been sent.")

    return _act(request, case, "reply", form, answer)


@desk_only
@require_POST
def note(request: HttpRequest, reference: str) -> HttpResponse:
    case = _case(request, reference)
    form = forms.NoteForm(request.POST, request.FILES, case=case, actor=me(request))

    def write(sent: dict[str, Any]) -> str:
        what = {name: sent[name] for name in ("text", "files", "submission")}
        domain.add_note(actor=me(request), case=case, time_spent=sent["minutes"], **what)
        return _("Your note is written. Only the desk sees it.")

    return _act(request, case, "note", form, write)


@desk_only
@require_POST
def state(request: HttpRequest, reference: str) -> HttpResponse:
    case = _case(request, reference)

    def change(sent: dict[str, Any]) -> str:
        changed = domain.change_state(actor=me(request), case=case, to=sent["to"], expected_version=sent["version"])
        return _("%(reference)s: %(state)s.") % {"reference": case.reference, "state": changed.get_state_display()}

    return _act(request, case, "state", forms.StateForm(request.POST, case=case), change)


@desk_only
@require_POST
def assign(request: HttpRequest, reference: str) -> HttpResponse:
    case = _case(request, reference)

    def give(sent: dict[str, Any]) -> str:
        person = sent["assignee"]
        domain.assign(actor=me(request), case=case, assignee=person, expected_version=sent["version"])
        if person is None:
            return _("Nobody has it now.")
        return _("You have it now.") if person == me(request) else _("%(name)s has it now.") % {"name": person}

    return _act(request, case, "assign", forms.AssignForm(request.POST, case=case), give)


@desk_only
@require_POST
def escalate(request: HttpRequest, reference: str) -> HttpResponse:
    case = _case(request, reference)

    def pass_on(sent: dict[str, Any]) -> str:
        what = {"level": sent["level"], "reason": sent["reason"], "expected_version": sent["version"]}
        domain.escalate(actor=me(request), case=case, **what)
        return _("Passed on to %(level)s.") % {"level": sent["level"].label}

    return _act(request, case, "escalate", forms.EscalateForm(request.POST, case=case), pass_on)


@desk_only
@require_POST
def properties(request: HttpRequest, reference: str) -> HttpResponse:
    case = _case(request, reference)

    def correct(sent: dict[str, Any]) -> str:
        what = {name: sent[name] for name in ("kind", "priority", "topic", "organisation", "instance")}
        domain.reclassify(actor=me(request), case=case, expected_version=sent["version"], **what)
        return _("The properties have been changed.")

    return _act(request, case, "properties", forms.PropertiesForm(request.POST, case=case), correct)


@desk_only
@require_POST
def copy(request: HttpRequest, reference: str) -> HttpResponse:
    """Put somebody in copy, or take them out."""
    case = _case(request, reference)

    def change(sent: dict[str, Any]) -> str:
        if not sent["remove"]:
            domain.add_copy(actor=me(request), case=case, email=sent["email"])
            return _("%(email)s is in copy now.") % {"email": sent["email"]}
        copy = next((one for one in queries.copies_of(case) if str(one.pk) == sent["remove"]), None)
        if copy is None:
            raise Refusal(_("This person is no longer in copy."))
        domain.remove_copy(actor=me(request), case=case, copy=copy)
        return _("%(email)s is no longer in copy.") % {"email": copy.email_address}

    return _act(request, case, "copy", forms.CopyForm(request.POST, case=case), change)


# ---- what changes while it is open, and what stands beside ----


@never_cache
@desk_only
@require_GET
def news(request: HttpRequest, reference: str) -> HttpResponse:
    """`?des=7`: what happened after version 7, and the parts of the page that change, for an open workbench."""
    case = _case(request, reference)
    text = request.GET.get("des", "")
    since = int(text) if text.isascii() and text.isdigit() and len(text) < forms.LONGEST_ID else case.version
    told = _told(queries.conversation(case, internal=True, after_version=since), since=since)
    return render(
        request,
        "desk/parts/bench_news.html",
        {**_promised(case), "case": case, "told": told, "summary": _summary(told), "queue": _queue(request)},
    )


@never_cache
@desk_only
@require_GET
def beside(request: HttpRequest, reference: str) -> HttpResponse:
    """Who asks and what else they have asked: a panel that the workbench fetches, or a page of its own."""
    case = _case(request, reference)
    context = {
        "case": case,
        "about": beside_it.about(case),
        "learning": learning_about(case),
        "ties": alike.ties_of(case, viewer=me(request)),
        "copy_form": forms.CopyForm(case=case),
        "panels": panels_of(case, me(request), Place.BENCH),
    }
    whole = request.headers.get("X-Fragment") != "1"
    return render(request, "desk/beside.html" if whole else "desk/parts/bench_beside.html", context)


# ---- pieces ----


def _case(request: HttpRequest, reference: str) -> Case:
    try:
        return queries.case_by_reference(me(request), reference)
    except Case.DoesNotExist as missing:
        raise Http404 from missing


def _act(
    request: HttpRequest, case: Case, name: str, form: CaseForm, verb: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    """Do it and come back; or show the workbench with what is wrong, and with what others did meanwhile."""
    if not form.is_valid():
        return _page(request, case, {name: form}, status=422)
    try:
        said = verb(form.cleaned_data)
    except domain.Changed as changed:
        since = form.cleaned_data["version"]
        case = _case(request, case.reference)
        form.reread(case)
        form.add_error(None, str(changed.message))
        return _page(request, case, {name: form}, since=since, status=409)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
        return _page(request, case, {name: form}, status=422)
    messages.success(request, said)
    return redirect(case.get_bench_url())


def _page(
    request: HttpRequest,
    case: Case,
    sent: dict[str, CaseForm] | None = None,
    *,
    since: int | None = None,
    status: int = 200,
) -> HttpResponse:
    # Before anything is read: what happens in between is then told twice rather than never.
    cursor = head("desk")
    sent, actor = sent or {}, me(request)
    known = {
        "reply": sent.get("reply") or forms.ReplyForm(case=case, actor=actor),
        "note": sent.get("note") or forms.NoteForm(case=case, actor=actor),
        "properties": sent.get("properties") or forms.PropertiesForm(case=case),
        "escalate": sent.get("escalate") or forms.EscalateForm(case=case),
    }
    wrong = next(iter(sent.values()), None)
    context = {
        **_promised(case),
        "case": case,
        "cursor": cursor,
        "told": _told(queries.conversation(case, internal=True), since=since),
        "queue": _queue(request),
        "agents": sorted(_names().items(), key=lambda pair: pair[1]),
        "topics": board.choices().topics,
        "forms": known,
        "sent": next(iter(sent), ""),
        "wrong": wrong,
        "was_changed": since is not None,
    }
    return render(request, "desk/bench.html", context, status=status)


def _promised(case: Case) -> dict[str, Any]:
    """The flag, the card and how each promise goes: two queries."""
    now = timezone.now()
    clocks, pauses = queries.clocks_of(case), list(case.pauses.all())
    return {
        "flag": queries.promise_from(case, clocks, pauses),
        "card": queries.promise_from(case, clocks, pauses, card=True),
        "clock_lines": [*_clock_lines(clocks, now=now), *_pause_lines(clocks, pauses, now=now)],
        "now": now,
    }


def _clock_lines(clocks: Iterable[Clock], *, now: datetime) -> list[ClockLine]:
    lines = []
    for clock in clocks:
        schedule = facts_of(clock.policy.calendar).schedule
        target = telling.length(clock.target)
        if clock.met_at:
            spent = clock.target - schedule.between(clock.met_at, clock.due_at)
            words = _("%(spent)s of %(target)s") % {"spent": telling.length(spent), "target": target}
            broken = clock.met_at > clock.due_at
            lines.append(ClockLine(clock.get_what_display(), "alert-triangle" if broken else "check", words, broken))
            continue
        broken = clock.is_running and clock.due_at < now
        words = telling.moment(clock.due_at, now=now) if clock.is_running else _("stopped")
        icon = "alert-triangle" if broken else "clock" if clock.is_running else "player-pause"
        lines.append(ClockLine(clock.get_what_display(), icon, words, broken))
    return lines


def _pause_lines(clocks: list[Clock], pauses: list[Any], *, now: datetime) -> list[ClockLine]:
    if not pauses or not clocks:
        return []
    schedule = facts_of(clocks[0].policy.calendar).schedule
    lost = sum((schedule.between(pause.since, pause.until or now) for pause in pauses), timedelta())
    label = ngettext("Paused, %(count)s time", "Paused, %(count)s times", len(pauses)) % {"count": len(pauses)}
    return [ClockLine(label, "player-pause", telling.length(lost) if lost else "0 min", is_broken=False)]


def _told(lines: Iterable[Line], *, since: int | None) -> list[Told]:
    names = _names()
    return [
        Told(
            line=line,
            sentence=telling.sentence(line, names=names) if line.is_change else "",
            icon=telling.ICONS[Change(line.entry.change)] if line.is_change else "",
            is_new=since is not None and line.entry.version > since,
        )
        for line in lines
    ]


def _summary(told: list[Told]) -> str:
    """*1 new message*; when there is none, what was done last."""
    said = [one for one in told if not one.line.is_change]
    if said:
        return ngettext("%(count)s new message: show it", "%(count)s new messages: show them", len(said)) % {
            "count": len(said)
        }
    return told[-1].sentence if told else ""


def _queue(request: HttpRequest) -> list[Case]:
    """What the agent has in hand, what burns first on top, and what waits below. One query."""
    mine = board.with_names(Case.objects.filter(assignee=me(request), state__in=[State.NEW, State.OPEN, State.WAITING]))
    return list(mine.annotate(burns=board.about_to_expire(timezone.now())).order_by(*board.DUE_FIRST)[:QUEUE_LENGTH])


def _names() -> Mapping[int, str]:
    """Who works at the desk, by id; one query a minute."""
    known = cache.get_or_set(
        "desk.names", lambda: {person.pk: str(person) for person in queries.agents()}, NAMES_KEPT_SECONDS
    )
    return cast("Mapping[int, str]", known)
