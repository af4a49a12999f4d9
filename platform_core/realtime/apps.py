from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "platform_core.realtime"

    def ready(self) -> None:
        from . import streams  # noqa: PLC0415  apps must be loaded

        streams.register("user", may_subscribe=streams.is_own, present=streams.what_and_about)
