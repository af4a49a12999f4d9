"""Mail that came in and goes out. Both are rows before anything else happens, so that none is lost."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from platform_core.files.public import new_name, private_storage

from .case import Case


class Outcome(models.TextChoices):
    """What became of a mail."""

    WAITING = "waiting", _("not read yet")
    CREATED = "created", _("opened a ticket")
    REPLIED = "replied", _("answered in a ticket")
    IGNORED = "ignored", _("recorded only")
    QUARANTINED = "quarantined", _("waits for one of us")


class Reason(models.TextChoices):
    """Why a mail became what it became, where the outcome alone does not say it."""

    LOOP = "loop", _("one of our own mails came back")
    BOUNCE = "bounce", _("a mail of ours could not be delivered")
    AUTO_REPLY = "auto-reply", _("an automatic answer")
    LIST = "list", _("a mailing list")
    IGNORED_SENDER = "ignored-sender", _("we ignore this sender")
    TOO_LARGE = "too-large", _("too large; we have told the sender")
    NOTE = "note", _("kept as an internal note: we cannot be sure that a colleague wrote it")
    UNPARSEABLE = "unparseable", _("nothing in it can be read as a mail")
    NO_SENDER = "no-sender", _("it does not say who sends it")
    TOO_MANY = "too-many", _("too many mails from this sender in an hour")
    REFUSED = "refused", _("the ticket does not take it")
    FAILED = "failed", _("something broke while we read it")


class Arrival(models.Model):
    """A mail as it arrived, whole, with what became of it."""

    # Of the Message-ID, or of the whole mail when it has none: the same mail twice is one row.
    digest = models.CharField(max_length=64, unique=True)
    # Of a mail that was too large only the headers.
    raw = models.FileField(_("the mail"), storage=private_storage, upload_to=new_name, max_length=200)
    size = models.PositiveBigIntegerField(_("size"))
    queue = models.ForeignKey("helpdesk.Queue", models.SET_NULL, null=True, blank=True, related_name="+")
    message_id = models.CharField(max_length=998, blank=True)
    # In lower case.
    sender = models.CharField(_("from"), max_length=320, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    arrived_at = models.DateTimeField(_("arrived"), default=timezone.now)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, default=Outcome.WAITING)
    reason = models.CharField(_("reason"), max_length=16, choices=Reason.choices, blank=True)
    detail = models.CharField(_("detail"), max_length=500, blank=True, help_text=_("For technicians, in English."))
    case = models.ForeignKey(Case, models.SET_NULL, null=True, blank=True, related_name="arrivals")
    # To whom it went besides us, in lower case: whom it put in copy, and the others, whom the desk may add.
    put_in_copy = models.JSONField(_("put in copy"), default=list, blank=True)
    also_sent_to = models.JSONField(_("also sent to"), default=list, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("mail received")
        verbose_name_plural = _("mails received")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["outcome", "-id"], name="desk_arrivals"),
            models.Index(fields=["sender", "-arrived_at"], name="desk_arrivals_from"),
        ]

    def __str__(self) -> str:
        return f"{self.sender} · {self.subject}"


class LetterKind(models.TextChoices):
    """Which letter; its words are in templates/desk/mail/."""

    RECEIVED = "received", _("we have received your question")
    ANSWER = "answer", _("the desk has answered")
    NEWS = "news", _("somebody has written")
    STATE = "state", _("the ticket is resolved, or waits for an answer")
    COPY = "copy", _("you are in copy")
    TOO_LARGE = "too_large", _("your mail was too large")


class Letter(models.Model):
    """A mail that goes out to one person about one entry of a case: written by a reaction, sent at least once.

    `message_id` is fixed when the row is written, so that a second sending of the same letter is recognised by who
    receives it, and an answer to it finds its case. A letter waits until it is sent (`sent_at`) or we know that it
    never will (`given_up_at`, with `last_error`).
    """

    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="letters")
    entry = models.ForeignKey("desk.Entry", models.CASCADE, null=True, blank=True, related_name="letters")
    name = models.CharField(_("letter"), max_length=20, choices=LetterKind.choices)
    to = models.EmailField(_("to"), max_length=254)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=5)
    # The state that it tells of; empty when it tells of none.
    state = models.CharField(max_length=10, blank=True)
    subject = models.CharField(_("subject"), max_length=300)
    message_id = models.CharField(max_length=200, unique=True)
    in_reply_to = models.CharField(max_length=998, blank=True)
    references = models.TextField(blank=True)
    written_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    given_up_at = models.DateTimeField(_("given up"), null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("mail sent")
        verbose_name_plural = _("mails sent")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "name", "to"], condition=Q(entry__isnull=False), name="desk_letter_once"
            )
        ]
        indexes = [
            models.Index(fields=["case", "written_at"], name="desk_letters_of_case"),
            models.Index(
                fields=["next_try_at"], condition=Q(sent_at=None, given_up_at=None), name="desk_letters_to_send"
            ),
            models.Index(fields=["to", "name", "-written_at"], name="desk_letters_to"),
            models.Index(fields=["-id"], condition=Q(given_up_at__isnull=False), name="desk_letters_given_up"),
        ]

    def __str__(self) -> str:
        return f"{self.name} → {self.to}"
