"""What our own mail is known by: the domain and the form of its Message-IDs, its marker, and our addresses."""

from __future__ import annotations

import hashlib
import re
from email.utils import parseaddr
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings

from helpdesk.desk.library import Queue

if TYPE_CHECKING:
    from helpdesk.desk.models import Case


def domain() -> str:
    """The name of this installation in its Message-IDs: the host that its links begin with."""
    return urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"


def new_message_id() -> str:
    return f"<desk.{uuid4().hex}@{domain()}>"


def ids_of_letters(raw: bytes) -> list[str]:
    """The Message-IDs of letters of ours that are named anywhere in a mail, such as a bounce; each once."""
    ours = re.compile(rb"<desk\.[0-9a-f]{32}@%s>" % re.escape(domain().encode()))
    return list(dict.fromkeys(found.decode() for found in ours.findall(raw)))


def digest_of_id(message_id: str) -> str:
    """What a mail with this Message-ID is filed under."""
    return hashlib.sha256(b"id:" + message_id.encode("utf-8", "replace")).hexdigest()


def service_address(case: Case | None = None) -> str:
    """Where answers go: the address of the ticket's queue, or the service's."""
    if case is not None and case.ticket.queue.email_address:
        return str(case.ticket.queue.email_address)
    return settings.SERVICE_EMAIL


def own_addresses() -> set[str]:
    """The addresses that we write from and read at, in lower case. One query."""
    own = {settings.SERVICE_EMAIL, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}
    own |= set(Queue.objects.exclude(email_address=None).values_list("email_address", flat=True))
    return {address.casefold() for address in own if address}
