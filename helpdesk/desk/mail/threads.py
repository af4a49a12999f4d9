"""Which ticket a mail belongs to.

By what it answers (In-Reply-To, References), then by the reference in its subject; both only together with a sender who
takes part in that ticket. Anybody can write "[S-42]" into a subject, and a forwarded mail carries the References of the
one it forwards: from a stranger either opens a new ticket, and the desk is told which one it named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk.desk.library import FollowUp
from helpdesk.desk.models import Arrival, Case, Letter
from helpdesk.desk.permissions import visible_to

from .identity import digest_of_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helpdesk.desk.mailparse import ParsedMail

    from .senders import Sender

_REFERENCE = re.compile(r"(?<![\w-])S-(\d{1,9})(?![\w-])", re.IGNORECASE)
MOST_IDS = 50
"""A long conversation names each earlier mail; the last ones say enough."""


@dataclass(frozen=True, kw_only=True)
class Thread:
    """`case` is where the mail belongs. `named` is a ticket that it names and its sender has no part in."""

    case: Case | None = None
    named: Case | None = None


def thread_of(mail: ParsedMail, sender: Sender) -> Thread:
    """The ticket that a mail goes on with, if it goes on with one. At most six queries."""
    cases = _by_ids(ids_answered(mail), sender) + _by_reference(mail.subject)
    for case in cases:
        if sender.takes_part_in(case):
            return Thread(case=case)
    return Thread(named=cases[0] if cases else None)


def answers_letter_to(sender: Sender, mail: ParsedMail, case: Case) -> bool:
    """Whether a mail answers a letter that only its sender and we have seen: its Message-ID cannot be guessed."""
    return Letter.objects.filter(
        message_id__in=ids_answered(mail), case=case, person=sender.person, sent_at__isnull=False
    ).exists()


def ids_answered(mail: ParsedMail) -> list[str]:
    """The Message-IDs that a mail says it follows, the nearest first."""
    ids = [mail.in_reply_to, *reversed(mail.references)]
    return [each for each in dict.fromkeys(ids) if each][:MOST_IDS]


def _by_ids(ids: Sequence[str], sender: Sender) -> list[Case]:
    if not ids:
        return []
    found: dict[str, int] = {}
    mails = Arrival.objects.filter(digest__in=[digest_of_id(each) for each in ids], case__isnull=False)
    found |= dict(mails.values_list("message_id", "case_id"))
    found |= dict(Letter.objects.filter(message_id__in=ids, case__isnull=False).values_list("message_id", "case_id"))
    if not found and sender.person:
        # Conversations of a django-helpdesk that moved in: only its own table has their Message-IDs, without an index.
        told = FollowUp.objects.filter(message_id__in=ids, ticket__in=visible_to(sender.person).values("ticket"))
        found |= dict(told.values_list("message_id", "ticket_id"))
    wanted = list(dict.fromkeys(found[each] for each in ids if each in found))
    return _cases(wanted)


def _by_reference(subject: str) -> list[Case]:
    return _cases([int(number) for number in dict.fromkeys(_REFERENCE.findall(subject))][:MOST_IDS])


def _cases(pks: Sequence[int]) -> list[Case]:
    found = Case.objects.select_related("ticket", "requester", "organisation").in_bulk(list(pks))
    return [found[pk] for pk in pks if pk in found]
