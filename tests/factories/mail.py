"""Mail as people's programs write it."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from itertools import count
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_numbers = count(1)


def mail(
    *,
    sender: str = "ningu@fora.test",
    subject: str = "No podem entrar",
    text: str = "Bon dia,\n\nens diu que la contrasenya no val.",
    message_id: str | None = None,
    answers: Sequence[str] = (),
    files: Sequence[tuple[str, bytes, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """A mail to the desk. `message_id` is "" for none, None for a new one; `answers` are References, the last one
    In-Reply-To; `files` are (name, content, type).
    """
    letter = EmailMessage(policy=SMTP)
    letter["From"] = sender
    letter["To"] = "suport@desk.test"
    letter["Subject"] = subject
    letter["Date"] = format_datetime(timezone.now())
    if message_id != "":
        letter["Message-ID"] = message_id or f"<mail.{next(_numbers)}@fora.test>"
    if answers:
        letter["In-Reply-To"] = answers[-1]
        letter["References"] = " ".join(answers)
    for name, value in (headers or {}).items():
        letter[name] = value
    letter.set_content(text)
    for name, content, kind in files:
        main, _slash, sub = kind.partition("/")
        letter.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return letter.as_bytes()
