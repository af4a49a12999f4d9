"""Importing a room of every app of ours, so that what is declared there is known."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.utils.module_loading import module_has_submodule


def import_rooms(room: str) -> None:
    """Import `<app>.<room>` of each app of ours that has it; for `AppConfig.ready`.

    Installed packages are left alone: theirs may have the name and another meaning (django-helpdesk's `tasks` needs
    Celery). An error in the module itself is raised.
    """
    for app in apps.get_app_configs():
        if "site-packages" not in Path(app.path).parts and app.module and module_has_submodule(app.module, room):
            import_module(f"{app.name}.{room}")
