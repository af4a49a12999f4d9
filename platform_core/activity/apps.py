from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from platform_core.base.discovery import import_rooms

from .events import missing_upcasters
from .triggers import install


class ActivityConfig(AppConfig):
    name = "platform_core.activity"
    verbose_name = _("activity")

    def ready(self) -> None:
        # The register is closed only when every app's declarations have been read.
        import_rooms("events")
        import_rooms("receivers")
        post_migrate.connect(lay_triggers, sender=self)
        register(check_upcasters)


def lay_triggers(*, using: str, **_kwargs: Any) -> None:
    connection = connections[using]
    if "activity_activity" in connection.introspection.table_names():
        install(connection)


def check_upcasters(**_kwargs: Any) -> list[CheckMessage]:
    """A version without a way from the one before it would make old rows unreadable."""
    return [Error(f"No upcaster for the event {step}.", id="activity.E001") for step in missing_upcasters()]
