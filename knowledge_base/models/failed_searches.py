"""What people searched for and did not find. Only the words, how often and when last: never who."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_TEXT = 100


class FailedSearch(models.Model):
    text = models.CharField(_("words"), max_length=LONGEST_TEXT)
    language = models.CharField(_("language of the reader"), max_length=8)
    times = models.PositiveIntegerField(_("times"), default=1)
    last_at = models.DateTimeField(_("last time"))

    class Meta:
        verbose_name = _("search that found nothing")
        verbose_name_plural = _("searches that found nothing")
        constraints = [
            models.UniqueConstraint(fields=["text", "language"], name="knowledge_base_one_failed_search"),
        ]
        indexes = [models.Index(fields=["-times", "-last_at"], name="knowledge_base_failed_often")]

    def __str__(self) -> str:
        return self.text
