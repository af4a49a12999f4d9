"""Who may see and manage an organisation. Each question twice: of one organisation, and as a queryset.

A person sees the organisations in whose name they work now; who works for the service sees all. What one may not see
does not exist for them: views answer 404.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from platform_core.accounts.roles import STAFF_ROLES, has_role, is_coordinator

from .models import Membership, Organisation

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from platform_core.accounts.roles import Someone


def is_staff(user: Someone) -> bool:
    """Whether the person works for the service."""
    return has_role(user, *STAFF_ROLES)


def can_view(user: Someone, organisation: Organisation) -> bool:
    if not user.is_authenticated or not user.is_active:
        return False
    return is_staff(user) or _seats(user).filter(organisation=organisation).exists()


def visible_to(user: Someone) -> QuerySet[Organisation]:
    if not user.is_authenticated or not user.is_active:
        return Organisation.objects.none()
    if is_staff(user):
        return Organisation.objects.all()
    return Organisation.objects.filter(pk__in=_seats(user).values("organisation"))


def can_manage_members(user: Someone, organisation: Organisation) -> bool:
    """Referents of the organisation, coordinators and administrators."""
    if not user.is_authenticated or not user.is_active:
        return False
    return can_override(user) or _seats(user).referents().filter(organisation=organisation).exists()


def manageable_by(user: Someone) -> QuerySet[Organisation]:
    if not user.is_authenticated or not user.is_active:
        return Organisation.objects.none()
    if can_override(user):
        return Organisation.objects.all()
    return Organisation.objects.filter(pk__in=_seats(user).referents().values("organisation"))


def can_override(user: Someone) -> bool:
    """Whether the person may leave an organisation without a referent, which the service then looks after."""
    return is_coordinator(user)


def _seats(user: Someone):  # type: ignore[no-untyped-def]  # the queryset's own methods come from a custom manager
    return Membership.objects.current().filter(person_id=user.pk)
