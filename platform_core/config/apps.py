from django.apps import AppConfig


class CompositionConfig(AppConfig):
    """The composition root is an app only for its commands (`serve`, `demo_world`) and its few pages of its own."""

    name = "platform_core.config"
    label = "composition"

    def ready(self) -> None:
        from .navigation import register_all  # noqa: PLC0415  translations need the apps

        register_all()
