"""What the other apps may call."""

from .domain import accept_code, ensure_first_code, ensure_roles, grant_role, publish_code, revoke_role, set_roles
from .queries import current_code, has_second_factor
from .roles import (
    AGENT_ROLES,
    STAFF_ROLES,
    Role,
    has_role,
    is_administrator,
    is_agent,
    is_coordinator,
    is_editor,
    is_moderator,
    level,
)

__all__ = [
    "AGENT_ROLES",
    "STAFF_ROLES",
    "Role",
    "accept_code",
    "current_code",
    "ensure_first_code",
    "ensure_roles",
    "grant_role",
    "has_role",
    "has_second_factor",
    "is_administrator",
    "is_agent",
    "is_coordinator",
    "is_editor",
    "is_moderator",
    "level",
    "publish_code",
    "revoke_role",
    "set_roles",
]
