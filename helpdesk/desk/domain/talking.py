"""What people say in a ticket: public messages and internal notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.desk import permissions
from helpdesk.desk.events import Noted, Replied, StateChanged
from helpdesk.desk.models import Case, Change, Channel, Entry, EntryKind, Kind, Priority, Side, Signal, State
from platform_core.base.errors import Refusal

from . import clocks
from .opening import open_ticket
from .writing import clean_text, locked, save, tell, touch, write_change, write_entry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta
    from uuid import UUID

    from platform_core.accounts.models import User
    from platform_core.files.public import Upload

CHANGES = {
    State.WAITING: Change.WAITING,
    State.RESOLVED: Change.RESOLVED,
    State.CLOSED: Change.CLOSED,
}


def reply(
    *,
    actor: User | None,
    case: Case,
    text: str,
    files: Sequence[Upload] = (),
    channel: Channel = Channel.WEB,
    then: State | None = None,
    time_spent: timedelta | None = None,
    author_name: str = "",
    message_id: str = "",
    quoted: str = "",
    warning: str = "",
    submission: UUID | None = None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Entry:
    """Say something in public. `actor` is None for who wrote by mail without an account.

    The desk's answer takes the case (when nobody has it), meets the promise of a first answer, and leaves the case in
    `then`: open, waiting for who asked, or resolved; None leaves it as it is. The other side's words start the clock
    again, and reopen what was resolved. When it is too late to reopen they open another ticket, linked to this one:
    the entry that is returned is then of that one.
    Raises Refusal when the person may not or there is nothing to say, and Changed when the case is newer than
    `expected_version`.
    """
    if actor is not None and not permissions.can_reply(actor, case):
        raise Refusal(_("You may read this ticket and not write in it."))
    text = clean_text(text, required=not files)
    if submission and (known := _said_before(submission, actor)):
        return known
    is_desk = actor is not None and permissions.speaks_for_desk(actor, case)
    at = at or timezone.now()
    try:
        with transaction.atomic():
            case = locked(case, expected_version=expected_version)
            if not is_desk and _is_over(case, at):
                return _go_on(
                    case, actor or case.requester, text, files, channel=channel, message_id=message_id,
                    quoted=quoted, warning=warning, submission=submission, at=at,
                )  # fmt: skip
            before = State(case.state)
            touch(case, None, at=at)
            case.state = _next_state(before, then) if is_desk else _heard(before)
            side = Side.DESK if is_desk else Side.REQUESTER
            _tell_move(case, before, starts=True, actor=actor, side=side, at=at)
            entry = write_entry(
                case, actor=actor, at=at, kind=EntryKind.MESSAGE, side=side, text=text, is_public=True,
                channel=channel, files=files, author_name=author_name, message_id=message_id, quoted=quoted,
                warning=warning, time_spent=time_spent, submission=submission,
            )  # fmt: skip
            _tell_move(case, before, starts=False, actor=actor, side=side, at=at)
            if is_desk:
                clocks.answered(case, at=at)
                case.assignee = case.assignee or actor
            move(case, before, at=at)
            case.signal, case.signal_at = _signal(case, before, is_desk=is_desk), at
            save(case)
            events: list[Replied | StateChanged] = [
                Replied(entry_id=entry.pk, side=Side(entry.side), state=State(case.state))
            ]
            if case.state != before:
                events.append(StateChanged(before=before, after=State(case.state), entry_id=entry.pk))
            tell(case, *events, actor=actor, is_public=True)
    except IntegrityError:
        if submission and (known := _said_before(submission, actor)):
            return known
        raise
    return entry


def add_note(
    *,
    actor: User | None,
    case: Case,
    text: str,
    files: Sequence[Upload] = (),
    channel: Channel = Channel.WEB,
    time_spent: timedelta | None = None,
    submission: UUID | None = None,
    at: datetime | None = None,
) -> Entry:
    """Write an internal note: it never leaves the desk. `actor` is None for what the product itself has to tell.

    Raises Refusal when the person is not of the desk.
    """
    if actor is not None and not permissions.can_work(actor):
        raise Refusal(_("Only the desk writes internal notes."))
    text = clean_text(text, required=not files)
    if submission and (known := _said_before(submission, actor)):
        return known
    at = at or timezone.now()
    with transaction.atomic():
        case = locked(case)
        touch(case, Signal.NOTED, at=at)
        entry = write_entry(
            case, actor=actor, at=at, kind=EntryKind.NOTE, side=Side.DESK if actor else Side.SYSTEM, text=text,
            is_public=False, channel=channel, files=files, time_spent=time_spent, submission=submission,
        )  # fmt: skip
        save(case)
        tell(case, Noted(entry_id=entry.pk), actor=actor, is_public=False)
    return entry


def move(case: Case, before: State, *, at: datetime) -> None:
    """Have the clocks and moments of a case follow its change of state from `before`; its new state is set already."""
    after = State(case.state)
    if after == before:
        clocks.settle(case)
        return
    if after == State.WAITING:
        if before in (State.RESOLVED, State.CLOSED):
            clocks.restart(case, since=case.resolved_at or at, at=at)
        clocks.freeze(case, at=at)
    elif after == State.OPEN and before == State.WAITING:
        clocks.unfreeze(case, at=at)
    elif after == State.OPEN and before in (State.RESOLVED, State.CLOSED):
        clocks.restart(case, since=case.resolved_at or at, at=at)
    elif after in (State.RESOLVED, State.CLOSED) and before not in (State.RESOLVED, State.CLOSED):
        clocks.stop(case, at=at)
    if after in (State.RESOLVED, State.CLOSED):
        case.resolved_at = case.resolved_at or at
        case.closed_at = at if after == State.CLOSED else None
    else:
        case.resolved_at = case.closed_at = None
    clocks.settle(case)


def change_of(before: State, after: State) -> Change:
    """What a move from one state to another is, as the conversation tells it."""
    reopened = before in (State.RESOLVED, State.CLOSED)
    return CHANGES.get(after) or (Change.REOPENED if reopened else Change.RESUMED)


def can_be_reopened(case: Case, *, at: datetime) -> bool:
    """Whether an answer still reopens it; later it opens another ticket. Always for one that is not resolved."""
    return case.resolved_at is None or at <= case.resolved_at + settings.DESK_REOPEN_WITHIN


def _is_over(case: Case, at: datetime) -> bool:
    return case.state in (State.RESOLVED, State.CLOSED) and not can_be_reopened(case, at=at)


def _tell_move(case: Case, before: State, *, starts: bool, actor: User | None, side: Side, at: datetime) -> None:
    """The line about the clock that a message brings: before the words that start it, after those that stop it.

    Nothing for a new ticket that the desk begins to work on: its clock ran already.
    """
    after = State(case.state)
    if after != before and (before, after) != (State.NEW, State.OPEN) and starts == (after == State.OPEN):
        values = {"state": (before, after)}
        write_change(case, change_of(before, after), actor=actor, at=at, is_public=True, values=values, side=side)


def _next_state(before: State, then: State | None) -> State:
    if then is not None:
        return then
    return State.OPEN if before == State.NEW else before


def _heard(before: State) -> State:
    """Whoever asked has spoken: a new case stays new until the desk takes it, any other is in our hands again."""
    return State.NEW if before == State.NEW else State.OPEN


def _signal(case: Case, before: State, *, is_desk: bool) -> Signal:
    if is_desk:
        return {State.WAITING: Signal.PAUSED, State.RESOLVED: Signal.SOLVED, State.CLOSED: Signal.SOLVED}.get(
            State(case.state), Signal.ANSWERED
        )
    if before in (State.RESOLVED, State.CLOSED):
        return Signal.REOPENED
    return Signal.INSISTED if case.signal in (Signal.FILED, Signal.REPLIED, Signal.INSISTED) else Signal.REPLIED


def _go_on(
    case: Case,
    author: User | None,
    text: str,
    files: Sequence[Upload],
    *,
    channel: Channel,
    message_id: str,
    quoted: str,
    warning: str,
    submission: UUID | None,
    at: datetime,
) -> Entry:
    """Another ticket, linked to the one that is over, of whoever writes now."""
    new = open_ticket(
        actor=author,
        requester=author,
        requester_email=case.ticket.submitter_email or "",
        requester_name=case.requester_name,
        organisation=case.organisation if author is None or _still_works(author, case) else None,
        kind=Kind(case.kind),
        subject=case.ticket.title,
        text=text or str(_("(only files)")),
        topic=case.topic,
        instance=case.instance,
        channel=channel,
        priority=Priority(case.priority),
        files=files,
        submission=submission,
        message_id=message_id,
        quoted=quoted,
        warning=warning,
        follows=case,
        at=at,
    )
    return new.entries.select_related("case").earliest("followup")


def _still_works(person: User, case: Case) -> bool:
    return case.organisation is None or bool(
        person.memberships.current().filter(organisation=case.organisation).exists()
    )


def _said_before(submission: UUID, actor: User | None) -> Entry | None:
    """The message that the same form made; the opening one of a case that went on has the number on its case."""
    said = Entry.objects.select_related("case").filter(followup__user=actor)
    return said.filter(submission=submission).first() or said.filter(case__submission=submission).first()
