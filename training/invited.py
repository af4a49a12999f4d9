"""What is known of the invitations to courses. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core import signing

from .models import EnrolmentInvitation
from .permissions import invitations_handled_by, invitations_seen_by

if TYPE_CHECKING:
    from uuid import UUID

    from platform_core.accounts.roles import Someone

SALT = "training.invitation"
PAGE = 50  # invitations
LAST_PAGE = 1000


@dataclass(frozen=True)
class Waiting:
    """A page of the open invitations to a course; `handled` are the ids of those that the viewer may act on."""

    rows: list[EnrolmentInvitation]
    handled: set[int]
    number: int
    has_next: bool


def waiting_for(course_key: UUID, *, viewer: Someone, number: int = 1) -> Waiting:
    """The newest first. Two queries, one when there are none."""
    number = min(max(number, 1), LAST_PAGE)
    found = invitations_seen_by(viewer).open().filter(course_key=course_key)  # type: ignore[attr-defined]  # its own manager
    found = found.select_related("organisation", "invited_by", "cohort").order_by("-created_at", "-pk")
    rows = list(found[(number - 1) * PAGE : number * PAGE + 1])
    shown = rows[:PAGE]
    mine = invitations_handled_by(viewer).filter(pk__in=[row.pk for row in shown])
    handled = set(mine.values_list("pk", flat=True)) if shown else set()
    return Waiting(shown, handled, number, len(rows) > PAGE)


def token_of(invitation: EnrolmentInvitation) -> str:
    """What goes in the link of the letter: signed, so that nobody can make one up or walk through them."""
    return signing.dumps(invitation.pk, salt=SALT)


def invitation_of(token: str) -> EnrolmentInvitation | None:
    """The invitation of a link, whatever its state; None for a link that we did not write."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    rows = EnrolmentInvitation.objects.filter(organisation=None).select_related("invited_by")
    return rows.filter(pk=pk).first()
