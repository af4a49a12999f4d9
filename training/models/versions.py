"""What a course was when somebody began it. Written once and never changed (docs/decisions/0022)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField

from ..blocks import LessonBlock
from ..outline import Outline
from ..question_blocks import QuestionsBlock


class CourseVersion(models.Model):
    """`stamp` says which published pages it was made of, so that the same ones are not kept twice."""

    course_key = models.UUIDField(editable=False)
    number = models.PositiveIntegerField(_("version"))
    stamp = models.CharField(max_length=64, editable=False)
    outline_data = models.JSONField(editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("version of a course")
        verbose_name_plural = _("versions of courses")
        ordering = ["course_key", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["course_key", "number"], name="training_a_version_number_once"),
            models.UniqueConstraint(fields=["course_key", "stamp"], name="training_a_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.outline.title()} ({self.number})"

    @property
    def outline(self) -> Outline:
        if "_outline" not in self.__dict__:
            self.__dict__["_outline"] = Outline.from_json(self.outline_data)
        found: Outline = self.__dict__["_outline"]
        return found


class LessonVersion(models.Model):
    """A lesson as it was in one language. `digest` is of its words: versions that share them share the row."""

    key = models.UUIDField(editable=False)
    language = models.CharField(max_length=5, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    title = models.CharField(max_length=255, editable=False)
    objective = models.CharField(max_length=250, blank=True, editable=False)
    minutes = models.PositiveSmallIntegerField(editable=False)
    # A stream and not plain JSON: Wagtail then knows which pictures and files it uses.
    body = StreamField(LessonBlock(), editable=False)

    class Meta:
        verbose_name = _("version of a lesson")
        verbose_name_plural = _("versions of lessons")
        constraints = [
            models.UniqueConstraint(fields=["key", "language", "digest"], name="training_a_lesson_version_once")
        ]

    def __str__(self) -> str:
        return self.title


class QuizVersion(models.Model):
    """A quiz as it was in one language; its fields are those of `QuizPage`."""

    key = models.UUIDField(editable=False)
    language = models.CharField(max_length=5, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    title = models.CharField(max_length=255, editable=False)
    introduction = models.TextField(blank=True, editable=False)
    minutes = models.PositiveSmallIntegerField(editable=False)
    questions = StreamField(QuestionsBlock(), editable=False)
    draw = models.PositiveSmallIntegerField(editable=False)
    pass_mark = models.PositiveSmallIntegerField(editable=False)
    attempts = models.PositiveSmallIntegerField(editable=False)
    time_limit = models.PositiveSmallIntegerField(editable=False)

    class Meta:
        verbose_name = _("version of a quiz")
        verbose_name_plural = _("versions of quizzes")
        constraints = [
            models.UniqueConstraint(fields=["key", "language", "digest"], name="training_a_quiz_version_once")
        ]

    def __str__(self) -> str:
        return self.title
