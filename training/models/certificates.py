"""What proves that somebody completed a course."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..outline import language_of, said
from .taking import Enrolment

RENEWED_BEFORE = timedelta(days=60)
"""How long before it expires a certificate may be renewed."""


class Certificate(models.Model):
    """One for each time that a course was completed. It says who and what by the words of that day."""

    code = models.CharField(_("code"), max_length=14, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="certificates")
    person_name = models.CharField(_("name"), max_length=254)
    course_titles = models.JSONField()
    minutes = models.PositiveIntegerField(_("minutes"))
    issued_at = models.DateTimeField(_("issued"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-issued_at", "-id"]
        indexes = [models.Index(fields=["expires_at"], name="training_expiring")]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("training:certificate", args=[self.code])

    @property
    def title(self) -> str:
        return said(self.course_titles)

    @property
    def language(self) -> str:
        """The language of its title."""
        return language_of(self.course_titles)

    @property
    def may_be_renewed(self) -> bool:
        """Expired, or about to."""
        return self.expires_at is not None and self.expires_at - RENEWED_BEFORE < timezone.now()

    def holds(self, at: datetime | None = None) -> bool:
        return self.expires_at is None or self.expires_at > (at or timezone.now())
