"""The library's worker would neither retry nor recover jobs, and ours would take its jobs for a dead worker's."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Replaced by `serve --only worker`."

    def handle(self, *_args: Any, **_options: Any) -> None:
        raise CommandError("Jobs are run by `manage.py serve --only worker`.")
