"""`manage.py load_answers`: publish the answers that come with the product, without touching what is there."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from knowledge_base.content import ANSWERS, load_answers


class Command(BaseCommand):
    help = "Publishes the answers of a collection (knowledge_base/data/) that are not there yet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=ANSWERS)

    def handle(self, *, file: Path, **_options: Any) -> None:
        try:
            added = load_answers(file)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, ValidationError) as problem:
            raise CommandError(f"{file}: {problem!r}. Nothing was added.") from problem
        self.stdout.write(f"{added} answers added.")
