from __future__ import annotations

import json
import sys
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from helpdesk.desk.library import Queue
from helpdesk.desk.mail.intake import receive

EX_TEMPFAIL = 75
"""sysexits.h: the mail server keeps the mail and tries again."""

BLOCK = 1024 * 1024
"""Bytes read at a time beyond what is kept."""


class Command(BaseCommand):
    help = (
        "Take in one mail from standard input, as a mail server pipes it. Prints one line of JSON "
        '{"action", "ticket", "reason"} and ends with 0 when the mail is safely kept, with 75 when it could not be.'
    )
    # Nothing that a check finds is a reason to refuse a mail.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queue", default="", help="slug of the queue that the mail was sent to")

    def handle(self, *, queue: str, **_options: Any) -> None:
        try:
            raw, size = _read(sys.stdin.buffer)
            found = Queue.objects.get(slug=queue) if queue else None
            receipt = receive(raw, queue=found, size=size)
        except Exception as problem:
            # Whatever it was, the mail is not ours yet.
            words = f"The mail could not be kept, try again later: {type(problem).__name__}: {problem}"
            raise CommandError(words, returncode=EX_TEMPFAIL) from problem
        self.stdout.write(json.dumps(receipt.as_json(), ensure_ascii=False))


def _read(source: IO[bytes]) -> tuple[bytes, int]:
    """The mail, and its size; of what is too large only the beginning stays in memory."""
    raw = source.read(settings.MAIL_MAX_SIZE + 1)
    size = len(raw)
    while block := source.read(BLOCK):
        size += len(block)
    return raw, size
