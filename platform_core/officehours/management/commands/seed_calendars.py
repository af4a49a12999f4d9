from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from platform_core.base.console import console_language
from platform_core.officehours.domain import seed_calendars


class Command(BaseCommand):
    help = "Create the calendars of the service that do not exist yet. What was edited stays as it is."

    def handle(self, **_options: Any) -> None:
        with translation.override(console_language()):
            created = seed_calendars()
            for calendar in created:
                self.stdout.write(_("created %(calendar)s") % {"calendar": calendar.slug})
            if not created:
                self.stdout.write(_("All the calendars were there already."))
