"""Who wrote a mail, and what we may believe of it.

The From of a mail proves nothing by itself. It is believed as far as a wrong belief does no harm: a person's mail may
open a ticket and speak in tickets that they take part in. What a stranger could misuse asks for more: see `threads`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from helpdesk.desk import permissions
from helpdesk.desk.library import IgnoreEmail, TicketCC

if TYPE_CHECKING:
    from helpdesk.desk.library import Queue
    from helpdesk.desk.models import Case
    from platform_core.accounts.models import User
    from platform_core.organisations.models import Organisation

LONGEST_ADDRESS = 254


@dataclass(frozen=True, kw_only=True)
class Sender:
    """`address` in lower case; `person` is None for who has no account or has not proved that the address is theirs."""

    address: str
    name: str
    person: User | None

    @property
    def language(self) -> str:
        return self.person.language if self.person else settings.LANGUAGE_CODE

    def takes_part_in(self, case: Case) -> bool:
        """Whether their words may go into a ticket: the desk, who asked, a referent of theirs, or somebody in copy."""
        if self.speaks_as_person_in(case):
            return True
        # Who asked with an account and may not see the ticket any more is not let in again as a mere address.
        if case.requester_id is None and (case.ticket.submitter_email or "").casefold() == self.address:
            return True
        return bool(TicketCC.objects.filter(ticket_id=case.pk, user=None, email__iexact=self.address).exists())

    def speaks_as_person_in(self, case: Case) -> bool:
        return self.person is not None and permissions.can_reply(self.person, case)

    def organisations(self) -> list[Organisation]:
        """Where they work today."""
        if self.person is None:
            return []
        seats = self.person.memberships.current().select_related("organisation")
        return [seat.organisation for seat in seats]


def sender_of(address: str, name: str) -> Sender | None:
    """Who writes from an address; None when it is none."""
    address = address.strip().casefold()
    try:
        validate_email(address)
    except ValidationError:
        return None
    if len(address) > LONGEST_ADDRESS:
        return None
    return Sender(address=address, name=name.strip()[:120], person=_person(address))


def is_ignored(address: str, queue: Queue | None) -> bool:
    """Whether the library's list of ignored senders has it, for this queue or all: whole, `*@domain` or `name@*`."""
    for rule in IgnoreEmail.objects.prefetch_related("queues"):
        queues = [each.pk for each in rule.queues.all()]
        if (not queues or (queue and queue.pk in queues)) and _matches(rule.email_address, address):
            return True
    return False


def _matches(pattern: str, address: str) -> bool:
    name, _at, host = address.casefold().rpartition("@")
    its_name, _at, its_host = pattern.strip().casefold().rpartition("@")
    return its_name in ("*", name) and its_host in ("*", host)


def _person(address: str) -> User | None:
    proved = EmailAddress.objects.filter(email__iexact=address, verified=True, user__is_active=True)
    found = proved.select_related("user").first()
    return found.user if found else None
