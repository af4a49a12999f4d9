"""Signing in with a Decidim host: OAuth 2 by Doorkeeper, not OpenID Connect.

One provider, several hosts: each entry of SOCIALACCOUNT_PROVIDERS["decidim"]["APPS"] is a host with its own
`provider_id`, `name`, client, and in `settings`: `url`, `scope` and `trust_email`.
See docs/decisions/0008-decidim-sign-in.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.internal.emailkit import valid_email_or_none
from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.base import ProviderAccount
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode

from .errors import UnreadableAnswer
from .views import DecidimAdapter

if TYPE_CHECKING:
    from django.http import HttpRequest


class DecidimAccount(ProviderAccount):
    def to_str(self) -> str:
        data = self.account.extra_data
        return str(data.get("name") or data.get("nickname") or self.account.uid)

    def get_avatar_url(self) -> str | None:
        return None  # another host's image would need another host in the CSP


class DecidimProvider(OAuth2Provider):
    id = "decidim"
    name = "Decidim"
    account_class = DecidimAccount
    oauth2_adapter_class = DecidimAdapter
    pkce_enabled_default = True  # Doorkeeper checks it where its PKCE columns exist, and ignores it where they do not

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = self.app.name

    @property
    def url(self) -> str:
        return str(self.app.settings["url"]).rstrip("/")

    def get_oauth2_adapter(self, request: HttpRequest) -> DecidimAdapter:
        return DecidimAdapter(request, self.app.provider_id)

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        url = reverse("decidim_login", kwargs={"provider_id": self.app.provider_id})
        return f"{url}?{urlencode(kwargs)}" if kwargs else url

    def get_callback_url(self) -> str:
        """One address for every language: Decidim accepts the addresses that its administration wrote down, whole."""
        with translation.override(settings.LANGUAGE_CODE):
            return reverse("decidim_callback", kwargs={"provider_id": self.app.provider_id})

    def get_default_scope(self) -> list[str]:
        return ["public"]  # up to Decidim 0.30; from 0.31 the settings say "profile user"

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        return self.get_scope()  # never wider than the settings, whatever the address says

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, Any]:
        return self.get_auth_params()

    def extract_uid(self, data: dict[str, Any]) -> str:
        uid = data.get("id")
        if not isinstance(uid, (int, str)) or not str(uid):
            raise UnreadableAnswer("no id in the profile")
        return str(uid)

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"email": _text(data, "email"), "name": _text(data, "name") or _text(data, "nickname")}

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Keep what the profile page shows, and nothing else: neither the image nor the e-mail."""
        return {"id": data["id"], "name": _text(data, "name"), "nickname": _text(data, "nickname")}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """The address counts as verified only where the settings trust the host: `/oauth/me` does not say."""
        email = valid_email_or_none(_text(data, "email"))
        if not email:
            return []
        return [EmailAddress(email=email.lower(), verified=bool(self.app.settings.get("trust_email")), primary=True)]

    def serialize(self) -> dict[str, Any]:
        """For the session of a half-done sign-up: the host's own name, since two hosts may have the same client id."""
        return {**super().serialize(), "id": self.app.provider_id}


def _text(data: dict[str, Any], key: str) -> str:
    value = data.get(key)
    return value.strip() if isinstance(value, str) else ""


provider_classes = [DecidimProvider]
