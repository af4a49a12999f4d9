"""How people sign in. `base` imports it whole; the reasons are in docs/decisions/0008-decidim-sign-in.md and beside."""

import json
import os
from typing import Any

from django.core.exceptions import ImproperlyConfigured

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "platform_core.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "platform_core.accounts.forms.LoginForm",
    "signup": "platform_core.accounts.forms.SignupForm",
    "add_email": "platform_core.accounts.forms.ChangeEmailForm",
    "change_password": "platform_core.accounts.forms.ChangePasswordForm",
    "set_password": "platform_core.accounts.forms.SetPasswordForm",
    "reset_password": "platform_core.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "platform_core.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "platform_core.accounts.forms.ReauthenticateForm",
    "confirm_email_verification_code": "platform_core.accounts.forms.VerificationCodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_CHANGE_EMAIL = True
# A code, not a link: it works when the mail opens on another device, and lets people with a second factor change
# their address.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# Changing the address at that step works only for real sign-ups, so it would tell who has an account already.
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Every page and mail answers the same whether an address has an account or not.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = None
# Attempts are counted in the cache: in this process when embedded, in Redis in production.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "signup": "10/m/ip",
    "reset_password": "10/m/ip,3/m/key",
    "reauthenticate": "10/m/user",
    "rate_answer": "60/h/ip",  # «has it helped?» of who is not signed in; a whole town hall may share an address
    "rate_lesson": "60/h/user",  # whether a lesson was clear, of who takes it
}

SOCIALACCOUNT_ADAPTER = "platform_core.accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_FORMS = {"signup": "platform_core.accounts.forms.DecidimSignupForm"}
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False  # what /oauth/me answers at sign-in is all we need of the token
SOCIALACCOUNT_REQUESTS_TIMEOUT = 8  # seconds
# An address that a Decidim host vouches for never opens an account that already exists.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False

# [{"id": "exemple", "name": "Decidim Exemple", "url": "https://…", "client_id": "…", "secret": "…",
#   "scope": "public", "trust_email": false}, …]; see docs/decisions/0008-decidim-sign-in.md


def _decidim_hosts() -> list[dict[str, Any]]:
    """The hosts of DECIDIM_HOSTS as allauth's apps. Raises ImproperlyConfigured naming what is wrong."""
    try:
        hosts = json.loads(os.environ.get("DECIDIM_HOSTS") or "[]")
        return [_decidim_app(host) for host in hosts]
    except (ValueError, TypeError, AttributeError) as problem:
        raise ImproperlyConfigured(f"DECIDIM_HOSTS is not a JSON list of objects: {problem}") from problem


def _decidim_app(host: dict[str, Any]) -> dict[str, Any]:
    if missing := [key for key in ("id", "name", "url", "client_id", "secret") if not host.get(key)]:
        raise ImproperlyConfigured(f"DECIDIM_HOSTS: {host.get('name') or 'a host'} has no {', '.join(missing)}.")
    return {
        "provider_id": host["id"],
        "name": host["name"],
        "client_id": host["client_id"],
        "secret": host["secret"],
        "settings": {
            "url": host["url"].rstrip("/"),
            "scope": host.get("scope", "public").split(),
            "trust_email": host.get("trust_email") is True,
        },
    }


SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {"decidim": {"OAUTH_PKCE_ENABLED": True, "APPS": _decidim_hosts()}}

MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = "Àgora Participa311"
MFA_TOTP_TOLERANCE = 1  # one step of 30 seconds: phones whose clock is a little off
MFA_FORMS = {
    "authenticate": "platform_core.accounts.forms.SecondFactorForm",
    "reauthenticate": "platform_core.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "platform_core.accounts.forms.SetUpAppForm",
    "add_webauthn": "platform_core.accounts.forms.AddKeyForm",
    "edit_webauthn": "platform_core.accounts.forms.RenameKeyForm",
}
# True in production: ENS (RD 311/2022) asks for it. See accounts/middleware.py.
STAFF_SECOND_FACTOR_REQUIRED = False

USERSESSIONS_TRACK_ACTIVITY = False  # it would write to the database with every request

# What a signed-in person may always open, without the language prefix: to read before accepting the code of ethics,
# to set the second factor up, and to leave.
ALWAYS_OPEN_PATHS = (
    r"^/compte/",
    r"^/codi-etic/",
    r"^/idioma/",
    r"^/i18n/",
    r"^/healthz$",
    r"^/readyz$",
    r"^/static/",
    r"^/accessibilitat/",
    r"^/(robots|favicon|manifest)",
)
# What anybody may read, signed in or not: a new code of ethics does not get in the way of reading it.
PUBLIC_PATHS = (r"^/$", r"^/faq/", r"^/novetats/", r"^/estat/", r"^/cerca/")
