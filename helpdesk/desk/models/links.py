"""What a ticket is tied to: another ticket like it, and the answer that was made of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .case import Case


class CaseLink(models.Model):
    """Two tickets that somebody of the desk put together. The older one is `first`, so that a pair is there once."""

    first = models.ForeignKey(Case, models.CASCADE, related_name="+", verbose_name=_("ticket"))
    second = models.ForeignKey(Case, models.CASCADE, related_name="+", verbose_name=_("ticket"))
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("who linked them")
    )
    linked_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("linked tickets")
        verbose_name_plural = _("linked tickets")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="desk_linked_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="desk_link_older_first"),
        ]

    def __str__(self) -> str:
        return f"S-{self.first_id} S-{self.second_id}"


class MadeAnswer(models.Model):
    """The answer of the knowledge base that came from a ticket, and who made it. One a ticket."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="made_answer", verbose_name=_("ticket"))
    question = models.ForeignKey(
        "knowledge_base.QuestionPage", models.CASCADE, related_name="+", verbose_name=_("question")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("who made it")
    )
    made_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("answer made of a ticket")
        verbose_name_plural = _("answers made of tickets")

    def __str__(self) -> str:
        return f"S-{self.case_id}: {self.question_id}"
