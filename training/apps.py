from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = _("training")

    def ready(self) -> None:
        from knowledge_base.public import offer, opens_files  # noqa: PLC0415  models exist only now

        from .permissions import opens_for_lessons  # noqa: PLC0415
        from .projectors import LESSON  # noqa: PLC0415

        offer(LESSON)
        opens_files(opens_for_lessons)
