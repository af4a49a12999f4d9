"""What the other apps may call."""

from .domain import accept_invitation, add_member, change_role, end_membership, invite, revoke_invitation
from .handover import Moved, Transfer, hand_over, preview, register
from .models import Invitation, Kind, Membership, MembershipRole, Organisation
from .permissions import can_manage_members, can_override, can_view, is_staff, manageable_by, visible_to
from .queries import current_members, invitations_for, memberships_of, person_with_email
from .register import Facts, create_organisation, facts_of, update_organisation

__all__ = [
    "Facts",
    "Invitation",
    "Kind",
    "Membership",
    "MembershipRole",
    "Moved",
    "Organisation",
    "Transfer",
    "accept_invitation",
    "add_member",
    "can_manage_members",
    "can_override",
    "can_view",
    "change_role",
    "create_organisation",
    "current_members",
    "end_membership",
    "facts_of",
    "hand_over",
    "invitations_for",
    "invite",
    "is_staff",
    "manageable_by",
    "memberships_of",
    "person_with_email",
    "preview",
    "register",
    "revoke_invitation",
    "update_organisation",
    "visible_to",
]
