"""Who else is in a ticket: people in copy, a successor, and what who asked thought of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from helpdesk.desk import permissions
from helpdesk.desk.events import CopyAdded, CopyRemoved, Rated, RequesterChanged
from helpdesk.desk.library import TicketCC
from helpdesk.desk.models import Case, Change, Rating
from helpdesk.desk.models.case import LIVE
from platform_core.activity.domain import lock_streams
from platform_core.base.errors import Refusal
from platform_core.organisations.handover import Transfer
from platform_core.organisations.queries import person_with_email
from platform_core.realtime.public import recheck

from .writing import clean_text, locked, save, tell, touch, write_change

if TYPE_CHECKING:
    from platform_core.accounts.models import User
    from platform_core.organisations.models import Organisation

MOST_COPIES = 20


def add_copy(*, actor: User, case: Case, email: str) -> TicketCC:
    """Have a colleague hear of a ticket: who has an account sees it and writes in it, anybody else gets the mail.

    Adding twice changes nothing. Raises Refusal when the actor may not, it is no address, or there are too many.
    """
    if not permissions.can_reply(actor, case):
        raise Refusal(_("You may not change this ticket."))
    email = email.strip()
    try:
        validate_email(email)
    except ValidationError:
        raise Refusal(_("This is not an e-mail address."), field="email") from None
    person = person_with_email(email)
    with transaction.atomic():
        case = locked(case)
        copies = TicketCC.objects.filter(ticket_id=case.pk)
        known = copies.filter(user=person) if person else copies.filter(email__iexact=email)
        if copy := known.first():
            return copy
        if (person and person.pk == case.requester_id) or email.casefold() == case.ticket.submitter_email.casefold():
            raise Refusal(_("This person asked, and hears of everything already."), field="email")
        if copies.count() >= MOST_COPIES:
            raise Refusal(_("There are too many people in copy. Remove somebody first."), field="email")
        rights = {"can_view": bool(person), "can_update": bool(person)}
        copy = TicketCC.objects.create(ticket_id=case.pk, user=person, email=None if person else email, **rights)
        touch(case, None, at=timezone.now())
        values = {"copy": ("", email)}
        write_change(case, Change.COPIED, actor=actor, at=timezone.now(), is_public=True, values=values)
        save(case)
        tell(case, CopyAdded(copy_id=copy.pk), actor=actor, is_public=True)
    return copy


def remove_copy(*, actor: User | None, case: Case, copy: TicketCC) -> None:
    """Take somebody out of copy: the desk, who asked, a referent of theirs, or the person themself.

    `actor` is None for who follows the link at the foot of a mail. Raises Refusal when the actor may not.
    """
    if actor is not None and copy.user_id != actor.pk and not permissions.can_close(actor, case):
        raise Refusal(_("You may not change this ticket."))
    with transaction.atomic():
        case = locked(case)
        copy_id, person_id, address = copy.pk, copy.user_id, copy.email_address
        if not TicketCC.objects.filter(pk=copy_id, ticket_id=case.pk).delete()[0]:
            return
        touch(case, None, at=timezone.now())
        values = {"copy": (address, "")}
        write_change(case, Change.UNCOPIED, actor=actor, at=timezone.now(), is_public=True, values=values)
        save(case)
        tell(case, CopyRemoved(copy_id=copy_id, person_id=person_id), actor=actor, is_public=True)
        if person_id:
            recheck(person_id)


def rate(*, actor: User, case: Case, rating: Rating, comment: str = "") -> Case:
    """Say how the desk did; again, to change one's mind. Raises Refusal when it is not theirs or not resolved."""
    if not permissions.can_rate(actor, case):
        raise Refusal(_("Only who asked may rate the answer, once it is resolved."))
    comment = clean_text(comment, field="comment", required=False)
    with transaction.atomic():
        case = locked(case)
        touch(case, None, at=timezone.now())
        case.rating, case.rating_comment, case.rated_at = rating, comment, timezone.now()
        write_change(
            case, Change.RATED, actor=actor, at=timezone.now(), is_public=True, values={"rating": ("", rating)}
        )
        save(case)
        tell(case, Rated(rating=Rating(rating)), actor=actor, is_public=True)
    return case


# ---- a referent leaves ----


def _live_cases(person: User, organisation: Organisation) -> list[Case]:
    return list(Case.objects.filter(requester=person, organisation=organisation, state__in=LIVE).order_by("pk"))


def _move_cases(person: User, successor: User, organisation: Organisation) -> int:
    found = _live_cases(person, organisation)
    if found:
        lock_streams(
            ["desk", *(f"ticket:{case.pk}" for case in found), f"user:{person.pk}", f"user:{successor.pk}",
             f"org:{organisation.pk}", *(f"user:{one}" for case in found for one in permissions.parties(case))]
        )  # fmt: skip
    for case in found:
        case = locked(case)  # noqa: PLW2901  as it is now
        touch(case, None, at=timezone.now())
        case.requester = successor
        values = {"requester": (person.pk, successor.pk)}
        write_change(case, Change.HANDED_OVER, actor=None, at=timezone.now(), is_public=True, values=values)
        save(case)
        type(case.ticket).objects.filter(pk=case.pk).update(submitter_email=successor.email)
        tell(case, RequesterChanged(before_id=person.pk, after_id=successor.pk), actor=None, is_public=True)
    return len(found)


def _copies(person: User, organisation: Organisation):
    ours = Case.objects.filter(organisation=organisation, state__in=LIVE).values("ticket")
    return TicketCC.objects.filter(user=person, ticket__in=ours)


def _move_copies(person: User, successor: User, organisation: Organisation) -> int:
    copies = list(_copies(person, organisation))
    theirs = set(TicketCC.objects.filter(user=successor).values_list("ticket_id", flat=True))
    for copy in copies:
        if copy.ticket_id in theirs:
            copy.delete()
        else:
            TicketCC.objects.filter(pk=copy.pk).update(user=successor)
    return len(copies)


TICKETS = Transfer(
    name="desk.tickets",
    describe=lambda count: ngettext("%(count)d open ticket", "%(count)d open tickets", count) % {"count": count},
    count=lambda person, organisation: len(_live_cases(person, organisation)),
    move=_move_cases,
)
COPIES = Transfer(
    name="desk.copies",
    describe=lambda count: ngettext("%(count)d ticket in copy", "%(count)d tickets in copy", count) % {"count": count},
    count=lambda person, organisation: _copies(person, organisation).count(),
    move=_move_copies,
)
