"""Who was asked to take a course by an address that is nobody's yet, or is not of the people of who asked."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from platform_core.organisations.public import Invitation, Organisation

from .taking import Cohort, Via


class InvitationState(models.TextChoices):
    PENDING = "pending", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


class EnrolmentInvitationQuerySet(models.QuerySet["EnrolmentInvitation"]):
    def open(self) -> Self:
        """Neither accepted nor withdrawn: those that wait, and those that have expired and may be sent again."""
        return self.filter(accepted_at=None, withdrawn_at=None)


class EnrolmentInvitation(models.Model):
    """An address that takes a course as soon as it is somebody's: of whoever proves that it is theirs, or, with an
    organisation, of whoever accepts the invitation to it (`seat`). `brings_seat`: that one was sent for this one.

    The address is of somebody who may have no account: the row goes some time after it is over (`tasks`).
    """

    email = models.EmailField(_("e-mail"), max_length=254)
    course_key = models.UUIDField(editable=False)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    seat = models.ForeignKey(Invitation, models.SET_NULL, null=True, blank=True, related_name="+")
    brings_seat = models.BooleanField(default=False)
    cohort = models.ForeignKey(
        Cohort, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("group")
    )
    via = models.CharField(_("how"), max_length=10, choices=Via.choices)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = EnrolmentInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to a course")
        verbose_name_plural = _("invitations to courses")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), "course_key", "organisation",
                condition=Q(accepted_at=None, withdrawn_at=None, organisation__isnull=False),
                name="training_one_open_invitation",
            ),
            models.UniqueConstraint(
                Lower("email"), "course_key",
                condition=Q(accepted_at=None, withdrawn_at=None, organisation=None),
                name="training_one_open_of_service",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["course_key", "-created_at", "-id"], name="training_invited")]

    def __str__(self) -> str:
        return f"{self.email} → {self.course_key}"

    @property
    def state(self) -> InvitationState:
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.withdrawn_at:
            return InvitationState.WITHDRAWN
        return InvitationState.PENDING if self.expires_at > timezone.now() else InvitationState.EXPIRED

    @property
    def is_pending(self) -> bool:
        return self.state == InvitationState.PENDING
