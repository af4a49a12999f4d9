"""What allauth changes by itself, told to the activity stream. Each receiver runs in the request that changed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from allauth.socialaccount import signals as social_signals
from django.db import transaction
from django.dispatch import receiver

from platform_core.activity.domain import record

from .events import (
    DecidimLinked,
    DecidimUnlinked,
    EmailChanged,
    EmailVerified,
    PasswordChanged,
    SecondFactorAdded,
    SecondFactorRemoved,
    SignedUp,
)
from .models import User

if TYPE_CHECKING:
    from allauth.account.models import EmailAddress

    from platform_core.activity.events import Event


def _tell(event: Event, user: User) -> None:
    with transaction.atomic():
        record(event, actor=user, subject=user)


@receiver(account_signals.user_signed_up)
def signed_up(user: User, sociallogin: Any = None, **_kwargs: Any) -> None:
    _tell(SignedUp(method=sociallogin.account.provider if sociallogin else "password"), user)


@receiver(account_signals.email_changed)
def email_changed(user: User, **_kwargs: Any) -> None:
    _tell(EmailChanged(), user)


@receiver(account_signals.email_confirmed)
def email_verified(email_address: EmailAddress, **_kwargs: Any) -> None:
    _tell(EmailVerified(), email_address.user)


@receiver(account_signals.password_changed)
@receiver(account_signals.password_reset)
@receiver(account_signals.password_set)
def password_changed(user: User, **_kwargs: Any) -> None:
    _tell(PasswordChanged(), user)


@receiver(mfa_signals.authenticator_added)
def second_factor_added(user: User, authenticator: Any, **_kwargs: Any) -> None:
    _tell(SecondFactorAdded(kind=str(authenticator.type)), user)


@receiver(mfa_signals.authenticator_removed)
def second_factor_removed(user: User, authenticator: Any, **_kwargs: Any) -> None:
    _tell(SecondFactorRemoved(kind=str(authenticator.type)), user)


@receiver(social_signals.social_account_added)
def decidim_linked(sociallogin: Any, **_kwargs: Any) -> None:
    _tell(DecidimLinked(host=sociallogin.account.provider), sociallogin.user)


@receiver(social_signals.social_account_removed)
def decidim_unlinked(socialaccount: Any, **_kwargs: Any) -> None:
    _tell(DecidimUnlinked(host=socialaccount.provider), socialaccount.user)
