"""Two app configs: ours, and the library's with its folder pinned."""

from pathlib import Path

import helpdesk.apps as library
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "helpdesk.desk"
    label = "desk"
    verbose_name = _("desk")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from platform_core.organisations.handover import register  # noqa: PLC0415  models exist only now

        from . import reports  # noqa: PLC0415
        from .domain import people  # noqa: PLC0415
        from .streams import declare  # noqa: PLC0415

        declare()
        reports.declare()
        register(people.TICKETS)
        register(people.COPIES)


class UpstreamHelpdeskConfig(library.HelpdeskConfig):
    """The library, whose package has two folders here: Django must be told which one is the app's."""

    path = str(Path(library.__file__).resolve().parent)
