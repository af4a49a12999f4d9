"""Live sessions of a course: in a room or online, with as many places as there are."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .taking import Cohort


class Session(models.Model):
    """`completes`: who attends has completed the course. `attendance_code` is what is said aloud in the session."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    course_key = models.UUIDField(editable=False)
    title = models.CharField(_("title"), max_length=150)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    url = models.URLField(_("address to join"), blank=True, max_length=500)
    places = models.PositiveSmallIntegerField(_("places"), default=0, help_text=_("Nothing: for everybody."))
    cohort = models.ForeignKey(
        Cohort, models.SET_NULL, null=True, blank=True, related_name="sessions", verbose_name=_("group")
    )
    completes = models.BooleanField(_("who attends completes the course"), default=False)
    attendance_code = models.CharField(_("attendance code"), max_length=12, blank=True)
    recording = models.URLField(_("recording"), blank=True, max_length=500)
    materials = models.TextField(_("materials"), blank=True, max_length=2000)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "id"]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="training_session_hours")]
        indexes = [models.Index(fields=["course_key", "starts_at"], name="training_sessions_of_course")]

    def __str__(self) -> str:
        return self.title


class SeatState(models.TextChoices):
    GOING = "going", _("going")
    WAITING = "waiting", _("on the waiting list")
    CANCELLED = "cancelled", _("not going")


class Seat(models.Model):
    """That somebody wants to go to a session; who waits is served in the order of `asked_at`."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=SeatState.choices, default=SeatState.GOING)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    attended_at = models.DateTimeField(_("attended"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("place in a session")
        verbose_name_plural = _("places in sessions")
        ordering = ["asked_at", "id"]
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="training_one_seat")]

    def __str__(self) -> str:
        return f"{self.session_id} · {self.person_id}"
