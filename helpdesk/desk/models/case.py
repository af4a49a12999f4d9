"""A case: what our desk knows of a ticket. All that the board sorts and filters by stands on this one row."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.organisations.models import Organisation


class Kind(models.TextChoices):
    """What somebody asks for. It decides the calendar of the promise."""

    CONFIGURATION = "configuration", _("Doubt of configuration")
    QUESTION = "question", _("Question of use")
    INCIDENT = "incident", _("Incident")
    OUTAGE = "outage", _("Outage")
    IMPROVEMENT = "improvement", _("Improvement")


class Channel(models.TextChoices):
    WEB = "web", _("Web")
    MAIL = "mail", _("Mail")
    PHONE = "phone", _("Phone")
    FORUM = "forum", _("Forum")
    API = "api", _("Program")


class State(models.TextChoices):
    NEW = "new", _("New")
    OPEN = "open", _("In progress")
    WAITING = "waiting", _("Waiting for you")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")


RUNNING = (State.NEW, State.OPEN)
LIVE = (State.NEW, State.OPEN, State.WAITING)
"""States in which somebody still owes something: the desk, or the person who asked."""


class Priority(models.IntegerChoices):
    """The values are django-helpdesk's, of which we use the first four."""

    URGENT = 1, _("Urgent")
    HIGH = 2, _("High")
    NORMAL = 3, _("Normal")
    LOW = 4, _("Low")


class Level(models.IntegerChoices):
    USER_SUPPORT = 1, _("User support")
    SECTION = 2, _("Participation section")
    SYSTEMS = 3, _("Systems")


class Rating(models.IntegerChoices):
    GOOD = 3, _("Good")
    FAIR = 2, _("Fair")
    BAD = 1, _("Bad")


class Signal(models.TextChoices):
    """The last thing that happened, as the board tells it."""

    FILED = "filed", _("has just come in")
    ANSWERED = "answered", _("the desk answered")
    REPLIED = "replied", _("has replied")
    INSISTED = "insisted", _("has written again")
    NOTED = "noted", _("an internal note")
    ESCALATED = "escalated", _("passed on to you")
    REOPENED = "reopened", _("opened again")
    PAUSED = "paused", _("we wait for their answer")
    SOLVED = "solved", _("resolved")


class Case(models.Model):
    """Beside each ticket, with the same id. The domain writes it, and keeps the ticket's own columns in step."""

    ticket = models.OneToOneField(
        "helpdesk.Ticket", models.CASCADE, primary_key=True, related_name="case", verbose_name=_("ticket")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    topic = models.SlugField(_("topic"), max_length=80, blank=True, db_index=False)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("requester")
    )
    requester_name = models.CharField(_("name of who wrote without an account"), max_length=120, blank=True)
    instance = models.CharField(_("platform"), max_length=253, blank=True, help_text=_("The host of the platform."))
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.NORMAL)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices, default=Level.USER_SUPPORT)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("assignee")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.NEW)
    # The nearest moment that the desk has promised and not yet met; None while no clock runs.
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    is_breached = models.BooleanField(_("a promise was broken"), default=False)
    opened_at = models.DateTimeField(_("opened"))
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    signal = models.CharField(_("last signal"), max_length=10, choices=Signal.choices, default=Signal.FILED)
    signal_at = models.DateTimeField(_("when"))
    # The last public line: its moment, and the change that it tells or the side that wrote. The signal is the desk's
    # own, and moves with internal notes too; whoever asked is told of this one, and sees no trace of the other.
    heard = models.CharField(_("last public line"), max_length=14)
    heard_at = models.DateTimeField(_("when"))
    rating = models.PositiveSmallIntegerField(_("rating"), choices=Rating.choices, null=True, blank=True)
    rating_comment = models.TextField(_("why"), blank=True)
    rated_at = models.DateTimeField(_("rated"), null=True, blank=True)
    follows = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="followed_by", verbose_name=_("goes on from")
    )
    # The same form sent twice carries the same number, and makes one ticket.
    submission = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    # Grows with each change; a form that was read before the change is told so.
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="desk_case_kind"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="desk_case_state"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="desk_case_level"),
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="desk_case_priority"),
            # What waits, is resolved or closed keeps no moment: it would burn on the board.
            models.CheckConstraint(condition=Q(state__in=RUNNING) | Q(due_at=None), name="desk_case_due_only_running"),
        ]
        indexes = [
            # The board: what burns first, in each of its views. Only the running ones, however many are closed.
            models.Index(fields=["due_at", "ticket"], condition=Q(due_at__isnull=False), name="desk_board"),
            models.Index(
                fields=["assignee", "due_at", "ticket"], condition=Q(due_at__isnull=False), name="desk_board_mine"
            ),
            models.Index(
                fields=["level", "due_at", "ticket"], condition=Q(due_at__isnull=False), name="desk_board_level"
            ),
            models.Index(
                fields=["organisation", "due_at", "ticket"], condition=Q(due_at__isnull=False), name="desk_board_ens"
            ),
            # An agent's own queue at the workbench, with what is paused after what runs.
            models.Index(
                fields=["assignee", "due_at", "signal_at", "ticket"], condition=Q(state__in=LIVE), name="desk_queue"
            ),
            models.Index(fields=["state", "-signal_at", "-ticket"], name="desk_by_state"),
            models.Index(fields=["organisation", "-heard_at", "-ticket"], name="desk_of_ens"),
            models.Index(fields=["requester", "-heard_at", "-ticket"], name="desk_of_requester"),
            models.Index(fields=["-signal_at", "-ticket"], name="desk_latest"),
            models.Index(fields=["resolved_at"], condition=Q(state="resolved"), name="desk_resolved"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("desk:ticket", args=[self.reference])

    def get_bench_url(self) -> str:
        return reverse("desk:bench", args=[self.reference])

    @property
    def reference(self) -> str:
        """What one says on the phone: S-4193."""
        return f"S-{self.pk}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING
