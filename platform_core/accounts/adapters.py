"""What allauth asks the product: where to go, whose name, what to say when a Decidim host fails."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast

import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthError
from django.conf import settings
from django.contrib import messages
from django.template.loader import render_to_string
from django.urls import translate_url
from django.utils import translation
from django.utils.translation import gettext as _

from .decidim.errors import UnreadableAnswer

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin
    from django.core.mail import EmailMessage
    from django.http import HttpRequest

    from .models import User

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """A person who signs up speaks the language of the page they signed up on."""
        user.name = form.cleaned_data.get("name", "") or user.name
        user.language = _supported(translation.get_language())
        return super().save_user(request, user, form, commit=commit)

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """Nobody has a user name: the e-mail is the name."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        user = cast("User", request.user)
        return translate_url(super().get_login_redirect_url(request), user.language)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the reader's own language when we know who reads; otherwise in the language of the page."""
        user = context.get("user")
        if user is None:
            address = EmailAddress.objects.filter(email__iexact=email).select_related("user").first()
            user = address.user if address else None
        with translation.override(getattr(user, "language", None) or translation.get_language()):
            try:
                super().send_mail(template_prefix, email, {**context, "user": user, **_mail_context()})
            except OSError:  # smtplib's errors are OSErrors too
                # What the person did is done, and stays; the page says that the mail is missing, and the log why.
                logger.exception("The mail %s could not be sent", template_prefix)
                sorry = _("We could not send the mail right now. Ask for it again in a few minutes.")
                messages.error(self.request, sorry)

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMessage:
        """Multipart: the plain text of each mail, and the same text dressed as all our letters."""
        message = super().render_mail(template_prefix, email, context, headers)
        dressed = {**context, "subject": message.subject, "text": message.body}
        message.attach_alternative(render_to_string("mail/dressed.html", dressed), "text/html")
        return message


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        user.name = (data.get("name") or "")[:150]
        user.language = _supported(translation.get_language())
        return user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Tell the page why, so that it says what to do next (templates/socialaccount/authentication_error.html)."""
        if extra_context is None:
            return
        extra_context["provider_name"] = provider.name
        extra_context["reason"] = _reason(request, error, exception)


def _reason(request: HttpRequest, error: Any, exception: Exception | None) -> str:
    if isinstance(exception, (requests.exceptions.JSONDecodeError, UnreadableAnswer)):
        return "unreadable"
    if isinstance(exception, requests.exceptions.RequestException):
        return "away"
    if exception is not None:
        return "refused"
    if error == AuthError.CANCELLED:
        return "cancelled"
    # allauth names no error when the state does not match: it is the only case with a code and no exception.
    return "state" if "code" in request.GET else "refused"


def _supported(language: str | None) -> str:
    short = (language or settings.LANGUAGE_CODE)[:2]
    return short if short in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _mail_context() -> dict[str, str]:
    return {
        "service_name": settings.WAGTAIL_SITE_NAME,
        "service_email": settings.SERVICE_EMAIL,
        "service_phone": settings.SERVICE_PHONE,
    }
