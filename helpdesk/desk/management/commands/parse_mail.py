"""What we read in a mail: `manage.py parse_mail --json < message.eml`. Stores nothing and needs no database."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from helpdesk.desk.mailparse import Unparseable, parse
from platform_core.base.console import console_language

if TYPE_CHECKING:
    from helpdesk.desk.mailparse import Address, ParsedMail

EX_DATAERR = 65
"""sysexits.h: the input was incorrect. Mail servers take it as final, and this command is not for them."""


class Command(BaseCommand):
    help = (
        "Reads one mail from the standard input and prints what the desk would read in it; stores nothing. "
        "Exits with 0, or with 65 and a message when the input is no mail."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object instead of a summary")

    def handle(self, *, json: bool, **options: Any) -> str:
        with translation.override(console_language()):
            try:
                mail = parse(sys.stdin.buffer.read())
            except Unparseable:
                raise CommandError(
                    _("The standard input is not a mail: it is empty or has no header."), returncode=EX_DATAERR
                ) from None
            return _as_json(mail) if json else _as_summary(mail)


def _as_json(mail: ParsedMail) -> str:
    readable = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    return json.dumps(mail.as_json(), ensure_ascii=not readable)


def _as_summary(mail: ParsedMail) -> str:
    facts = [
        (pgettext("mail", "From"), _shown(mail.from_)),
        (pgettext("mail", "To"), ", ".join(map(_shown, mail.to))),
        (pgettext("mail", "Cc"), ", ".join(map(_shown, mail.cc))),
        (pgettext("mail", "Subject"), mail.subject),
        (pgettext("mail", "Date"), mail.date.isoformat(" ", "seconds") if mail.date else ""),
        (pgettext("mail", "Message-ID"), mail.message_id),
        (pgettext("mail", "In reply to"), mail.in_reply_to),
        (pgettext("mail", "Sent by a machine"), mail.auto_submitted),
        *((pgettext("mail", "File"), f"{each.name} ({each.content_type}, {each.size} B)") for each in mail.attachments),
    ]
    head = "\n".join(f"{name}: {value}" for name, value in facts if value)
    parts = [head, mail.reply]
    if mail.quoted:
        parts += [f"── {pgettext('mail', 'Quoted')} ──", mail.quoted]
    return "\n\n".join(part for part in parts if part)


def _shown(address: Address) -> str:
    return f"{address.name} <{address.address}>".strip()
