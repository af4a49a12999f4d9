"""What happens to people, as the activity stream tells it. No event carries an e-mail, a phone or a secret."""

from __future__ import annotations

from dataclasses import dataclass

from platform_core.activity.events import Event, event_type


@event_type("accounts.signed_up", version=1)
@dataclass(frozen=True, kw_only=True)
class SignedUp(Event):
    """`method` is "password" or the Decidim host that the person came from."""

    method: str


@event_type("accounts.profile_changed", version=1)
@dataclass(frozen=True, kw_only=True)
class ProfileChanged(Event):
    """`fields` names what changed, not the values: they are personal data."""

    fields: list[str]


@event_type("accounts.email_changed", version=1)
@dataclass(frozen=True, kw_only=True)
class EmailChanged(Event):
    pass


@event_type("accounts.email_verified", version=1)
@dataclass(frozen=True, kw_only=True)
class EmailVerified(Event):
    """The person has proved that an address is theirs."""


@event_type("accounts.password_changed", version=1)
@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Event):
    pass


@event_type("accounts.second_factor_added", version=1)
@dataclass(frozen=True, kw_only=True)
class SecondFactorAdded(Event):
    """`kind` is "totp", "webauthn" or "recovery_codes"."""

    kind: str


@event_type("accounts.second_factor_removed", version=1)
@dataclass(frozen=True, kw_only=True)
class SecondFactorRemoved(Event):
    kind: str


@event_type("accounts.decidim_linked", version=1)
@dataclass(frozen=True, kw_only=True)
class DecidimLinked(Event):
    """`host` is the name of the Decidim host in the settings."""

    host: str


@event_type("accounts.decidim_unlinked", version=1)
@dataclass(frozen=True, kw_only=True)
class DecidimUnlinked(Event):
    host: str


@event_type("accounts.role_granted", version=1)
@dataclass(frozen=True, kw_only=True)
class RoleGranted(Event):
    role: str


@event_type("accounts.role_revoked", version=1)
@dataclass(frozen=True, kw_only=True)
class RoleRevoked(Event):
    role: str


@event_type("accounts.code_published", version=1)
@dataclass(frozen=True, kw_only=True)
class CodePublished(Event):
    code_version: int


@event_type("accounts.code_accepted", version=1)
@dataclass(frozen=True, kw_only=True)
class CodeAccepted(Event):
    code_version: int
