"""The triage board at /suport/taula/: the page, the rows that change while it is open, and what is done from it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from helpdesk.desk import board, domain, queries
from helpdesk.desk.board import Board, Filters
from helpdesk.desk.models import Case, Kind, Level
from helpdesk.desk.officeday import PAUSED, Band, OfficeDay
from helpdesk.desk.rows import Row, rows_of
from platform_core.accounts.roles import level as level_of
from platform_core.activity.queries import head
from platform_core.base.errors import Refusal
from platform_core.base.spreadsheets import csv_response
from platform_core.officehours.models import Calendar

from .doors import desk_only, me

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from django.http import StreamingHttpResponse

    from platform_core.accounts.models import User

CALENDAR = "suport"
"""The calendar whose day the board is grouped by."""


@dataclass
class Group:
    """A band and its rows. `count` may be more than those of this page."""

    band: Band | None
    rows: list[Row] = field(default_factory=list)
    count: int | None = None


@dataclass(frozen=True)
class Tab:
    name: str
    label: str
    count: int | None
    address: str
    is_current: bool
    wants_a_look: bool


@never_cache
@desk_only
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    # Before anything is read: what happens in between is then told twice rather than never.
    cursor = head("desk")
    now, viewer = timezone.now(), me(request)
    filters = Filters.from_query(request.GET)
    asked = Board(filters, viewer=viewer, now=now)
    after, before = (request.GET.get(name, "") for name in ("despres", "abans"))
    page = board.page(asked.cases(), filters.sort, after=after, before=before)
    paused = [] if page.after else list(board.in_order(asked.paused(), "pausa")[: board.PAGE_SIZE])
    promises = queries.promises_of([*page.rows, *paused])
    around = _around(asked)
    rows = rows_of(page.rows, promises, sort=filters.sort)
    below = rows_of(paused, promises, sort=filters.sort)
    known = board.choices()
    context = {
        **around,
        "cursor": cursor,
        "page": page,
        "groups": _groups(rows, below, around),
        "first": next(iter([*rows, *below]), None),
        "kinds": Kind.choices,
        "levels": Level.choices,
        "orders": board.ORDERS.items(),
        "has_order": filters.view not in board.OVER,
        "choices": known,
    }
    return render(request, "desk/board.html", context)


@never_cache
@desk_only
@require_GET
def rows(request: HttpRequest) -> HttpResponse:
    """`?rows=S-1,S-2`: these rows as they are now, and what stands around them, for an open board."""
    wanted = request.GET.get("rows", "")[:1000].split(",")
    return _fragment(request, Filters.from_query(request.GET), board.by_references(wanted))


@desk_only
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Give oneself a ticket that nobody has."""
    found = board.by_references([request.POST.get("agafa", "")])
    if not found:
        raise Http404
    said = _take(found[0], me(request))
    filters = _filters_before(request)
    if request.headers.get("X-Fragment"):
        return _fragment(request, filters, board.by_references([found[0].reference]), said=said)
    (messages.warning if said else messages.success)(
        request, said or _("%(reference)s is yours.") % {"reference": found[0].reference}
    )
    return redirect(_address(filters))


@desk_only
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """The same act on the chosen tickets, each by itself: what one refuses stops no other."""
    filters, act = _filters_before(request), request.POST.get("acte", "")
    chosen = board.by_references(request.POST.getlist("tria"))
    if not chosen:
        messages.warning(request, _("Choose some tickets first."))
        return redirect(_address(filters))
    level = next((step for step in Level if act == f"nivell{step.value}"), None)
    person = next((one for one in queries.agents() if act == f"agent{one.pk}"), None) if level is None else None
    if level is None and person is None and act != "meus":
        messages.warning(request, _("Choose what to do with them."))
        return redirect(_address(filters))
    refused = []
    for case in chosen:
        if level:
            problem = _pass_on(case, level, request)
        else:
            problem = _give(case, person, request) if person else _take(case, me(request))
        if problem:
            refused.append(f"{case.reference}: {problem}")
    if done := len(chosen) - len(refused):
        messages.success(request, _told_of_bulk(done, level or person))
    for line in refused:
        messages.warning(request, line)
    return redirect(_address(filters))


@desk_only
@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """All the tickets of a filtered view as CSV, in its order."""
    filters = Filters.from_query(request.GET)
    cases = board.in_order(Board(filters, viewer=me(request)).cases(), filters.sort)
    head_line = [
        _("reference"), _("subject"), _("organisation"), _("requester"), _("kind"), _("topic"), _("priority"),
        _("level"), _("state"), _("assignee"), _("opened"), _("due"), _("a promise was broken"), _("last signal"),
        _("when"),
    ]  # fmt: skip
    return csv_response("tiquets.csv", head_line, _cells(cases.iterator(chunk_size=500)))


# ---- pieces ----


def _around(asked: Board) -> dict[str, Any]:
    """What stands around the rows and changes with them: tabs with counts, the day, and the bands of the view."""
    filters, viewer, now = asked.filters, asked.viewer, asked.now
    counts = board.counts(viewer=viewer, now=now)
    moments = asked.moments()
    calendar = Calendar.objects.filter(slug=CALENDAR).first()
    day = OfficeDay(calendar, now=now) if calendar else None
    return {
        "filters": filters,
        "counts": counts,
        "most": board.MOST_COUNTED,
        "tabs": _tabs(filters, counts, viewer),
        "day": day,
        "slots": day.ruler(moments) if day else [],
        "moments": moments,
        "now": now,
    }


def _tabs(filters: Filters, counts: dict[str, int], viewer: User) -> list[Tab]:
    return [
        Tab(
            name=name,
            label=str(label),
            count=counts.get(name),
            address=_address(filters.in_view(name)),
            is_current=name == filters.view,
            wants_a_look=name in ("sense", "cremen") and bool(counts.get(name)),
        )
        for name, label in board.VIEWS.items()
        if name != "nivell" or level_of(viewer) or filters.view == "nivell"
    ]


def _groups(rows: list[Row], below: list[Row], around: dict[str, Any]) -> list[Group]:
    """The rows by band when the order is that of the promises, with the closed days between; else all together."""
    filters, day = around["filters"], around["day"]
    if filters.sort != "promesa" or day is None or any(row.case.due_at is None for row in rows):
        groups = [Group(None, rows)] if rows else []
    else:
        groups = _by_band(rows, day, [due for due, _burns in around["moments"]])
    if below:
        note = _("they do not run")
        groups.append(Group(Band(PAUSED, _("Paused: we wait for who asked"), note), below, len(below)))
    return groups


def _by_band(rows: list[Row], day: OfficeDay, moments: list[datetime]) -> list[Group]:
    many = Counter(day.band_of(due).key for due in moments)
    if len(moments) == board.MOST_MOMENTS:  # nobody knows how many more are in the last one
        del many[day.band_of(moments[-1]).key]
    groups: list[Group] = []
    last = day.today
    key = ""
    for row in rows:
        due = row.case.due_at or day.now
        band, on = day.band_of(due), day.day_of(due)
        if band.key != key:
            key = band.key
            groups += [Group(closed) for closed in day.closed_between(last, min(on, day.horizon))]
            groups.append(Group(band, count=many.get(band.key)))
        groups[-1].rows.append(row)
        last = on
    return groups


def _fragment(request: HttpRequest, filters: Filters, found: list[Case], *, said: str = "") -> HttpResponse:
    asked = Board(filters, viewer=me(request))
    ids = [case.pk for case in found]
    here = {
        pk for cases in (asked.cases(), asked.paused()) for pk in cases.filter(pk__in=ids).values_list("pk", flat=True)
    }
    promises = queries.promises_of(found)
    context = {
        **_around(asked),
        "rows": rows_of(found, promises, sort=filters.sort, here=here),
        "said": said,
    }
    return render(request, "desk/parts/board_fragment.html", context)


def _take(case: Case, person: User) -> str:
    """Why not; "" when the ticket is theirs now."""
    if case.assignee_id not in (None, person.pk):
        return _("%(name)s has it already.") % {"name": case.assignee}
    return _tried(domain.assign, actor=person, case=case, assignee=person, expected_version=case.version)


def _give(case: Case, person: User, request: HttpRequest) -> str:
    return _tried(domain.assign, actor=me(request), case=case, assignee=person, expected_version=case.version)


def _pass_on(case: Case, level: Level, request: HttpRequest) -> str:
    reason = request.POST.get("motiu", "")
    return _tried(domain.escalate, actor=me(request), case=case, level=level, reason=reason)


def _tried(verb: Any, **arguments: Any) -> str:
    try:
        verb(**arguments)
    except Refusal as refusal:
        return str(refusal.message)
    return ""


def _told_of_bulk(done: int, to: Level | User | None) -> str:
    if to is None:
        return ngettext("%(count)s ticket is yours.", "%(count)s tickets are yours.", done) % {"count": done}
    words = {"count": done, "level": to.label if isinstance(to, Level) else to}
    return ngettext("%(count)s ticket goes to %(level)s.", "%(count)s tickets go to %(level)s.", done) % words


def _filters_before(request: HttpRequest) -> Filters:
    """Those of the board that a form was sent from."""
    return Filters.from_query(QueryDict(request.POST.get("filtres", "")[:1000]).dict())


def _address(filters: Filters) -> str:
    return reverse("desk:board") + (f"?{filters.address}" if filters.address else "")


def _cells(cases: Iterable[Case]) -> Iterator[list[object]]:
    for case in cases:
        yield [
            case.reference,
            case.ticket.title,
            case.organisation.name if case.organisation else "",
            str(case.requester or case.requester_name or case.ticket.submitter_email),
            case.get_kind_display(),
            case.topic,
            case.get_priority_display(),
            case.get_level_display(),
            case.get_state_display(),
            str(case.assignee or ""),
            _written(case.opened_at),
            _written(case.due_at),
            _("yes") if case.is_breached else _("no"),
            case.get_signal_display(),
            _written(case.signal_at),
        ]


def _written(moment: datetime | None) -> str:
    return timezone.localtime(moment).isoformat(sep=" ", timespec="minutes") if moment else ""
