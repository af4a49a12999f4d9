from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from platform_core.base.discovery import import_rooms


class BackgroundConfig(AppConfig):
    name = "platform_core.background"
    verbose_name = _("background work")

    def ready(self) -> None:
        from . import worker  # noqa: PLC0415  it needs the models, which are not there before

        # Scheduled jobs and retry policies are known only when every app's tasks have been read.
        import_rooms("tasks")
        worker.listen()
