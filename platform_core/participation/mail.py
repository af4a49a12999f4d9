"""The letters of this app: plain words, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

if TYPE_CHECKING:
    from platform_core.accounts.models import User


def send(*, letter: str, to: User, context: dict[str, Any], calendar: str = "") -> None:
    """Send `participation/mail/<letter>.txt`, whose first line is the subject, with a calendar file when there is one.
    Nothing to who has no account any more. Raises what the mailer raises.
    """
    if not to.is_active:
        return
    facts = {
        "person": to,
        "base_url": settings.WAGTAILADMIN_BASE_URL,
        "service_email": settings.SERVICE_EMAIL,
        "service_phone": settings.SERVICE_PHONE,
        "service_name": settings.WAGTAIL_SITE_NAME,
    }
    with translation.override(to.language):
        text = render_to_string(f"participation/mail/{letter}.txt", {**context, **facts})
        subject, _newline, body = text.strip().partition("\n")
        message = EmailMultiAlternatives(subject=subject.strip(), body=body.strip() + "\n", to=[to.email])
        if calendar:
            message.attach("trobada.ics", calendar, "text/calendar; charset=utf-8; method=PUBLISH")
        message.send()
