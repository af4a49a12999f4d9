"""The link by which somebody in copy stops hearing of a ticket, without signing in (RFC 8058)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.urls import reverse

from helpdesk.desk import domain
from helpdesk.desk.library import TicketCC
from helpdesk.desk.models import Case

if TYPE_CHECKING:
    from .readers import Reader

SALT = "desk.copy"


def link_of(reader: Reader) -> str:
    """The whole address; "" for who is not in copy."""
    if reader.copy is None:
        return ""
    token = signing.dumps([reader.copy.pk, reader.copy.ticket_id], salt=SALT)
    return f"{settings.WAGTAILADMIN_BASE_URL}{reverse('desk:stop', args=[token])}"


def case_of(token: str) -> Case | None:
    """The ticket of a link; None for a link that we did not write."""
    pks = _pks(token)
    return Case.objects.select_related("ticket").filter(pk=pks[1]).first() if pks else None


def copy_of(token: str) -> TicketCC | None:
    """Who stops; None when they have stopped already, or we did not write the link."""
    pks = _pks(token)
    return TicketCC.objects.select_related("user").filter(pk=pks[0], ticket_id=pks[1]).first() if pks else None


def stop(token: str) -> None:
    """Take the person out of copy. Once or many times is the same."""
    case, copy = case_of(token), copy_of(token)
    if case and copy:
        domain.remove_copy(actor=None, case=case, copy=copy)


def _pks(token: str) -> tuple[int, int] | None:
    try:
        copy_id, ticket_id = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return copy_id, ticket_id
