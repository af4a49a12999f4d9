"""`make run`: bring the embedded product up to date, show how to enter, and serve it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation
from django.utils.translation import gettext as _

from platform_core.base.console import console_language
from platform_core.config.apps import StaticConfig
from platform_core.config.datalock import DataLock
from platform_core.config.management.commands.serve import port_number


class Command(BaseCommand):
    help = "Migrate the embedded database, load the demo world, and serve: what `make run` does."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", default="8000")

    def handle(self, *, host: str, port: str | int, **_options: Any) -> None:
        with translation.override(console_language()):
            if connection.vendor != "sqlite":
                raise CommandError(_("`start` is for the embedded product; in production run migrate and serve."))
            number = port_number(str(port))
            lock = DataLock(settings.DATA)  # two of us must not migrate the same folder
            try:
                self._prepare()
            except (DatabaseError, OSError) as problem:
                raise CommandError(
                    _("The folder %(folder)s cannot be used: %(problem)s. Choose another: DATA=folder make run")
                    % {"folder": settings.DATA, "problem": " ".join(str(problem).split())}
                ) from problem
            lock.release()  # `serve` takes it for itself
            self.stdout.write(
                _("Mail is not sent: it is written to %(folder)s.") % {"folder": settings.EMAIL_FILE_PATH}
            )
        call_command("serve", host=host, port=number)

    def _prepare(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write(_("Preparing the database…"))
            call_command("migrate", verbosity=0, interactive=False)
        self._collect_static()
        call_command("demo_world")

    def _collect_static(self) -> None:
        """Collect only when a file has changed since the last time: it takes seconds."""
        stamp = Path(settings.STATIC_ROOT) / ".collected"
        current = _static_fingerprint()
        if not stamp.exists() or stamp.read_text() != current:
            self.stdout.write(_("Preparing style sheets and scripts…"))
            call_command("collectstatic", interactive=False, verbosity=0, clear=True)
            stamp.write_text(current)


def _static_fingerprint() -> str:
    """Changes whenever a static file is added, removed or written."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(StaticConfig.ignore_patterns):
            digest.update(f"{name}:{Path(storage.path(name)).stat().st_mtime_ns}\n".encode())
    return digest.hexdigest()
