"""Who sees, enters and moderates a space. Each question twice: of one space, and as a queryset.

What one may not see does not exist for them: views answer 404.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, Q

from platform_core.accounts.roles import is_coordinator, is_moderator

from .models import Meeting, Sanction, Space, SpaceDocument, SpaceInvitation, SpaceMember, SpaceRole, Visibility

if TYPE_CHECKING:
    from django.db.models import Exists, QuerySet

    from platform_core.accounts.roles import Someone

    from .models import SpaceInvitationQuerySet, SpaceMemberQuerySet


def can_view_space(user: Someone, space: Space) -> bool:
    """Whether its name and what it is about may be seen."""
    if space.visibility == Visibility.PUBLIC:
        return True
    if not _is_someone(user):
        return False
    if space.visibility == Visibility.MEMBERS or is_coordinator(user):
        return True
    return is_member(user, space) or _invited(user).filter(space=space).exists()


def spaces_visible_to(user: Someone) -> QuerySet[Space]:
    if not _is_someone(user):
        return Space.objects.filter(visibility=Visibility.PUBLIC)
    if is_coordinator(user):
        return Space.objects.all()
    return Space.objects.filter(
        ~Q(visibility=Visibility.INVITATION)
        | Q(pk__in=_seats(user).values("space"))
        | Q(pk__in=_invited(user).values("space"))
    )


def can_enter(user: Someone, space: Space) -> bool:
    """Whether its content may be read: topics, members, meetings, documents."""
    if space.visibility == Visibility.PUBLIC:
        return True
    return can_moderate(user, space) or is_member(user, space)


def spaces_entered_by(user: Someone) -> QuerySet[Space]:
    if not _is_someone(user):
        return Space.objects.filter(visibility=Visibility.PUBLIC)
    own = Q(visibility=Visibility.PUBLIC) | Q(pk__in=_seats(user).values("space"))
    return Space.objects.filter(own | Q(pk__in=spaces_moderated_by(user).values("pk")))


def can_moderate(user: Someone, space: Space) -> bool:
    """Its moderators, coordinators, and the service's moderators where they may be without being invited."""
    if not _is_someone(user):
        return False
    if is_coordinator(user):
        return True
    seats = _seats(user).filter(space=space)
    if is_moderator(user):
        return space.visibility != Visibility.INVITATION or seats.exists()
    return seats.moderators().exists()


def spaces_moderated_by(user: Someone) -> QuerySet[Space]:
    if not _is_someone(user):
        return Space.objects.none()
    if is_coordinator(user):
        return Space.objects.all()
    if is_moderator(user):
        return Space.objects.filter(~Q(visibility=Visibility.INVITATION) | Q(pk__in=_seats(user).values("space")))
    return Space.objects.filter(pk__in=_seats(user).moderators().values("space"))


def can_take_part(user: Someone, space: Space) -> bool:
    """Whether the person may write: a member today who is not suspended and accepted the charter, if there is one, of
    a space that is open."""
    if not _is_someone(user) or space.closed_at is not None:
        return False
    seats = _seats(user).filter(space=space)
    seats = seats.exclude(Exists(Sanction.objects.in_force().filter(space=space, person_id=user.pk)))
    if space.charter:
        seats = seats.filter(charter_version=space.charter_version)
    return seats.exists()


@dataclass(frozen=True)
class Rights:
    """What a person may in one space: as can_enter, can_moderate and can_take_part say, with one query for all."""

    enters: bool
    moderates: bool
    takes_part: bool


def rights_in(user: Someone, space: Space) -> Rights:
    if not _is_someone(user):
        return Rights(enters=space.visibility == Visibility.PUBLIC, moderates=False, takes_part=False)
    is_suspended = Exists(Sanction.objects.in_force().filter(space=space, person_id=user.pk))
    seats = _seats(user).filter(space=space).order_by().annotate(is_suspended=is_suspended)
    found = list(seats.values_list("role", "charter_version", "is_suspended"))  # one at most
    has_seat, (role, accepted, suspended) = bool(found), found[0] if found else ("", 0, False)
    moderates = is_coordinator(user) or role == SpaceRole.MODERATOR
    if is_moderator(user):
        moderates = moderates or space.visibility != Visibility.INVITATION or has_seat
    has_accepted = not space.charter or accepted == space.charter_version
    return Rights(
        enters=space.visibility == Visibility.PUBLIC or moderates or has_seat,
        moderates=moderates,
        takes_part=has_seat and has_accepted and not suspended and space.closed_at is None,
    )


def can_open_space(user: Someone) -> bool:
    return is_coordinator(user)


def documents_visible_to(user: Someone) -> QuerySet[SpaceDocument]:
    return SpaceDocument.objects.filter(space__in=spaces_entered_by(user), removed_at=None)


def meetings_visible_to(user: Someone) -> QuerySet[Meeting]:
    return Meeting.objects.filter(space__in=spaces_entered_by(user))


def is_member(user: Someone, space: Space) -> bool:
    return _is_someone(user) and _seats(user).filter(space=space).exists()


def is_known_in(person: Someone, space: Space) -> bool:
    """Whether the person is or was a member of the space."""
    return SpaceMember.objects.filter(space=space, person_id=person.pk).exists()


def _is_someone(user: Someone) -> bool:
    return user.is_authenticated and user.is_active


def _seats(user: Someone) -> SpaceMemberQuerySet:
    return SpaceMember.objects.current().filter(person_id=user.pk)


def _invited(user: Someone) -> SpaceInvitationQuerySet:
    return SpaceInvitation.objects.pending().filter(person_id=user.pk)
