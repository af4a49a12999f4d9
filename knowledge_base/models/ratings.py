"""What people said of each answer."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .questions import QuestionPage


class Rating(models.Model):
    """What one person, or one browser that nobody is signed in with, said of an answer: the last word counts."""

    question = models.ForeignKey(QuestionPage, models.CASCADE, related_name="ratings", verbose_name=_("question"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    browser = models.CharField(max_length=36, blank=True, editable=False)
    helped = models.BooleanField(_("it helped"))
    comment = models.TextField(_("comment"), blank=True)
    created_at = models.DateTimeField(_("first said"), auto_now_add=True)
    changed_at = models.DateTimeField(_("last said"), auto_now=True)

    class Meta:
        verbose_name = _("has it helped?")
        verbose_name_plural = _("has it helped?")
        ordering = ["-changed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "person"], condition=Q(person__isnull=False), name="knowledge_base_one_a_person"
            ),
            models.UniqueConstraint(
                fields=["question", "browser"], condition=~Q(browser=""), name="knowledge_base_one_a_browser"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} ({'+' if self.helped else '−'})"
