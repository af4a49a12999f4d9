"""What people see of tickets. Each function for one audience, in a constant number of queries."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from platform_core.accounts.models import User
from platform_core.accounts.roles import AGENT_ROLES, Role
from platform_core.files.public import held
from platform_core.officehours.public import FarAway, NeverOpen, promise_on
from platform_core.officehours.queries import facts_of

from .library import FollowUpAttachment, TicketCC, TicketChange
from .models import Case, Clock, Clocked, Entry, EntryKind, Kind, Level, Pause, Policy, Priority, Side, State
from .permissions import visible_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, timedelta

    from platform_core.accounts.roles import Someone
    from platform_core.files.public import FileScan
    from platform_core.officehours.public import Promise

REFERENCE = re.compile(r"(?:S[-\s]?)?([1-9][0-9]{0,17})", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class File:
    """An attachment, and whether it is held back (a scan that waits, or what a scan found)."""

    pk: int
    name: str
    size: int
    content_type: str
    held: FileScan.State | None = None

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def is_shown(self) -> bool:
        """Whether a browser may show it: whoever answers looks at its content too."""
        return self.is_picture or self.content_type == "application/pdf"


@dataclass(frozen=True)
class Line:
    """One line of a conversation: a message, a note or a change."""

    entry: Entry
    author: User | None
    at: datetime
    text: str
    files: list[File]
    changes: dict[str, tuple[str, str]]
    time_spent: timedelta | None = None

    @property
    def author_name(self) -> str:
        return str(self.author) if self.author else self.entry.author_name

    @property
    def is_by_desk(self) -> bool:
        return self.entry.side == Side.DESK

    @property
    def is_note(self) -> bool:
        return self.entry.kind == EntryKind.NOTE

    @property
    def is_change(self) -> bool:
        return self.entry.kind == EntryKind.CHANGE


@dataclass
class _Parts:
    files: dict[int, list[File]] = field(default_factory=lambda: defaultdict(list))
    changes: dict[int, dict[str, tuple[str, str]]] = field(default_factory=lambda: defaultdict(dict))


def number_in(text: str) -> int | None:
    """The id that a reference says: "S-4193", "s 4193" or "4193"; None for anything else."""
    match = REFERENCE.fullmatch(text.strip())
    return int(match[1]) if match else None


def case_by_reference(viewer: Someone, reference: str) -> Case:
    """The case as the viewer may see it. Raises Case.DoesNotExist, whether it does not exist or is not theirs."""
    number = number_in(reference)
    if number is None:
        raise Case.DoesNotExist
    found: Case = with_people(visible_to(viewer)).get(pk=number)
    return found


def with_people(cases):  # type: ignore[no-untyped-def]  # a queryset in, the same queryset out
    """The rows with what every list shows of them, in the same query."""
    return cases.select_related("ticket", "organisation", "requester", "assignee")


def conversation(case: Case, *, internal: bool, after_version: int = 0) -> list[Line]:
    """The lines of a case in their order; with `internal` also what never leaves the desk. Four queries."""
    entries = Entry.objects.filter(case=case, version__gt=after_version)
    if not internal:
        entries = entries.filter(is_public=True)
    rows = list(entries.select_related("followup__user").order_by("followup__date", "pk"))
    parts = _parts_of([entry.pk for entry in rows])
    return [
        Line(
            entry=entry,
            author=entry.followup.user,
            at=entry.followup.date,
            text=entry.followup.comment or "",
            files=parts.files[entry.pk],
            changes=parts.changes[entry.pk],
            time_spent=entry.followup.time_spent if internal else None,
        )
        for entry in rows
    ]


def _parts_of(ids: Sequence[int]) -> _Parts:
    parts = _Parts()
    attachments = list(FollowUpAttachment.objects.filter(followup__in=ids).order_by("pk"))
    states = held([one.file.name for one in attachments]) if attachments else {}
    for one in attachments:
        file = File(one.pk, one.filename, one.size, one.mime_type, states.get(one.file.name))
        parts.files[one.followup_id].append(file)
    for change in TicketChange.objects.filter(followup__in=ids):
        parts.changes[change.followup_id][change.field] = (change.old_value or "", change.new_value or "")
    return parts


def attachment_for(viewer: Someone, pk: int, *, internal: bool) -> FollowUpAttachment:
    """A file of a case that the viewer may see. Raises FollowUpAttachment.DoesNotExist otherwise."""
    cases = visible_to(viewer).values("pk")
    entries = Entry.objects.filter(case__in=cases)
    if not internal:
        entries = entries.filter(is_public=True)
    found = FollowUpAttachment.objects.filter(followup__in=entries.values("pk"))
    return found.get(pk=pk)


def copies_of(case: Case) -> list[TicketCC]:
    return list(TicketCC.objects.filter(ticket_id=case.pk).select_related("user").order_by("pk"))


# ---- the promise ----


def promise_of(case: Case, *, card: bool = False) -> Promise | None:
    """What the flag of a case shows: its nearest open promise; with `card`, the resolution. None without a promise."""
    clocks = {clock.what: clock for clock in _clocks_of([case])}
    if card:
        clocks = {what: clock for what, clock in clocks.items() if what == Clocked.RESOLUTION}
    return _promise(case, clocks.values(), since=_waiting_since([case]))


def promises_of(cases: Sequence[Case], *, with_news: bool = True) -> dict[int, Promise]:
    """The flag of each case that has one, by its id: two queries, whatever their number.

    Without `with_news` as who asked is told: until there is a first answer that one, and then the resolution.
    """
    clocks: dict[int, list[Clock]] = defaultdict(list)
    for clock in _clocks_of(cases):
        if with_news or clock.what != Clocked.UPDATE:
            clocks[clock.case_id].append(clock)
    since = _waiting_since(cases)
    found = {case.pk: _promise(case, clocks[case.pk], since=since) for case in cases}
    return {pk: promise for pk, promise in found.items() if promise}


def promise_from(
    case: Case, clocks: Iterable[Clock], pauses: Iterable[Pause], *, card: bool = False, with_news: bool = True
) -> Promise | None:
    """As `promise_of` and `promises_of`, from the clocks and pauses that the page has read already. No query."""
    if not with_news:
        clocks = [clock for clock in clocks if clock.what != Clocked.UPDATE]
    if card:
        clocks = [clock for clock in clocks if clock.what == Clocked.RESOLUTION]
    open_since = {pause.case_id: pause.since for pause in pauses if pause.until is None}
    return _promise(case, clocks, since=open_since)


def clocks_of(case: Case) -> list[Clock]:
    """All the promises of a case: first answer, resolution, news."""
    order = list(Clocked)
    return sorted(_clocks_of([case]), key=lambda clock: order.index(Clocked(clock.what)))


def reopen_until(case: Case) -> datetime | None:
    """Until when an answer reopens a resolved case; None for one that is not resolved."""
    return case.resolved_at + settings.DESK_REOPEN_WITHIN if case.resolved_at else None


def _clocks_of(cases: Iterable[Case]) -> list[Clock]:
    ids = [case.pk for case in cases]
    return list(Clock.objects.filter(case__in=ids).select_related("policy__calendar"))


def _waiting_since(cases: Iterable[Case]) -> dict[int, datetime]:
    waiting = [case.pk for case in cases if case.state == State.WAITING]
    if not waiting:
        return {}
    return dict(Pause.objects.filter(case__in=waiting, until=None).values_list("case", "since"))


def _promise(case: Case, clocks: Iterable[Clock], *, since: dict[int, datetime]) -> Promise | None:
    clocks = list(clocks)
    unmet = [clock for clock in clocks if clock.met_at is None]
    shown = min(unmet, key=lambda clock: clock.due_at, default=None)
    if shown is None:  # everything is done: how the resolution went
        shown = next((clock for clock in clocks if clock.what == Clocked.RESOLUTION), None)
    if shown is None:
        return None
    return promise_on(
        shown.policy.calendar,
        allowance=shown.target,
        made_at=shown.started_at,
        due=shown.due_at,
        paused_since=since.get(case.pk) if shown.met_at is None else None,
        kept_at=shown.met_at,
    )


def promised_now(kind: Kind, priority: Priority) -> dict[str, Promise]:
    """What would be promised for a ticket that is filed this moment: "response" and "resolution". One query."""
    policy = Policy.objects.select_related("calendar").filter(kind=kind, priority=priority).first()
    return _promised_by(policy) if policy else {}


def promised_by_kind() -> dict[Kind, dict[str, Promise]]:
    """The same for each kind, at the priority that a new ticket has. One query."""
    found = Policy.objects.select_related("calendar").filter(priority=Priority.NORMAL)
    return {Kind(policy.kind): _promised_by(policy) for policy in found}


def _promised_by(policy: Policy) -> dict[str, Promise]:
    now, found = timezone.now(), {}
    for what, target in (("response", policy.response), ("resolution", policy.resolution)):
        try:
            due = facts_of(policy.calendar).schedule.add(now, target)
        except (NeverOpen, FarAway):
            continue
        found[what] = promise_on(policy.calendar, allowance=target, made_at=now, due=due)
    return found


# ---- people ----


def agents(*, level: Level | None = None) -> list[User]:
    """Who works at a level of the desk (any, without one), by name."""
    roles = [role for role, step in AGENT_ROLES.items() if level is None or step == level]
    if level is None:
        roles += [Role.COORDINATOR]
    found = User.objects.filter(is_active=True, groups__name__in=[str(role.value) for role in roles])
    return list(found.distinct().order_by("name", "pk"))
