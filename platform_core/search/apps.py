from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from platform_core.base.discovery import import_rooms


class SearchConfig(AppConfig):
    name = "platform_core.search"
    verbose_name = _("search")

    def ready(self) -> None:
        # Each app says in its `projectors` what of it can be found.
        import_rooms("projectors")
