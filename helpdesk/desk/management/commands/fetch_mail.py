from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from helpdesk.desk.mail import imap


class Command(BaseCommand):
    help = "Fetch every mailbox once, as the scheduler does each minute. Ends with 1 when one of them failed."

    def handle(self, **_options: Any) -> None:
        results = imap.fetch_all()
        for result in results:
            self.stdout.write(f"{result.queue}: {result.kept}")
            for error in result.errors:
                self.stderr.write(f"{result.queue}: {error}")
        if any(result.errors for result in results):
            raise CommandError("A mailbox could not be read to its end; what is left waits there.")
