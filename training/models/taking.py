"""Who takes a course, and how far they are."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from platform_core.organisations.public import Organisation

from .versions import CourseVersion


class Via(models.TextChoices):
    """How somebody came to take a course."""

    SELF = "self", _("by themselves")
    AGENT = "agent", _("by the service")
    REFERENT = "referent", _("by a referent")
    RULE = "rule", _("as a new referent")
    FILE = "file", _("from a list")


class Cohort(models.Model):
    """People who take a course at the same time."""

    name = models.CharField(_("name"), max_length=120)
    course_key = models.UUIDField(editable=False)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["-starts_on", "name"]
        constraints = [
            models.UniqueConstraint(fields=["course_key", "name"], name="training_a_cohort_name_once"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")), name="training_cohort_days"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def current(self) -> Self:
        return self.filter(left_at=None)


class Enrolment(models.Model):
    """That a person takes a course, in the version that they began. One row for ever: who leaves and comes back goes on
    where they were.

    `began_at` is when this round of it began: after a certificate expires the quizzes are passed anew, and only what
    was passed since counts. `extra_time` is added to the time limits of quizzes, in percent.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrolments", verbose_name=_("person")
    )
    course_key = models.UUIDField(editable=False)
    version = models.ForeignKey(CourseVersion, models.PROTECT, related_name="enrolments", verbose_name=_("version"))
    via = models.CharField(_("how"), max_length=10, choices=Via.choices, default=Via.SELF)
    enrolled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    cohort = models.ForeignKey(
        Cohort, models.SET_NULL, null=True, blank=True, related_name="enrolments", verbose_name=_("group")
    )
    created_at = models.DateTimeField(_("enrolled"), default=timezone.now)
    began_at = models.DateTimeField(_("this round began"), default=timezone.now)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    extra_time = models.PositiveSmallIntegerField(_("extra time"), default=0, help_text=_("Percent."))

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["person", "course_key"], name="training_enrolled_once")]
        indexes = [
            models.Index(fields=["course_key", "left_at"], name="training_of_course"),
            models.Index(fields=["cohort", "left_at"], name="training_of_cohort"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.version}"

    @property
    def is_current(self) -> bool:
        return self.left_at is None


class Progress(models.Model):
    """That somebody has seen, and perhaps done, a lesson or quiz: `key` is its name for ever, so that no edit of the
    course loses it."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="progress")
    key = models.UUIDField()
    seen_at = models.DateTimeField(_("seen"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("progress")
        verbose_name_plural = _("progress")
        constraints = [models.UniqueConstraint(fields=["enrolment", "key"], name="training_progress_once")]

    def __str__(self) -> str:
        return f"{self.enrolment_id} · {self.key}"
