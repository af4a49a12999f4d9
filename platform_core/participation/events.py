"""What happens to spaces and to who is in them. The subject of each is the space. Facts carry ids, never names."""

from __future__ import annotations

from dataclasses import dataclass

from platform_core.activity.events import Event, event_type

from .models import SanctionKind, SpaceKind, SpaceRole


@event_type("participation.space_opened", version=1)
@dataclass(frozen=True, kw_only=True)
class SpaceOpened(Event):
    kind: SpaceKind


@event_type("participation.space_changed", version=1)
@dataclass(frozen=True, kw_only=True)
class SpaceChanged(Event):
    """`fields` names what changed. With a new charter everybody is asked to accept it."""

    fields: list[str]


@event_type("participation.space_closed", version=1)
@dataclass(frozen=True, kw_only=True)
class SpaceClosed(Event):
    pass


@event_type("participation.space_reopened", version=1)
@dataclass(frozen=True, kw_only=True)
class SpaceReopened(Event):
    pass


@event_type("participation.joined", version=1)
@dataclass(frozen=True, kw_only=True)
class Joined(Event):
    person_id: int
    role: SpaceRole


@event_type("participation.left", version=1)
@dataclass(frozen=True, kw_only=True)
class Left(Event):
    """`is_removed`: somebody who moderates took the person out."""

    person_id: int
    is_removed: bool


@event_type("participation.role_changed", version=1)
@dataclass(frozen=True, kw_only=True)
class RoleChanged(Event):
    person_id: int
    before: SpaceRole
    after: SpaceRole


@event_type("participation.charter_accepted", version=1)
@dataclass(frozen=True, kw_only=True)
class CharterAccepted(Event):
    person_id: int
    version: int


@event_type("participation.join_requested", version=1)
@dataclass(frozen=True, kw_only=True)
class JoinRequested(Event):
    request_id: int


@event_type("participation.join_request_withdrawn", version=1)
@dataclass(frozen=True, kw_only=True)
class JoinRequestWithdrawn(Event):
    request_id: int


@event_type("participation.join_request_answered", version=1)
@dataclass(frozen=True, kw_only=True)
class JoinRequestAnswered(Event):
    request_id: int
    is_approved: bool


@event_type("participation.invited", version=1)
@dataclass(frozen=True, kw_only=True)
class Invited(Event):
    invitation_id: int


@event_type("participation.invitation_revoked", version=1)
@dataclass(frozen=True, kw_only=True)
class InvitationRevoked(Event):
    invitation_id: int


@event_type("participation.document_added", version=1)
@dataclass(frozen=True, kw_only=True)
class DocumentAdded(Event):
    document_id: int


@event_type("participation.document_removed", version=1)
@dataclass(frozen=True, kw_only=True)
class DocumentRemoved(Event):
    document_id: int


@event_type("participation.meeting_planned", version=1)
@dataclass(frozen=True, kw_only=True)
class MeetingPlanned(Event):
    meeting_id: int


@event_type("participation.meeting_changed", version=1)
@dataclass(frozen=True, kw_only=True)
class MeetingChanged(Event):
    """`is_elsewhere`: the hour or the place is another one, so that those who come must know."""

    meeting_id: int
    fields: list[str]
    is_elsewhere: bool


@event_type("participation.meeting_cancelled", version=1)
@dataclass(frozen=True, kw_only=True)
class MeetingCancelled(Event):
    meeting_id: int


@event_type("participation.registered", version=1)
@dataclass(frozen=True, kw_only=True)
class Registered(Event):
    meeting_id: int
    person_id: int
    is_waiting: bool


@event_type("participation.unregistered", version=1)
@dataclass(frozen=True, kw_only=True)
class Unregistered(Event):
    meeting_id: int
    person_id: int


@event_type("participation.place_given", version=1)
@dataclass(frozen=True, kw_only=True)
class PlaceGiven(Event):
    """Somebody who waited has a place now."""

    meeting_id: int
    person_id: int


@event_type("participation.meeting_near", version=1)
@dataclass(frozen=True, kw_only=True)
class MeetingNear(Event):
    meeting_id: int


@event_type("participation.sanctioned", version=1)
@dataclass(frozen=True, kw_only=True)
class Sanctioned(Event):
    """A warning, or a suspension until a moment."""

    sanction_id: int
    person_id: int
    kind: SanctionKind


@event_type("participation.sanction_lifted", version=1)
@dataclass(frozen=True, kw_only=True)
class SanctionLifted(Event):
    sanction_id: int
    person_id: int
