"""Django's flush, which empties every table, the append-only log too."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import flush
from django.db import connections

from platform_core.activity import triggers


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        """Lift the triggers for the time of the flush, where it deletes row by row; PostgreSQL truncates instead."""
        connection = connections[options["database"]]
        by_row = connection.vendor == "sqlite"
        if by_row:
            triggers.remove(connection)
        try:
            super().handle(**options)
        finally:
            if by_row:
                triggers.install(connection)
