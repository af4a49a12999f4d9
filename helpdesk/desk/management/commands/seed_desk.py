from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from helpdesk.desk.domain.policies import seed_policies
from platform_core.base.console import console_language
from platform_core.officehours.public import seed_calendars


class Command(BaseCommand):
    help = "Create the calendars and service levels that do not exist yet. What was edited stays as it is."

    def handle(self, **_options: Any) -> None:
        with translation.override(console_language()):
            seed_calendars()
            created = seed_policies()
            for policy in created:
                self.stdout.write(_("created %(what)s") % {"what": policy})
            if not created:
                self.stdout.write(_("All the service levels were there already."))
