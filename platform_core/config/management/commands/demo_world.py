from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from platform_core.config.demo.people import PASSWORD, PEOPLE
from platform_core.config.demo.world import build


class Command(BaseCommand):
    help = "Fill the database with a fictional world to try the product in. Running it again adds what is missing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes-fictional-data", action="store_true", help="do it in production, too")

    def handle(self, *, yes_fictional_data: bool, **_options: Any) -> None:
        if not (yes_fictional_data or getattr(settings, "DEMO_WORLD_ALLOWED", False)):
            raise CommandError(
                "These settings are not for demonstrations: the accounts of the demo world have a public password. "
                "If this is what you want, say --yes-fictional-data."
            )
        build()
        width = max(len(person.email) for person in PEOPLE)
        self.stdout.write(f"Demo accounts (fictional), password {PASSWORD}:")
        for person in PEOPLE:
            place = f", {person.seat[0]}" if person.seat else ""
            self.stdout.write(f"  {person.email:{width}}  {person.name} ({person.what}{place})")
