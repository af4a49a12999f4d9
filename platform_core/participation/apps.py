from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ParticipationConfig(AppConfig):
    name = "platform_core.participation"
    label = "participation"
    verbose_name = _("participation")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from platform_core.search.public import held_by  # noqa: PLC0415  models exist only now

        from . import receivers, tasks  # noqa: F401, PLC0415  they register themselves
        from .queries import tokens_of_spaces  # noqa: PLC0415

        held_by(tokens_of_spaces)
