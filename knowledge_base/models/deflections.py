"""How often an answer spared somebody a ticket. Only counts: nothing of who read it nor of what they were writing."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Deflection(models.Model):
    """One answer, in one language, on one day: how far those came who were writing a ticket and were offered it.

    `kind` and `object_id` name the answer as the search does, because not only questions are offered.
    """

    kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    language = models.CharField(_("language of the reader"), max_length=8)
    day = models.DateField(_("day"))
    shown = models.PositiveIntegerField(_("shown"), default=0)
    opened = models.PositiveIntegerField(_("opened"), default=0)
    solved = models.PositiveIntegerField(_("it solved it"), default=0)
    asked_anyway = models.PositiveIntegerField(_("opened, and a ticket was filed all the same"), default=0)

    class Meta:
        verbose_name = _("spared tickets")
        verbose_name_plural = _("spared tickets")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "language", "day"], name="knowledge_base_one_a_day_and_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} {self.day}"
