"""What those who take a course say of its lessons."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy


class Clarity(models.TextChoices):
    CLEAR = "clear", pgettext_lazy("lesson", "It was clear")
    PARTLY = "partly", pgettext_lazy("lesson", "Partly")
    UNCLEAR = "unclear", pgettext_lazy("lesson", "It was not clear")


class LessonFeedback(models.Model):
    """Whether a lesson was clear to one person: the last word counts. `key` is the lesson's name for ever, as in
    `Progress`; editors are never shown who said it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    course_key = models.UUIDField(editable=False)
    key = models.UUIDField(editable=False)
    clarity = models.CharField(pgettext_lazy("lesson", "was it clear?"), max_length=8, choices=Clarity.choices)
    comment = models.TextField(pgettext_lazy("lesson", "comment"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = pgettext_lazy("lesson", "feedback")
        verbose_name_plural = pgettext_lazy("lesson", "feedback")
        ordering = ["-changed_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="training_feedback_once"),
            models.CheckConstraint(condition=Q(clarity__in=Clarity.values), name="training_feedback_clarity"),
        ]
        indexes = [models.Index(fields=["course_key", "-changed_at", "-id"], name="training_feedback_latest")]

    def __str__(self) -> str:
        return f"{self.key} ({self.clarity})"
