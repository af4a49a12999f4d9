"""Letters: the same words as plain text and dressed, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise


def message(
    *, to: str, subject: str | Promise, template: str, context: Mapping[str, Any], language: str
) -> EmailMultiAlternatives:
    """A letter ready to send.

    `template` is a path without its ending: `<template>.txt` (extends mail/base.txt) must exist; `<template>.html`
    (extends mail/base.html) may, and without it the plain text is dressed. A lazy `subject` is translated too.
    """
    with translation.override(language):
        facts = {**context, **_facts(language), "subject": " ".join(str(subject).split())}
        text = render_to_string(f"{template}.txt", facts).strip() + "\n"
        html: str
        try:
            html = render_to_string(f"{template}.html", facts)
        except TemplateDoesNotExist:
            html = _dressed(text, facts)
    return _letter(to=to, subject=facts["subject"], text=text, html=html)


def titled_message(*, to: str, template: str, context: Mapping[str, Any], language: str) -> EmailMultiAlternatives:
    """The same of a `<template>.txt` that has the subject in its first line and is dressed."""
    with translation.override(language):
        facts = {**context, **_facts(language)}
        subject, _newline, text = render_to_string(f"{template}.txt", facts).strip().partition("\n")
        text = text.strip() + "\n"
        html = _dressed(text, {**facts, "subject": subject.strip()})
    return _letter(to=to, subject=subject.strip(), text=text, html=html)


def _facts(language: str) -> dict[str, Any]:
    """What every letter may say of the service."""
    return {
        "language": language,
        "base_url": settings.WAGTAILADMIN_BASE_URL,
        "service_name": settings.WAGTAIL_SITE_NAME,
        "service_email": settings.SERVICE_EMAIL,
        "service_phone": settings.SERVICE_PHONE,
    }


def _dressed(text: str, facts: Mapping[str, Any]) -> str:
    return render_to_string("mail/dressed.html", {**facts, "text": text})


def _letter(*, to: str, subject: str, text: str, html: str) -> EmailMultiAlternatives:
    letter = EmailMultiAlternatives(subject=subject, body=text, to=[to])
    letter.attach_alternative(html, "text/html")
    return letter
