"""The other people that a mail was sent to: who may see its ticket is put in copy, the rest is shown to the desk.

Nobody is let into a ticket because a mail names them: only who works for its organisation is put in copy, and a mail
that goes on with a conversation may bring in somebody new only if it answers a letter that its sender got from us,
because anybody can write somebody else's address into From.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Lower

from helpdesk.desk import domain, permissions
from helpdesk.desk.library import TicketCC
from platform_core.base.errors import Refusal
from platform_core.organisations.models import Membership

from .identity import own_addresses

if TYPE_CHECKING:
    from collections.abc import Iterable

    from helpdesk.desk.mailparse import ParsedMail
    from helpdesk.desk.models import Case
    from platform_core.accounts.models import User

    from .senders import Sender

MOST_ADDRESSES = 30
"""Addresses of one mail that are looked at; more is a mailing, and no conversation."""


@dataclass(frozen=True)
class Copied:
    """Addresses in lower case: whom the mail put in copy, and who got it besides."""

    put_in_copy: list[str] = field(default_factory=list)
    also_sent_to: list[str] = field(default_factory=list)


def others_of(mail: ParsedMail, sender: Sender) -> list[str]:
    """To whom a mail went besides us, in lower case. One query, none for a mail to us alone."""
    if not mail.cc and len(mail.to) < 2:  # noqa: PLR2004  one, which is ours
        return []
    own = own_addresses()
    to, cc = ([each.address.strip().casefold() for each in some] for some in (mail.to, mail.cc))
    # Else it came by an address of ours that we do not know of, and To may be that one.
    everyone = [*to, *cc] if own.intersection([*to, *cc]) else cc
    found = dict.fromkeys(each for each in everyone if each not in own and each != sender.address and _is_address(each))
    return list(found)[:MOST_ADDRESSES]


def copy_others(others: list[str], *, case: Case, sender: Sender, is_proved: bool) -> Copied:
    """Put in copy who works for the ticket's organisation. `is_proved`: we need not doubt who sends the mail; else only
    who may see the ticket anyway. At most four queries, and those of each new copy.
    """
    if not others:
        return Copied()
    people = _people(others)
    colleagues = _colleagues(case, people.values()) if sender.person else set()
    persons, addresses = _in_copy(case)
    copied = Copied()
    for address in others:
        person = people.get(address)
        if address in addresses or (person and person.pk in {case.requester_id, *persons}):
            continue
        is_welcome = person and person.pk in colleagues and (is_proved or permissions.can_view(person, case))
        if person and is_welcome and _add(case, person, sender):
            copied.put_in_copy.append(person.email.casefold())
        else:
            copied.also_sent_to.append(address)
    return copied


def _add(case: Case, person: User, sender: Sender) -> bool:
    assert sender.person is not None  # noqa: S101  colleagues are only of those
    try:
        domain.add_copy(actor=sender.person, case=case, email=person.email)
    except Refusal:
        return False
    return True


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _people(addresses: list[str]) -> dict[str, User]:
    """Who has proved that an address is theirs, by address."""
    proved = EmailAddress.objects.annotate(address=Lower("email")).filter(
        address__in=addresses, verified=True, user__is_active=True
    )
    return {each.address: each.user for each in proved.select_related("user")}


def _colleagues(case: Case, people: Iterable[User]) -> set[int]:
    if case.organisation_id is None:
        return set()
    seats = Membership.objects.current().filter(organisation=case.organisation_id, person__in=list(people))
    return set(seats.values_list("person", flat=True))


def _in_copy(case: Case) -> tuple[set[int], set[str]]:
    """The accounts and the addresses without one that are in copy already."""
    rows = list(TicketCC.objects.filter(ticket_id=case.pk).values_list("user", "email"))
    return {user for user, _email in rows if user}, {email.casefold() for _user, email in rows if email}
