from django.apps import AppConfig


class OfficeHoursConfig(AppConfig):
    name = "platform_core.officehours"
