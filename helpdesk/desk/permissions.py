"""Who may see and do what with a case. Each question of seeing twice: of one case, and as a queryset.

The person who asked, the referents of the same organisation, the people in copy, and the desk. Nobody else learns
even that a ticket exists: views answer 404.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from platform_core.accounts.models import User
from platform_core.accounts.roles import Role, has_role
from platform_core.organisations.models import Membership, MembershipRole

from .library import TicketCC
from .models import Case, State

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from platform_core.accounts.roles import Someone

DESK_ROLES = (Role.AGENT_1, Role.AGENT_2, Role.AGENT_3, Role.COORDINATOR, Role.ADMINISTRATOR)


def is_desk(user: Someone) -> bool:
    """Whether the person works at the desk: agents, and who answers for the service."""
    return has_role(user, *DESK_ROLES)


can_work = can_see_internal = is_desk


def can_view(user: Someone, case: Case) -> bool:
    if not user.is_authenticated or not user.is_active:
        return False
    return is_desk(user) or _is_party(user, case) or _copies(user).filter(ticket_id=case.pk).exists()


def visible_to(user: Someone) -> QuerySet[Case]:
    if not user.is_authenticated or not user.is_active:
        return Case.objects.none()
    if is_desk(user):
        return Case.objects.all()
    seats = Membership.objects.current().filter(person_id=user.pk)
    ours = Q(organisation__in=seats.referents().values("organisation"))
    mine = Q(requester_id=user.pk) & (Q(organisation=None) | Q(organisation__in=seats.values("organisation")))
    in_copy = Exists(_copies(user).filter(ticket_id=OuterRef("pk")))
    return Case.objects.filter(ours | mine | in_copy)


def parties(case: Case) -> list[int]:
    """The ids of everyone outside the desk who may see a case today: who asked, the referents, and those in copy."""
    # Unions, because one condition with OR has the database walk through all accounts.
    who = TicketCC.objects.filter(ticket_id=case.pk, can_view=True).order_by().values("user")
    if case.organisation_id is None:
        who = who.union(User.objects.filter(pk__in=[case.requester_id]).order_by().values("pk"))
    else:
        seats = Membership.objects.current().filter(organisation=case.organisation_id).order_by()
        who = who.union(seats.filter(Q(role=MembershipRole.REFERENT) | Q(person=case.requester_id)).values("person"))
    return list(User.objects.filter(pk__in=who, is_active=True).values_list("pk", flat=True))


def can_reply(user: Someone, case: Case) -> bool:
    if not user.is_authenticated or not user.is_active:
        return False
    return is_desk(user) or _is_party(user, case) or _copies(user).filter(ticket_id=case.pk, can_update=True).exists()


def can_close(user: Someone, case: Case) -> bool:
    """The desk, who asked, and their referents; a person in copy may only read and write."""
    return user.is_authenticated and user.is_active and (is_desk(user) or _is_party(user, case))


def can_rate(user: Someone, case: Case) -> bool:
    """Who asked or a referent of theirs, once there is a solution to rate."""
    if not user.is_authenticated or not user.is_active or case.state not in (State.RESOLVED, State.CLOSED):
        return False
    return _is_party(user, case)


def speaks_for_desk(user: Someone, case: Case) -> bool:
    """An agent who asks something as anybody else does is, in that case, who asked."""
    return is_desk(user) and case.requester_id != user.pk


def _is_party(user: Someone, case: Case) -> bool:
    """Who asked, while they work for that organisation, or a referent of it."""
    if case.organisation_id is None:
        return case.requester_id == user.pk
    seats = Membership.objects.current().filter(person_id=user.pk, organisation=case.organisation_id)
    if case.requester_id == user.pk:
        return bool(seats.exists())
    return bool(seats.referents().exists())


def _copies(user: Someone) -> QuerySet[TicketCC]:
    found: QuerySet[TicketCC] = TicketCC.objects.filter(user_id=user.pk, can_view=True)
    return found
