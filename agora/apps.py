from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgoraConfig(AppConfig):
    name = "agora"
    label = "agora"
    verbose_name = _("communities")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import projectors, receivers  # noqa: F401, PLC0415  they register themselves
        from .streams import declare  # noqa: PLC0415  models exist only now

        declare()
