from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "platform_core.base"
