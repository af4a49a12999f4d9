"""The activity log, the streams that readers follow, and what is still to be delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from . import events

if TYPE_CHECKING:
    from .events import Event


class AppendOnlyError(Exception):
    """Somebody tried to change or delete what was recorded. `domain.purge` is the only way out of the log."""


class AppendOnlyQuerySet(models.QuerySet["Activity"]):
    def update(self, **_kwargs: Any) -> NoReturn:
        raise AppendOnlyError("The activity log is append-only.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("The activity log is append-only.")


class Activity(models.Model):
    """Who did what to what, once. Rows are never changed; triggers in the database refuse it too (triggers.py).

    Nothing here names a person: the actor is a reference that erasure empties, the subject is a label and an id
    without a foreign key, so that deleting the thing does not delete its history, and the data has ids and codes only.
    """

    class ActorKind(models.TextChoices):
        PERSON = "person", _("a person")
        SYSTEM = "system", _("the system")

    id = models.BigAutoField(primary_key=True)
    type = models.CharField(_("event"), max_length=events.NAME_LENGTH)
    version = models.PositiveSmallIntegerField(_("version"))
    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("actor")
    )
    actor_kind = models.CharField(_("kind of actor"), max_length=10, choices=ActorKind.choices)
    subject_type = models.CharField(_("kind of subject"), max_length=100)
    subject_id = models.CharField(_("subject"), max_length=64)
    data = models.JSONField(_("data"), default=dict)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activity log")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="activity_by_date"),
            models.Index(fields=["type", "-at"], name="activity_by_type"),
            models.Index(fields=["subject_type", "subject_id", "-at"], name="activity_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.type} #{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("The activity log is append-only.")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AppendOnlyError("The activity log is append-only.")

    @property
    def event(self) -> Event:
        """The typed event, in its current version. Raises events.EventError when this program does not know it."""
        return events.decode(name=self.type, version=self.version, data=self.data)

    @property
    def actor_erased(self) -> bool:
        """Whether a person did it who has been erased since."""
        return self.actor_id is None and self.actor_kind == self.ActorKind.PERSON


class Stream(models.Model):
    """A named sequence of activity for one audience: "user:7", "org:3", "desk", "topic:42".

    `head` is the cursor of its newest entry. It grows under a row lock that the recording transaction keeps until it
    commits, so cursors of a stream have no gaps and become visible in order (docs/decisions/0005).
    """

    name = models.CharField(max_length=100, primary_key=True)
    head = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class StreamEntry(models.Model):
    """One activity in one stream, at one cursor."""

    stream = models.ForeignKey(Stream, models.CASCADE, related_name="entries")
    cursor = models.PositiveBigIntegerField()
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="entries")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "cursor"], name="activity_entry_cursor")]

    def __str__(self) -> str:
        return f"{self.stream_id}@{self.cursor}"


class Delivery(models.Model):
    """What one reaction still owes, or has done, for one activity."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="deliveries", verbose_name=_("activity"))
    reaction = models.CharField(_("reaction"), max_length=100)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    parked_at = models.DateTimeField(_("parked"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["activity", "reaction"], name="activity_delivery_once"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(parked_at__isnull=True), name="activity_delivery_done_or_parked"
            ),
        ]
        indexes = [
            models.Index(fields=["parked_at"], name="activity_delivery_parked", condition=Q(parked_at__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.reaction} ← #{self.activity_id}"


class Purge(models.Model):
    """The one door out of the log: an open row lets its own transaction delete what is older (see `domain.purge`).

    It stays, closed, as the record of what was removed and when.
    """

    at = models.DateTimeField(_("when"), auto_now_add=True)
    older_than = models.DateTimeField(_("older than"))
    is_open = models.BooleanField(_("open"), default=False)
    removed = models.PositiveBigIntegerField(_("removed"), default=0)

    class Meta:
        verbose_name = _("purge of the activity log")
        verbose_name_plural = _("purges of the activity log")

    def __str__(self) -> str:
        return f"{self.removed} < {self.older_than:%Y-%m-%d}"


class Seal(models.Model):
    """A link of the chain that makes tampering evident: a digest over the seal before it and a batch of activities."""

    at = models.DateTimeField(_("when"), auto_now_add=True)
    # Unique: two processes that seal at once cannot both follow the same seal.
    previous = models.CharField(_("previous digest"), max_length=64, unique=True)
    digest = models.CharField(_("digest"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")

    def __str__(self) -> str:
        return f"{self.pk}: {self.digest[:12]}"


class SealedActivity(models.Model):
    """What a seal says of one activity; without a foreign key to it, because it outlives what retention removes."""

    activity_id = models.BigIntegerField(primary_key=True)
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="activities")
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    actor_digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"#{self.activity_id}"
