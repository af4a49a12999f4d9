from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from platform_core.organisations.importing import BadFileError, import_municipalities


class Command(BaseCommand):
    help = "Import municipalities from a CSV file: creates the new ones, corrects the others, touches nothing else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="columns: codi_ine5,codi_ine6,nom,nom_index,codi_comarca,comarca")
        parser.add_argument("--dry-run", action="store_true", help="check and count, write nothing")

    def handle(self, *, file: Path, dry_run: bool, **_options: Any) -> None:
        try:
            outcome = import_municipalities(file, dry_run=dry_run)
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be read: %(reason)s.") % {"file": file, "reason": error.strerror or error}
            ) from None
        except BadFileError as bad:
            for problem in bad.problems:
                self.stderr.write(f"{file}:{problem.line}: {problem.reason}")
            raise CommandError(
                _("Nothing was imported: %(count)s problems to correct.") % {"count": len(bad.problems)}
            ) from None
        numbers = {"created": outcome.created, "updated": outcome.updated, "unchanged": outcome.unchanged}
        self.stdout.write(_("created %(created)s · updated %(updated)s · unchanged %(unchanged)s") % numbers)
        if dry_run:
            self.stdout.write(_("This was a rehearsal: nothing was written."))
