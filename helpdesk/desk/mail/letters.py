"""Which letters a fact asks for. Each is a row, written once and in the transaction of the reaction that asks for it;
`sending` brings it on its way.

What a message brought with it (a change of state) is told in the message's own letter. Internal notes are in none.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from helpdesk.desk.models import Arrival, Case, Entry, Letter, LetterKind, Side, State

from . import readers
from .identity import new_message_id
from .sending import send_letter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from helpdesk.desk.events import CopyAdded, Replied, StateChanged, TicketOpened
    from helpdesk.desk.mailparse import ParsedMail

    from .readers import Reader
    from .senders import Sender

MOST_REFERENCES = 20
"""Message-IDs in References: the first one and the latest (RFC 5322 sets no limit; programs do)."""

ONCE_IN = timedelta(days=1)


def opened(case: Case, event: TicketOpened) -> None:
    """Our promise, to who asked. Who is put in copy hears of it by `copied`."""
    reader = readers.who_asked(case)
    if reader:
        _write(case, [reader], LetterKind.RECEIVED, entry=_entry(event.entry_id))


def replied(case: Case, event: Replied) -> None:
    """The desk's words to who asked and the people in copy; theirs to each other and to the agent who has the case."""
    entry = _entry(event.entry_id)
    if entry is None or not entry.is_public:
        return
    authors = readers.author_of(entry)
    others = [reader for reader in readers.readers_of(case) if reader.key not in authors]
    if event.side == Side.DESK:
        _write(case, others, LetterKind.ANSWER, entry=entry, state=event.state)
        return
    assignee = readers.assignee_of(case)
    known = authors | {reader.key for reader in others}
    if assignee and assignee.key not in known:
        others.append(assignee)
    _write(case, others, LetterKind.NEWS, entry=entry)


def state_changed(case: Case, event: StateChanged, *, actor_id: int | None) -> None:
    """Resolved or waiting without a word; with one, the letter of the word says it. A closed ticket needs no letter."""
    if event.entry_id is not None or event.after not in (State.RESOLVED, State.WAITING) or case.state != event.after:
        return
    others = [each for each in readers.readers_of(case) if not each.person or each.person.pk != actor_id]
    _write(case, others, LetterKind.STATE, state=event.after)


def copied(case: Case, event: CopyAdded, *, actor_id: int | None) -> None:
    """The new person in copy, unless they did it themself."""
    new = [reader for reader in readers.in_copy(case) if reader.copy and reader.copy.pk == event.copy_id]
    _write(case, [each for each in new if not each.person or each.person.pk != actor_id], LetterKind.COPY)


def write_too_large(sender: Sender, mail: ParsedMail) -> None:
    """Ask for a smaller mail: once a day, or the answers to it could go round."""
    since = timezone.now() - ONCE_IN
    if Letter.objects.filter(to=sender.address, name=LetterKind.TOO_LARGE, written_at__gt=since).exists():
        return
    with translation.override(sender.language):
        subject = _("Your mail was too large")
    letter = Letter.objects.create(
        name=LetterKind.TOO_LARGE,
        to=sender.address,
        person=sender.person,
        language=sender.language,
        subject=subject,
        message_id=new_message_id(),
        in_reply_to=mail.message_id[:998],
        references=mail.message_id[:998],
    )
    send_letter.enqueue(letter.pk)


def _entry(pk: int) -> Entry | None:
    return Entry.objects.select_related("followup__user").filter(pk=pk).first()


def _write(case: Case, to: Iterable[Reader], kind: LetterKind, *, entry: Entry | None = None, state: str = "") -> None:
    for reader in to:
        if entry and Letter.objects.filter(entry=entry, name=kind, to=reader.address).exists():
            continue
        before = _thread(case, reader)
        letter = Letter.objects.create(
            case=case,
            entry=entry,
            name=kind,
            to=reader.address,
            person=reader.person,
            language=reader.language,
            state=state,
            subject=f"[{case.reference}] {case.ticket.title}"[:300],
            message_id=new_message_id(),
            in_reply_to=before[-1] if before else "",
            references=" ".join(before[:1] + before[1:][1 - MOST_REFERENCES :]),
        )
        send_letter.enqueue(letter.pk)


def _thread(case: Case, reader: Reader) -> list[str]:
    """The Message-IDs of what this reader has of the ticket in their own mailbox, in the order of time."""
    sent = Letter.objects.filter(case=case, to__iexact=reader.address).values_list("written_at", "message_id")
    theirs = Arrival.objects.filter(case=case, sender=reader.key).exclude(message_id="")
    both = [*sent, *theirs.values_list("arrived_at", "message_id")]
    return list(dict.fromkeys(message_id for _at, message_id in sorted(both)))
