"""What a ticket is tied to: another ticket like it, the answer that was made of it, and what was prescribed in it."""

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


class Prescription(models.Model):
    """That the desk asked who asked to learn a course, or a lesson of it; `title` is in the words of that day. Training
    calls both by their names for ever, and `lesson_key` is None for the whole course."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="prescriptions", verbose_name=_("ticket"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("who is to learn it")
    )
    course_key = models.UUIDField(editable=False)
    lesson_key = models.UUIDField(null=True, blank=True, editable=False)
    title = models.CharField(_("lesson or course"), max_length=255)
    path = models.CharField(max_length=500, editable=False)
    prescribed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("who prescribed it")
    )
    prescribed_at = models.DateTimeField(_("when"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("prescribed lesson")
        verbose_name_plural = _("prescribed lessons")
        constraints = [
            # The same thing is open once in a ticket, however often the form is sent.
            models.UniqueConstraint(
                fields=["case", "course_key", "lesson_key"], condition=Q(done_at=None), name="desk_prescribed_once"
            ),
            models.UniqueConstraint(
                fields=["case", "course_key"], condition=Q(done_at=None, lesson_key=None), name="desk_course_once"
            ),
        ]
        indexes = [models.Index(fields=["person"], condition=Q(done_at=None), name="desk_to_learn")]

    def __str__(self) -> str:
        return f"S-{self.case_id}: {self.title}"
