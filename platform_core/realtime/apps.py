from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "platform_core.realtime"
