"""Django's makemigrations, which refuses to write into an installed package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import makemigrations
from django.db.migrations import Migration


class Command(makemigrations.Command):
    def write_migration_files(self, changes: dict[str, list[Migration]], *args: Any, **options: Any) -> None:
        """Raise CommandError, and write nothing, when a change belongs to a package that is not ours.

        django-helpdesk derives choices from settings, so a setting of ours can make it look changed
        (docs/decisions/0002-helpdesk-overlay.md).
        """
        foreign = [label for label in changes if not _is_ours(label)]
        if foreign:
            raise CommandError(
                f"Refused: {', '.join(sorted(foreign))} is an installed package; a migration written there is lost "
                "with the next upgrade. Keep the change in an app of ours."
            )
        super().write_migration_files(changes, *args, **options)


def _is_ours(label: str) -> bool:
    folder = Path(apps.get_app_config(label).path).resolve()
    return folder.is_relative_to(settings.ROOT) and "site-packages" not in folder.parts
