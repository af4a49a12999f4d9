"""What makes rights change: sessions that end, accounts that close, roles and memberships that go.

Sessions and accounts also change where no event of ours tells (allauth's list of sessions, the administration), so
their rows are watched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.sessions.models import Session
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone

from platform_core.accounts.models import User
from platform_core.organisations.public import Membership

from . import public, publishing  # noqa: F401  publishing registers itself with the activity stream

if TYPE_CHECKING:
    from collections.abc import Collection

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


@receiver(post_save, sender=Membership)
@receiver(post_delete, sender=Membership)
def membership_changed(instance: Membership, **_kwargs: Any) -> None:
    public.recheck(instance.person_id)
