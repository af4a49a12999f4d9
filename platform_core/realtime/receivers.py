"""What makes rights change: sessions that end, accounts that close, roles and memberships that go.

Memberships are told by their events. Sessions and accounts also change where no event of ours tells (allauth's list of
sessions, the administration), so their rows are watched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.sessions.models import Session
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone

from platform_core.accounts.models import User
from platform_core.activity.reactions import on_commit_live
from platform_core.organisations.events import HandedOver, MemberAdded, MembershipEnded, RoleChanged

from . import public, publishing  # noqa: F401  publishing registers itself with the activity stream

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from platform_core.activity.models import StreamEntry

WHO_MAY_SIGN_IN = frozenset({"is_active", "password"})


@receiver(post_delete, sender=Session)
def session_ended(instance: Session, **_kwargs: Any) -> None:
    if instance.expire_date > timezone.now():  # sockets know when their session expires
        public.close_session(instance.session_key)


@receiver(post_save, sender=User)
def account_changed(instance: User, created: bool, update_fields: Collection[str] | None, **_kwargs: Any) -> None:
    if created:
        return
    if update_fields is None or WHO_MAY_SIGN_IN & set(update_fields):
        public.close_sockets(instance.pk)
    elif {"is_staff", "is_superuser"} & set(update_fields):
        public.recheck(instance.pk)  # its roles changed


@receiver(post_delete, sender=User)
def account_removed(instance: User, **_kwargs: Any) -> None:
    public.close_sockets(instance.pk)


@on_commit_live
def rights_changed(entries: Sequence[StreamEntry]) -> None:
    """A seat was given, changed or taken: the permissions of whoever sat or sits on it are asked again."""
    people: set[int] = set()
    for activity in {entry.activity_id: entry.activity for entry in entries}.values():
        match activity.event:
            case MemberAdded() | RoleChanged() | MembershipEnded() as event:
                people.add(event.person_id)
            case HandedOver() as event:
                people |= {event.person_id, event.successor_id}
    for person_id in people:
        public.recheck(person_id)
