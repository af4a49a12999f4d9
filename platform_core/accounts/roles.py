"""What people do in the service. A role is a Django group; nothing here writes (see `domain`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from typing import TypeAlias

    from django.contrib.auth.models import AnonymousUser

    from .models import User

    # Said to be an alias: in a cycle of imports mypy takes it for a variable.
    Someone: TypeAlias = User | AnonymousUser


class Role(models.TextChoices):
    """The value is the name of the group in the database."""

    AGENT_1 = "agent-1", _("Agent, level 1 (user support)")
    AGENT_2 = "agent-2", _("Agent, level 2 (participation section)")
    AGENT_3 = "agent-3", _("Agent, level 3 (systems)")
    MODERATOR = "moderator", _("Moderator")
    EDITOR = "editor", _("Editor")
    COORDINATOR = "coordinator", _("Coordinator")
    ADMINISTRATOR = "administrator", _("Administrator")


AGENT_ROLES = {Role.AGENT_1: 1, Role.AGENT_2: 2, Role.AGENT_3: 3}

#: Who works for the service, and so needs a second factor. A moderator may be a member of the community.
STAFF_ROLES = frozenset(Role) - {Role.MODERATOR}


def has_role(user: Someone, *roles: Role) -> bool:
    """Whether the person holds one of `roles`. At most one query for each user object, however often it is asked."""
    if not user.is_authenticated or not user.is_active:
        return False
    if user.is_superuser and Role.ADMINISTRATOR in roles:
        return True
    return not user.role_names.isdisjoint(roles)


def level(user: Someone) -> int:
    """The highest level of support that the person gives: 1, 2 or 3, and 0 for who is not an agent."""
    return max((step for role, step in AGENT_ROLES.items() if has_role(user, role)), default=0)


def is_agent(user: Someone) -> bool:
    return level(user) > 0


def is_moderator(user: Someone) -> bool:
    return has_role(user, Role.MODERATOR, Role.ADMINISTRATOR)


def is_editor(user: Someone) -> bool:
    return has_role(user, Role.EDITOR, Role.ADMINISTRATOR)


def is_coordinator(user: Someone) -> bool:
    return has_role(user, Role.COORDINATOR, Role.ADMINISTRATOR)


def is_administrator(user: Someone) -> bool:
    return has_role(user, Role.ADMINISTRATOR)
