"""What is said and done in a case: beside each follow-up of the library, what our desk knows of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .case import Case, Channel


class EntryKind(models.TextChoices):
    MESSAGE = "message", _("message")
    NOTE = "note", _("internal note")
    CHANGE = "change", _("change")


class Side(models.TextChoices):
    """Who speaks: who asked and their colleagues, the desk, or the product itself."""

    REQUESTER = "requester", _("who asked")
    DESK = "desk", _("the desk")
    SYSTEM = "system", _("the product")


class Change(models.TextChoices):
    """What a change did, as the conversation tells it."""

    WAITING = "waiting", _("we wait for an answer")
    RESUMED = "resumed", _("the clock runs again")
    RESOLVED = "resolved", _("resolved")
    CLOSED = "closed", _("closed")
    REOPENED = "reopened", _("opened again")
    ASSIGNED = "assigned", _("changed hands")
    ESCALATED = "escalated", _("changed level")
    RECLASSIFIED = "reclassified", _("classified anew")
    COPIED = "copied", _("somebody is in copy")
    UNCOPIED = "uncopied", _("somebody is no longer in copy")
    HANDED_OVER = "handed_over", _("goes on with another person")
    RATED = "rated", _("rated")
    LEARNED = "learned", _("completed what was prescribed")


class Entry(models.Model):
    """A message, an internal note or a change. Its words, author and moment are those of the follow-up."""

    followup = models.OneToOneField("helpdesk.FollowUp", models.CASCADE, primary_key=True, related_name="entry")
    case = models.ForeignKey(Case, models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=8, choices=EntryKind.choices)
    side = models.CharField(max_length=10, choices=Side.choices)
    change = models.CharField(max_length=14, choices=Change.choices, blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.WEB)
    author_name = models.CharField(max_length=120, blank=True, help_text=_("Of somebody without an account."))
    quoted = models.TextField(blank=True, help_text=_("What the mail quoted of earlier ones, with its signature."))
    is_public = models.BooleanField()
    # Why the desk looks at it: a stranger wrote a reference, the sender is not known…
    warning = models.CharField(max_length=40, blank=True)
    submission = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    # The version of the case that it made: what is newer than what somebody read has a higher one.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        indexes = [models.Index(fields=["case", "followup"], name="desk_conversation")]
        constraints = [
            # An internal note never leaves the desk, whatever a program believes.
            models.CheckConstraint(condition=~Q(kind="note") | Q(is_public=False), name="desk_note_is_internal"),
            models.CheckConstraint(
                condition=Q(kind="change", change__gt="") | ~Q(kind="change") & Q(change=""),
                name="desk_entry_change_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.followup_id}"
