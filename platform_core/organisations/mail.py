"""The letters of this app, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from platform_core.base.mail import titled_message

from .models import MembershipRole


def send(*, letter: str, to: str, language: str, context: dict[str, Any]) -> None:
    """Send `organisations/mail/<letter>.txt`, whose first line is the subject. Raises what the mailer raises."""
    if role := context.get("role"):
        with translation.override(language):
            context = {**context, "role": str(MembershipRole(role).label)}
    titled_message(to=to, template=f"organisations/mail/{letter}", context=context, language=language).send()
