from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class CompositionConfig(AppConfig):
    """The composition root is an app only for its commands (`serve`, `demo_world`) and its few pages of its own."""

    name = "platform_core.config"
    label = "composition"

    def ready(self) -> None:
        from . import streams  # noqa: PLC0415  apps must be loaded
        from .navigation import register_all  # noqa: PLC0415  translations need the apps

        register_all()
        streams.declare()


class StaticConfig(StaticFilesConfig):
    """We mount none of django-helpdesk's pages, so its 98 MB of scripts are not collected either."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "helpdesk"]
