"""What happens to organisations and to who works in them. Facts carry ids and roles, never a name or an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from platform_core.activity.events import Event, event_type

from .models import MembershipRole


@event_type("organisations.created", version=1)
@dataclass(frozen=True, kw_only=True)
class OrganisationCreated(Event):
    pass


@event_type("organisations.renamed", version=1)
@dataclass(frozen=True, kw_only=True)
class OrganisationRenamed(Event):
    """The official name before and after: names of public bodies, not of people."""

    before: str
    after: str


@event_type("organisations.changed", version=1)
@dataclass(frozen=True, kw_only=True)
class OrganisationChanged(Event):
    """`fields` names the facts that changed besides the name."""

    fields: list[str]


@event_type("organisations.member_added", version=1)
@dataclass(frozen=True, kw_only=True)
class MemberAdded(Event):
    """`by_invitation` says that the person accepted one; otherwise the actor gave them the seat."""

    membership_id: int
    person_id: int
    role: MembershipRole
    by_invitation: bool


@event_type("organisations.member_invited", version=1)
@dataclass(frozen=True, kw_only=True)
class MemberInvited(Event):
    invitation_id: int
    role: MembershipRole


@event_type("organisations.invitation_revoked", version=1)
@dataclass(frozen=True, kw_only=True)
class InvitationRevoked(Event):
    invitation_id: int
    role: MembershipRole


@event_type("organisations.role_changed", version=1)
@dataclass(frozen=True, kw_only=True)
class RoleChanged(Event):
    person_id: int
    before: MembershipRole
    after: MembershipRole


@event_type("organisations.membership_ended", version=1)
@dataclass(frozen=True, kw_only=True)
class MembershipEnded(Event):
    """`until` is the first day out, in the service's time zone."""

    person_id: int
    role: MembershipRole
    until: date


@event_type("organisations.handed_over", version=1)
@dataclass(frozen=True, kw_only=True)
class HandedOver(Event):
    """`counts[i]` things of the registered transfer `transfers[i]` went from the person to the successor."""

    person_id: int
    successor_id: int
    transfers: list[str]
    counts: list[int]
