"""Attempts at quizzes, and each answer of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .taking import Enrolment
from .versions import QuizVersion


class Attempt(models.Model):
    """One go at a quiz. `asked` says which questions were drawn, and in which order their options stand
    (`questions.draw`); `deadline` is None without a time limit.

    It is open until it is sent, and sent once. `ran_out`: its time was over before anything came.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="attempts")
    key = models.UUIDField(editable=False)
    quiz = models.ForeignKey(QuizVersion, models.PROTECT, related_name="+")
    asked = models.JSONField()
    started_at = models.DateTimeField(_("started"))
    deadline = models.DateTimeField(_("deadline"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    right = models.PositiveSmallIntegerField(_("right answers"), default=0)
    is_passed = models.BooleanField(_("passed"), default=False)
    ran_out = models.BooleanField(_("ran out of time"), default=False)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "key"], condition=Q(sent_at=None), name="training_one_open_attempt"
            ),
        ]
        indexes = [models.Index(fields=["key", "sent_at"], name="training_attempts_of_quiz")]

    def __str__(self) -> str:
        return f"{self.quiz} · {self.enrolment_id}"

    @property
    def out_of(self) -> int:
        return len(self.asked)

    @property
    def percent(self) -> int:
        """Of right answers, rounded down: nobody passes by rounding."""
        return 100 * self.right // self.out_of if self.asked else 0


class AttemptAnswer(models.Model):
    """What was answered to one question, and whether it was right. `given` is a `questions.Given`."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="answers")
    question = models.CharField(max_length=36)
    given = models.JSONField(null=True)
    is_right = models.BooleanField()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [models.UniqueConstraint(fields=["attempt", "question"], name="training_answered_once")]
        indexes = [models.Index(fields=["question", "is_right"], name="training_by_question")]

    def __str__(self) -> str:
        return f"{self.attempt_id} · {self.question}"
