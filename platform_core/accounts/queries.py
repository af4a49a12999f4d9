"""What is known of people. Reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator

from .models import Acceptance, CodeOfEthics

if TYPE_CHECKING:
    from datetime import datetime

    from .models import User

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def current_code() -> CodeOfEthics | None:
    """The code of ethics in force, or None before the first one is published."""
    return CodeOfEthics.objects.order_by("-version").first()


def accepted_at(user: User, code: CodeOfEthics) -> datetime | None:
    """When the person accepted that version, if they did."""
    return Acceptance.objects.filter(user=user, code=code).values_list("at", flat=True).first()


def has_second_factor(user: User) -> bool:
    """Whether the person signs in with an app or a key besides the password. Recovery codes alone do not count."""
    return bool(Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exists())


def own_stream(person_id: int) -> str:
    """The stream of what happens to a person, wherever."""
    return f"user:{person_id}"
