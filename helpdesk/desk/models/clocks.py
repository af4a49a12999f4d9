"""The promises of a case: what was promised, and the moments that follow from it."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from platform_core.officehours.models import Calendar

from .case import Case, Kind, Priority

A_MINUTE = timedelta(minutes=1)


class Policy(models.Model):
    """What the desk promises for one kind and priority, in open time of a calendar."""

    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices)
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+", verbose_name=_("calendar"))
    response = models.DurationField(
        _("first answer"), validators=[MinValueValidator(A_MINUTE)], help_text=_("Open time: 02:00:00 is two hours.")
    )
    resolution = models.DurationField(
        _("resolution"), validators=[MinValueValidator(A_MINUTE)], help_text=_("Open time, from the beginning.")
    )
    update_every = models.DurationField(
        _("news every"), null=True, blank=True, validators=[MinValueValidator(A_MINUTE)],
        help_text=_("Open time since our last answer; empty when we promise none."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("service level")
        verbose_name_plural = _("service levels")
        ordering = ["kind", "priority"]
        constraints = [models.UniqueConstraint(fields=["kind", "priority"], name="desk_policy_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.get_priority_display()}"

    def clean(self) -> None:
        if self.response and self.resolution and self.response > self.resolution:
            raise ValidationError({"response": _("The first answer cannot be promised later than the resolution.")})


class Clocked(models.TextChoices):
    """What is promised."""

    RESPONSE = "response", _("First answer")
    RESOLUTION = "resolution", _("Resolution")
    UPDATE = "update", _("News")


class Clock(models.Model):
    """One promise of one case.

    `due_at` = `started_at` + `target` + the pauses since, all in open time of the policy's calendar, so that a change
    of any of them gives the same moment as if it had always been so. While the case waits it keeps the moment at
    which it was frozen.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="clocks")
    what = models.CharField(max_length=10, choices=Clocked.choices)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    target = models.DurationField()
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField(help_text=_("When three quarters of the time are gone."))
    is_running = models.BooleanField(default=True)
    met_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    breached_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        constraints = [
            models.UniqueConstraint(fields=["case", "what"], name="desk_clock_once"),
            models.CheckConstraint(condition=Q(met_at=None) | Q(is_running=False), name="desk_clock_met_stands"),
        ]
        indexes = [
            models.Index(fields=["warn_at"], condition=Q(is_running=True, warned_at=None), name="desk_clock_to_warn"),
            models.Index(
                fields=["due_at"], condition=Q(is_running=True, breached_at=None), name="desk_clock_to_breach"
            ),
            models.Index(fields=["warn_at"], condition=Q(is_running=True), name="desk_clock_running"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.what} {self.due_at:%Y-%m-%d %H:%M}"


class Pause(models.Model):
    """A stretch that does not count: the desk waited for who asked, or the case was resolved until it was reopened."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="pauses")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(until=None), name="desk_one_open_pause"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")), name="desk_pause_forwards"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.since} – {self.until or ''}"
