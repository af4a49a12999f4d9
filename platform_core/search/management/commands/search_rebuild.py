"""`manage.py search_rebuild`: tell the index everything anew, without a moment in which nothing is found."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from platform_core.search.domain import rebuild
from platform_core.search.engines import Away, is_remote


class Command(BaseCommand):
    help = "Rebuilds the search from the things themselves, and Elasticsearch's index where there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--kind", action="append", default=[], help="only this kind; may be repeated")
        parser.add_argument("--index-only", action="store_true", help="only Elasticsearch's index, from what is known")

    def handle(self, *, kind: list[str], index_only: bool, **_options: Any) -> None:
        if index_only and (kind or not is_remote()):
            raise CommandError("--index-only is for all kinds, and where SEARCH_ES_URL is set.")
        if not index_only:
            self._rebuild(kind)
        # What changed of a few kinds Elasticsearch is told as of any other change.
        if is_remote() and not kind:
            self._reindex()

    def _rebuild(self, only: list[str]) -> None:
        try:
            counts = rebuild(only=only, told=self._tell)
        except LookupError as problem:
            raise CommandError(str(problem)) from problem
        for name, number in counts.items():
            self.stdout.write(f"{name}: {number}")

    def _reindex(self) -> None:
        from platform_core.search.engines.elastic.building import build  # noqa: PLC0415  only where it is used

        try:
            number = build(told=lambda done, of: self._tell("Elasticsearch", done, of))
        except Away as problem:
            raise CommandError(f"Elasticsearch has no new index, its old one is read as before: {problem}") from problem
        self.stdout.write(f"Elasticsearch: {number}")

    def _tell(self, kind: str, done: int, of: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{kind}: {done} of {of}", ending="\n" if done == of else "")
