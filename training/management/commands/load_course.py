"""`manage.py load_course`: publish the course that comes with the product, without touching what is there."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from training.content import COURSE, load_course


class Command(BaseCommand):
    help = "Publishes the initial course (training/data/) where it is not there yet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=COURSE)

    def handle(self, *, file: Path, **_options: Any) -> None:
        try:
            course = load_course(file)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, ValidationError) as problem:
            raise CommandError(f"{file}: {problem!r}. Nothing was added.") from problem
        self.stdout.write(f"«{course.title}» is there.")
