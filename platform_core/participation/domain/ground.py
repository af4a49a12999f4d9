"""The ground of every verb: the lock of the space, and the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from platform_core.activity.domain import lock_streams, record
from platform_core.base.errors import Refusal
from platform_core.participation.models import Space, SpaceMember
from platform_core.participation.permissions import can_moderate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from platform_core.accounts.models import User
    from platform_core.activity.events import Event


def locked(space: Space | int) -> Space:
    """The space as it is now, locked until the transaction ends: two people who change it take turns."""
    pk = space if isinstance(space, int) else space.pk
    found: Space = Space.objects.select_for_update().get(pk=pk)
    return found


def seat_of(space: Space, person: User) -> SpaceMember | None:
    """The seat that a person has now."""
    found: SpaceMember | None = SpaceMember.objects.current().filter(space=space, person=person).first()
    return found


def guard_moderator(actor: User | None, space: Space) -> None:
    """Raises Refusal unless the actor moderates the space. None is a command."""
    if actor is not None and not can_moderate(actor, space):
        raise Refusal(_("Only who moderates this community can do that."))


def guard_open(space: Space) -> None:
    if space.is_closed:
        raise Refusal(_("This community is closed: it can be read, and nothing changes in it any more."))


def log_of(space: Space) -> str:
    """The stream of what those who moderate the space have done: its audit trail."""
    return f"moderation:{space.pk}"


def tell(space: Space, *events: Event, actor: User | None, also: Iterable[str] = ()) -> None:
    """Record what was done, last in the transaction; who follows the space hears of it."""
    streams = [f"space:{space.pk}", *also]
    if len(events) > 1:
        lock_streams(streams)
    for event in events:
        record(event, actor=actor, subject=space, streams=streams)
