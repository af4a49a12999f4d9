"""The letters of this app: plain words, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from .models import MembershipRole


def send(*, letter: str, to: str, language: str, context: dict[str, Any]) -> None:
    """Send `organisations/mail/<letter>.txt`, whose first line is the subject. Raises what the mailer raises."""
    facts = {
        "base_url": settings.WAGTAILADMIN_BASE_URL,
        "service_email": settings.SERVICE_EMAIL,
        "service_phone": settings.SERVICE_PHONE,
        "service_name": settings.WAGTAIL_SITE_NAME,
    }
    with translation.override(language):
        if role := context.get("role"):
            context = {**context, "role": MembershipRole(role).label}
        text = render_to_string(f"organisations/mail/{letter}.txt", {**context, **facts})
        subject, _newline, body = text.strip().partition("\n")
        EmailMultiAlternatives(subject=subject.strip(), body=body.strip() + "\n", to=[to]).send()
