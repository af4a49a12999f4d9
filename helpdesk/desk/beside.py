"""What stands beside a ticket at the workbench: who asks, their organisation, and what else they have asked. Reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Count, Q

from helpdesk.desk.mail.listing import letters_not_delivered
from platform_core.organisations.models import Membership

from . import board
from .models import Arrival, Case, Letter
from .queries import copies_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from platform_core.accounts.models import User

    from .library import TicketCC

MOST_TICKETS = 6


@dataclass(frozen=True)
class About:
    """`total` and `broken` count all the tickets of the organisation, and those with a promise that was broken.
    `also_sent_to` are the addresses that mails of the ticket went to besides, and that hear of nothing.
    """

    referents: list[User]
    of_organisation: list[Case] = field(default_factory=list)
    of_requester: list[Case] = field(default_factory=list)
    follows: Case | None = None
    followed_by: list[Case] = field(default_factory=list)
    copies: list[TicketCC] = field(default_factory=list)
    also_sent_to: list[str] = field(default_factory=list)
    unsent: list[Letter] = field(default_factory=list)
    total: int = 0
    broken: int = 0


def about(case: Case) -> About:
    """Seven queries, whatever there is."""
    others, copies = _others(case), copies_of(case)
    counted = {"total": 0, "broken": 0}
    if case.organisation_id:
        of_ens = Case.objects.filter(organisation=case.organisation_id)
        counted = of_ens.aggregate(total=Count("pk"), broken=Count("pk", filter=Q(is_breached=True)))
    return About(
        referents=_referents(case),
        of_organisation=[one for one in others if case.organisation_id and one.organisation_id == case.organisation_id],
        of_requester=[one for one in others if _same_requester(one, case)],
        follows=next((one for one in others if one.pk == case.follows_id), None),
        followed_by=[one for one in others if one.follows_id == case.pk],
        copies=copies,
        also_sent_to=_also_sent_to(case, copies),
        unsent=letters_not_delivered(case),
        **counted,
    )


def _others(case: Case) -> list[Case]:
    """The latest of the organisation and of the requester, and those that this one is linked to. One query."""
    linked = Q(follows=case) | Q(pk=case.follows_id)
    if case.organisation_id:
        linked |= Q(pk__in=_latest(Case.objects.filter(organisation=case.organisation_id)))
    if case.requester_id:
        linked |= Q(pk__in=_latest(Case.objects.filter(requester=case.requester_id)))
    found = board.with_names(Case.objects.filter(linked).exclude(pk=case.pk))
    return list(found.order_by("-heard_at", "-pk"))


def _latest(cases: QuerySet[Case]) -> QuerySet[Case, dict[str, Any]]:
    latest = cases.order_by("-heard_at", "-ticket").values("pk")[: MOST_TICKETS + 1]
    return cast("QuerySet[Case, dict[str, Any]]", latest)


def _same_requester(one: Case, case: Case) -> bool:
    return case.requester_id is not None and one.requester_id == case.requester_id


def _also_sent_to(case: Case, copies: list[TicketCC]) -> list[str]:
    hear = {copy.email_address.casefold() for copy in copies} | {(case.ticket.submitter_email or "").casefold()}
    sent = Arrival.objects.filter(case=case).order_by("pk").values_list("also_sent_to", flat=True)
    addresses = dict.fromkeys(address for each in sent for address in each)
    return [address for address in addresses if address not in hear]


def _referents(case: Case) -> list[User]:
    if case.organisation_id is None:
        return []
    seats = Membership.objects.current().referents().filter(organisation=case.organisation_id, person__is_active=True)
    return [seat.person for seat in seats.select_related("person").order_by("person__name", "pk")]
