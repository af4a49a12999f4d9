"""`manage.py search_rebuild`: tell the index everything anew, without a moment in which nothing is found."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from platform_core.search.domain import rebuild


class Command(BaseCommand):
    help = "Rebuilds the search index from the things themselves, in place."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--kind", action="append", default=[], help="only this kind; may be repeated")

    def handle(self, *, kind: list[str], **_options: Any) -> None:
        try:
            counts = rebuild(only=kind, told=self._tell)
        except LookupError as problem:
            raise CommandError(str(problem)) from problem
        for name, number in counts.items():
            self.stdout.write(f"{name}: {number}")

    def _tell(self, kind: str, done: int, of: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{kind}: {done} of {of}", ending="\n" if done == of else "")
