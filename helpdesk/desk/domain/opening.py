"""A ticket begins."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.desk import permissions
from helpdesk.desk.events import TicketOpened
from helpdesk.desk.library import Queue, Ticket
from helpdesk.desk.models import Case, Channel, Clock, EntryKind, Kind, Priority, Side, Signal, State
from platform_core.base.errors import Refusal
from platform_core.organisations.models import Membership

from . import clocks
from .writing import clean_subject, clean_text, columns_of, tell, write_entry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from platform_core.accounts.models import User
    from platform_core.files.public import Upload
    from platform_core.organisations.models import Organisation

A_MOMENT = timedelta(seconds=1)
QUEUE = "suport"
"""The library's queue of the tickets that no mailbox brought."""


def open_ticket(
    *,
    actor: User | None,
    requester: User | None,
    requester_email: str = "",
    requester_name: str = "",
    organisation: Organisation | None,
    kind: Kind,
    subject: str,
    text: str,
    topic: str = "",
    instance: str = "",
    channel: Channel,
    priority: Priority = Priority.NORMAL,
    files: Sequence[Upload] = (),
    submission: UUID | None = None,
    message_id: str = "",
    quoted: str = "",
    warning: str = "",
    follows: Case | None = None,
    assignee: User | None = None,
    queue: Queue | None = None,
    at: datetime | None = None,
) -> Case:
    """File what somebody asks for, and promise when it will be answered and solved.

    `requester` is None for who has no account: then `requester_email` says where to answer. `submission` is the
    number of the form: sent twice, it gives the same case. `at` is when it happened, for imports; now when None.
    Raises Refusal when a text is missing or too long, the address is none, or the person does not work for the
    organisation.
    """
    if requester is not None:
        requester_email = requester.email
    email = _checked_email(requester_email)
    subject, text = clean_subject(subject), clean_text(text)
    _guard(actor, requester, organisation)
    at = at or timezone.now()
    try:
        with transaction.atomic():
            case = Case(
                kind=kind, topic=topic, channel=channel, organisation=organisation,
                requester=requester, requester_name="" if requester else requester_name[:120], instance=instance,
                priority=priority, assignee=assignee, state=State.OPEN if assignee else State.NEW, opened_at=at,
                signal=Signal.FILED, signal_at=at, heard=Side.REQUESTER, heard_at=at, submission=submission,
                follows=follows,
            )  # fmt: skip
            promises = clocks.first_of(case, at=at)
            case.ticket = _write_ticket(
                case, title=subject, queue=queue or default_queue(), submitter_email=email, description=text
            )
            case.save(force_insert=True)
            Clock.objects.bulk_create(promises)
            entry = write_entry(
                case, actor=requester, at=at, kind=EntryKind.MESSAGE, side=Side.REQUESTER, text=text, is_public=True,
                channel=channel, files=files, author_name=case.requester_name, message_id=message_id, quoted=quoted,
                warning=warning,
            )  # fmt: skip
            event = TicketOpened(channel=Channel(channel), kind=Kind(kind), entry_id=entry.pk)
            tell(case, event, actor=actor, is_public=True)
    except IntegrityError:
        # The same form arrived twice, and the other one was first; the number is unique, also among those at once.
        if submission and (known := _sent_before(submission, email)):
            return known
        raise
    return case


def _write_ticket(case: Case, **facts: Any) -> Ticket:
    """The library's row of a new case, with the same facts."""
    ticket = Ticket.objects.create(**facts, **columns_of(case))
    if ticket.created - case.opened_at > A_MOMENT:  # the library writes the present, and imports are of the past
        Ticket.objects.filter(pk=ticket.pk).update(created=case.opened_at)
    return ticket


def default_queue() -> Queue:
    """The queue that every installation has."""
    queue, _created = Queue.objects.get_or_create(
        slug=QUEUE, defaults={"title": "Suport", "allow_public_submission": False}
    )
    return queue


def _checked_email(email: str) -> str:
    email = email.strip()
    try:
        validate_email(email)
    except ValidationError:
        raise Refusal(_("This is not an e-mail address."), field="requester_email") from None
    return email


def _sent_before(submission: UUID, email: str) -> Case | None:
    """Only of the same person: a number says nothing of anybody else's ticket."""
    return Case.objects.filter(submission=submission, ticket__submitter_email=email).first()


def _guard(actor: User | None, requester: User | None, organisation: Organisation | None) -> None:
    if actor is not None and actor != requester and not permissions.is_desk(actor):
        raise Refusal(_("Only the desk may open a ticket for somebody else."), field="requester")
    if requester is None or organisation is None:
        return
    works = Membership.objects.current().filter(person=requester, organisation=organisation).exists()
    if not works and not (actor == requester and permissions.is_desk(requester)):
        raise Refusal(
            _("%(name)s does not work for %(organisation)s now.") % {"name": requester, "organisation": organisation},
            field="organisation",
        )
