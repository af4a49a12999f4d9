from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgoraConfig(AppConfig):
    name = "agora"
    label = "agora"
    verbose_name = _("communities")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from knowledge_base.public import offer  # noqa: PLC0415  models exist only now

        from . import projectors, receivers  # noqa: F401, PLC0415  they register themselves
        from .panels import declare as declare_panels  # noqa: PLC0415
        from .streams import declare  # noqa: PLC0415

        declare()
        declare_panels()
        offer(projectors.ANSWERED, are_pages=False)
