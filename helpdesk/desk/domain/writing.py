"""The ground of every verb: the lock, the words, the entry, the ticket's own columns, and the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.desk.library import FollowUp, FollowUpAttachment, Ticket, TicketChange
from helpdesk.desk.models import Case, Change, Channel, Entry, EntryKind, Side, Signal, State
from helpdesk.desk.permissions import parties
from platform_core.activity.domain import lock_streams, record
from platform_core.base.errors import Refusal
from platform_core.base.identity_numbers import redact
from platform_core.files.public import kept

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from uuid import UUID

    from platform_core.accounts.models import User
    from platform_core.activity.events import Event
    from platform_core.files.public import Upload

LONGEST_TEXT = 50_000
LONGEST_SUBJECT = 200

STATUS = {
    State.NEW: Ticket.OPEN_STATUS,
    State.OPEN: Ticket.OPEN_STATUS,
    State.WAITING: Ticket.OPEN_STATUS,
    State.RESOLVED: Ticket.RESOLVED_STATUS,
    State.CLOSED: Ticket.CLOSED_STATUS,
}
"""Our states as the library's column tells them; waiting is its "on hold"."""


class Changed(Refusal):
    """Somebody else changed the case after it was read. `entries` is what they did; nothing has been written."""

    def __init__(self, case: Case, entries: list[Entry]) -> None:
        super().__init__(_("This ticket has changed since you read it. Look at what is new, and send again."))
        self.case = case
        self.entries = entries


def locked(case: Case, *, expected_version: int | None = None) -> Case:
    """The case as it is now, locked until the transaction ends, with its ticket. Raises Changed (see there)."""
    fresh: Case = Case.objects.select_for_update(of=("self",)).select_related("ticket", "requester").get(pk=case.pk)
    if expected_version is not None and fresh.version > expected_version:
        news = fresh.entries.filter(version__gt=expected_version).select_related("followup__user")
        raise Changed(fresh, list(news.order_by("followup")))
    return fresh


def clean_text(text: str, *, field: str = "text", required: bool = True) -> str:
    """Words as they are kept: without identity numbers. Raises Refusal when there are none, or far too many."""
    text = redact(text.replace("\x00", "").replace("\r\n", "\n").strip())
    if required and not text:
        raise Refusal(_("Write something first."), field=field)
    if len(text) > LONGEST_TEXT:
        raise Refusal(
            _("This text is too long: %(count)s characters, and we can take %(most)s. Attach it as a file.")
            % {"count": len(text), "most": LONGEST_TEXT},
            field=field,
        )
    return text


def clean_subject(subject: str) -> str:
    """A subject in one line. Raises Refusal when it is empty or too long."""
    subject = redact(" ".join(subject.replace("\x00", "").split()))
    if not subject:
        raise Refusal(_("Write in a few words what it is about."), field="subject")
    if len(subject) > LONGEST_SUBJECT:
        raise Refusal(
            _("The subject is too long: at most %(most)s characters. Tell the rest in the description.")
            % {"most": LONGEST_SUBJECT},
            field="subject",
        )
    return subject


def write_entry(
    case: Case,
    *,
    actor: User | None,
    at: datetime,
    kind: EntryKind,
    side: Side,
    text: str = "",
    is_public: bool,
    change: Change | None = None,
    channel: Channel = Channel.WEB,
    files: Sequence[Upload] = (),
    author_name: str = "",
    message_id: str = "",
    quoted: str = "",
    warning: str = "",
    time_spent: timedelta | None = None,
    submission: UUID | None = None,
    values: Mapping[str, tuple[object, object]] | None = None,
) -> Entry:
    """Write a follow-up and what we know of it. `values` are the changed fields: name → (before, after).

    A public one is what the case was last heard of: the case is saved after its lines.
    """
    if is_public:
        case.heard, case.heard_at = change or side, at
    followup = FollowUp(
        ticket=case.ticket,
        date=at,
        title=str(EntryKind(kind) if change is None else change),
        comment=text,
        public=is_public,
        user=actor,
        new_status=STATUS[State(case.state)],
        message_id=message_id[:256],
        time_spent=time_spent,
    )
    # Its own save() would write the ticket a second time.
    FollowUp.objects.bulk_create([followup])
    entry = Entry(
        followup=followup,
        case=case,
        kind=kind,
        side=side,
        change=change or "",
        channel=channel,
        author_name=author_name[:120],
        quoted=redact(quoted.replace("\x00", "")[:LONGEST_TEXT]),
        is_public=is_public,
        warning=warning,
        submission=submission,
        version=case.version,
    )
    entry.save(force_insert=True)
    if values:
        TicketChange.objects.bulk_create(
            TicketChange(followup=followup, field=name, old_value=_told(before), new_value=_told(after))
            for name, (before, after) in values.items()
        )
    _keep_files(followup, files)
    return entry


def write_change(
    case: Case,
    change: Change,
    *,
    actor: User | None,
    at: datetime,
    is_public: bool,
    text: str = "",
    values: Mapping[str, tuple[object, object]] | None = None,
    side: Side | None = None,
) -> Entry:
    """A line of the conversation that tells what was done."""
    return write_entry(
        case,
        actor=actor,
        at=at,
        kind=EntryKind.CHANGE,
        side=side or (Side.DESK if actor else Side.SYSTEM),
        change=change,
        is_public=is_public,
        text=text,
        values=values,
    )


def touch(case: Case, signal: Signal | None, *, at: datetime) -> None:
    """A verb has begun to change the case: its version grows, and the board hears why."""
    case.version += 1
    if signal:
        case.signal, case.signal_at = signal, at


def save(case: Case) -> None:
    """Write the case, and in the library's columns the same facts for who reads its tables."""
    case.save()
    Ticket.objects.filter(pk=case.pk).update(modified=timezone.now(), **columns_of(case))


def columns_of(case: Case) -> dict[str, object]:
    """The facts of a case in the library's columns."""
    return {
        "status": STATUS[State(case.state)],
        "on_hold": case.state == State.WAITING,
        "priority": case.priority,
        "assigned_to_id": case.assignee_id,
        "due_date": case.due_at,
    }


def tell(case: Case, *events: Event, actor: User | None, is_public: bool) -> None:
    """Record what was done, last in the transaction. What is public reaches everyone who may see the case."""
    streams = ["desk"]
    if is_public:
        streams += [f"ticket:{case.pk}", *(f"user:{person}" for person in parties(case))]
    if len(events) > 1:
        lock_streams(streams)
    for event in events:
        record(event, actor=actor, subject=case, streams=streams)


def _keep_files(followup: FollowUp, files: Sequence[Upload]) -> None:
    with kept(files) as stored:
        FollowUpAttachment.objects.bulk_create(
            FollowUpAttachment(
                followup=followup,
                file=file.storage_name,
                filename=file.name,
                mime_type=file.content_type,
                size=file.size,
            )
            for file in stored
        )


def _told(value: object) -> str:
    return "" if value is None else str(value)
