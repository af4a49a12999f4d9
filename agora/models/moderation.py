"""What people object to, what is hidden for it, and what they say against that."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from platform_core.participation.models import Sanction, Space

from .post import Post

LONGEST_NOTE = 500
LONGEST_APPEAL = 3000


class Reason(models.TextChoices):
    """Why a post does not stand: what the charters of all communities have in common."""

    SPAM = "spam", _("It is advertising, or has nothing to do with anything here")
    OFFENSIVE = "offensive", _("It attacks or offends somebody")
    PERSONAL = "personal", _("It shows personal data")
    MISPLACED = "misplaced", _("It does not belong in this community or topic")
    ILLEGAL = "illegal", _("It may be against the law")
    OTHER = "other", _("Something else")


class Flag(models.Model):
    """That a reader objects to a post. Who moderates answers it: upheld, or not."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="flags", verbose_name=_("post"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    note = models.CharField(_("in your words"), max_length=LONGEST_NOTE, blank=True)
    at = models.DateTimeField(default=timezone.now)
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    is_upheld = models.BooleanField(null=True, blank=True)

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "person"], condition=Q(handled_at=None), name="agora_one_open_flag"
            ),
            models.CheckConstraint(
                condition=Q(handled_at=None, is_upheld=None) | Q(handled_at__isnull=False, is_upheld__isnull=False),
                name="agora_flag_is_handled_one_way",
            ),
        ]
        indexes = [
            models.Index(fields=["at", "id"], condition=Q(handled_at=None), name="agora_open_flags"),
            models.Index(fields=["person", "-at"], name="agora_flags_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.post} · {self.get_reason_display()}"


class Hiding(models.Model):
    """That a post, or with it its whole topic, is not shown, from an instant up to another. `by` is None when it was
    hidden by itself, because several readers flagged it; then it waits for who moderates.
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="hidings", verbose_name=_("post"))
    takes_topic = models.BooleanField(_("with its whole topic"), default=False)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    note = models.CharField(_("in your words"), max_length=LONGEST_NOTE, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    is_automatic = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("hiding of a post")
        verbose_name_plural = _("hidings of posts")
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["post"], condition=Q(ended_at=None), name="agora_hidden_once")]

    def __str__(self) -> str:
        return f"{self.post} · {self.get_reason_display()}"

    @property
    def space(self) -> Space:
        return self.post.topic.space


class Appeal(models.Model):
    """What somebody says against a decision about what they wrote or about themself, once; somebody else than who
    decided answers it.
    """

    hiding = models.OneToOneField(Hiding, models.CASCADE, null=True, blank=True, related_name="appeal")
    sanction = models.OneToOneField(Sanction, models.CASCADE, null=True, blank=True, related_name="appeal")
    space = models.ForeignKey(Space, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    text = models.TextField(_("what you say"), max_length=LONGEST_APPEAL)
    at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    is_upheld = models.BooleanField(null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True, max_length=LONGEST_APPEAL)

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(hiding__isnull=False, sanction=None) | Q(hiding=None, sanction__isnull=False),
                name="agora_appeal_against_one_decision",
            )
        ]
        indexes = [models.Index(fields=["space", "at"], condition=Q(answered_at=None), name="agora_open_appeals")]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def decision(self) -> Hiding | Sanction:
        """One of the two is there: the database says so."""
        return cast("Hiding | Sanction", self.hiding or self.sanction)

    @property
    def decided_by_id(self) -> int | None:
        """Who decided what this is against; None for nobody in particular."""
        decision = self.decision
        return decision.by_id if isinstance(decision, Hiding) else decision.given_by_id
