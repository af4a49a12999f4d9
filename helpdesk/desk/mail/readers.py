"""Who hears of a ticket by mail: who asked, and the people in copy. Agents have the board, and their own tickets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from helpdesk.desk import permissions
from helpdesk.desk.library import TicketCC
from helpdesk.desk.models import Arrival, Entry

from .identity import digest_of_id

if TYPE_CHECKING:
    from helpdesk.desk.models import Case, Letter
    from platform_core.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class Reader:
    """`copy` is the row by which somebody is in copy: they can stop it from within a letter."""

    address: str
    person: User | None
    name: str = ""
    copy: TicketCC | None = None

    @property
    def language(self) -> str:
        return self.person.language if self.person else settings.LANGUAGE_CODE

    @property
    def key(self) -> str:
        return self.address.casefold()


def who_asked(case: Case) -> Reader | None:
    """None when they may not see the ticket any more."""
    if case.requester_id is None:
        address = case.ticket.submitter_email or ""
        return Reader(address=address, person=None, name=case.requester_name) if address else None
    person = case.requester
    if person is None or not permissions.can_view(person, case):
        return None
    return Reader(address=person.email, person=person, name=person.get_short_name())


def in_copy(case: Case) -> list[Reader]:
    """People with an account who may see it, and addresses without one."""
    found = []
    for copy in TicketCC.objects.filter(ticket_id=case.pk).select_related("user").order_by("pk"):
        if copy.user is None and copy.email:
            found.append(Reader(address=copy.email, person=None, copy=copy))
        elif copy.user and copy.user.is_active and copy.can_view:
            found.append(Reader(address=copy.user.email, person=copy.user, name=copy.user.get_short_name(), copy=copy))
    return found


def readers_of(case: Case) -> list[Reader]:
    """Everyone outside the desk who hears of what is public, each once."""
    first = who_asked(case)
    everyone = ([first] if first else []) + in_copy(case)
    return list({reader.key: reader for reader in reversed(everyone)}.values())[::-1]


def assignee_of(case: Case) -> Reader | None:
    person = case.assignee
    if person is None or not person.is_active or not permissions.can_work(person):
        return None
    return Reader(address=person.email, person=person, name=person.get_short_name())


def author_of(entry: Entry) -> set[str]:
    """The addresses of who wrote a message, in lower case, to whom it is not told; and of whom its mail put in copy:
    they have it, and hear of that instead.
    """
    followup = entry.followup
    addresses = {followup.user.email.casefold()} if followup.user else set()
    if followup.message_id:
        mail = Arrival.objects.filter(digest=digest_of_id(followup.message_id)).first()
        addresses |= {mail.sender, *mail.put_in_copy} if mail else set()
    return addresses


def reader_of(letter: Letter) -> Reader | None:
    """Who a letter is for as things stand now; None when they are to hear nothing of this ticket any more."""
    case = letter.case
    if case is None:
        return Reader(address=letter.to, person=letter.person)
    everyone = readers_of(case)
    if assignee := assignee_of(case):
        everyone.append(assignee)
    for reader in everyone:
        if (letter.person_id and reader.person and reader.person.pk == letter.person_id) or (
            reader.key == letter.to.casefold()
        ):
            return reader
    return None
