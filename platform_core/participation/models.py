"""Spaces of participation: who is in them, who wants to be, and when they meet. Nothing here knows of forums."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from platform_core.files.public import new_name, private_storage

LONGEST_ABOUT, LONGEST_CHARTER = 10_000, 20_000
LONGEST_EXPERIENCE = 600
LONGEST_REASON = 500


class SpaceKind(models.TextChoices):
    ORGAN = "organ", _("Organ of participation")


class OrganKind(models.TextChoices):
    AGORA = "agora", _("Àgora")
    WORKING_GROUP = "working_group", _("Working group")


class Visibility(models.TextChoices):
    PUBLIC = "public", _("Everybody")
    MEMBERS = "members", _("Members; who is signed in sees its name and what it is about")
    INVITATION = "invitation", _("Members and who is invited; it does not exist for others")


class Joining(models.TextChoices):
    OPEN = "open", _("Who wants to joins")
    REQUEST = "request", _("By request")
    INVITATION = "invitation", _("By invitation")


class SpaceRole(models.TextChoices):
    MEMBER = "member", _("Member")
    MODERATOR = "moderator", _("Moderator")


class Space(models.Model):
    """A place to take part in. One that is closed can still be read."""

    kind = models.CharField(_("kind"), max_length=12, choices=SpaceKind, default=SpaceKind.ORGAN)
    organ_kind = models.CharField(_("kind of organ"), max_length=16, choices=OrganKind, default=OrganKind.AGORA)
    slug = models.SlugField(_("name in addresses"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    about = models.TextField(_("about"), blank=True, help_text=_("Markdown."))
    charter = models.TextField(_("charter"), blank=True, help_text=_("Markdown; who joins accepts it."))
    # Grows with each charter that asks everybody again.
    charter_version = models.PositiveIntegerField(default=1, editable=False)
    image = models.FileField(_("image"), storage=private_storage, upload_to=new_name, max_length=255, blank=True)
    image_type = models.CharField(max_length=100, blank=True, editable=False)
    visibility = models.CharField(_("seen by"), max_length=10, choices=Visibility, default=Visibility.MEMBERS)
    joining = models.CharField(_("joining"), max_length=10, choices=Joining, default=Joining.REQUEST)
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("space")
        verbose_name_plural = _("spaces")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(visibility__in=Visibility.values), name="participation_visibility"),
            # A space that does not exist for others cannot be asked for.
            models.CheckConstraint(
                condition=~Q(visibility=Visibility.INVITATION) | Q(joining=Joining.INVITATION),
                name="participation_hidden_is_by_invitation",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/agora/{self.slug}/"

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class SpaceMemberQuerySet(models.QuerySet["SpaceMember"]):
    def current(self) -> Self:
        return self.filter(until=None)

    def moderators(self) -> Self:
        return self.filter(role=SpaceRole.MODERATOR)


class SpaceMember(models.Model):
    """That a person is in a space, from an instant up to another. Rows that are over are the history."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="space_memberships")
    role = models.CharField(_("role"), max_length=10, choices=SpaceRole, default=SpaceRole.MEMBER)
    since = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    charter_accepted_at = models.DateTimeField(_("charter accepted"), null=True, blank=True)
    charter_version = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("Of the charter that was accepted; 0 for none.")
    )
    experience = models.TextField(_("what I have run"), blank=True, max_length=LONGEST_EXPERIENCE)

    objects = SpaceMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a space")
        verbose_name_plural = _("members of spaces")
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["space", "person"], condition=Q(until=None), name="participation_one_current_member"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="participation_until_after_since"
            ),
        ]
        indexes = [models.Index(fields=["person", "until"], name="participation_of_person")]

    def __str__(self) -> str:
        return f"{self.person} · {self.space}"


class JoinRequest(models.Model):
    """That a person asks to join; answered once."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="join_requests")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    message = models.TextField(_("message"), blank=True, max_length=1000)
    charter_version = models.PositiveIntegerField(
        default=0, help_text=_("Of the charter that was accepted; 0 for none.")
    )
    created_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    is_approved = models.BooleanField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["space", "person"], condition=Q(answered_at=None), name="participation_one_open_request"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.space}"


class SpaceInvitationQuerySet(models.QuerySet["SpaceInvitation"]):
    def pending(self) -> Self:
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())


class SpaceInvitation(models.Model):
    """That a person with an account is invited to a space, which they see while the invitation is pending."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="invitations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = SpaceInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to a space")
        verbose_name_plural = _("invitations to spaces")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["space", "person"], condition=Q(accepted_at=None, revoked_at=None),
                name="participation_one_open_invitation",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.space} → {self.person}"


class Meeting(models.Model):
    """A *trobada*: at a place, by a link, or both. `places` is None when there is room for everybody."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="meetings")
    title = models.CharField(_("title"), max_length=160)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    places = models.PositiveIntegerField(_("places"), null=True, blank=True)
    agenda = models.TextField(_("agenda"), blank=True, help_text=_("Markdown."))
    minutes = models.TextField(_("minutes"), blank=True, help_text=_("Markdown."))
    cancelled_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    # Grows with each change of hour or place: calendars take the newest.
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="participation_meeting_ends_after")
        ]
        indexes = [models.Index(fields=["space", "starts_at"], name="participation_meetings")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{self.space.get_absolute_url()}trobades/{self.pk}/"

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()


class MeetingRegistration(models.Model):
    """A place at a meeting, or in its queue, which goes by `id`."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="registrations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    is_waiting = models.BooleanField(_("in the queue"), default=False)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"], condition=Q(cancelled_at=None), name="participation_one_registration"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.meeting}"


class SpaceDocument(models.Model):
    """A file that a space keeps for those who may enter it."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="documents")
    title = models.CharField(_("title"), max_length=160)
    file = models.FileField(storage=private_storage, upload_to=new_name, max_length=255)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text=_("Bytes."))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title


class CalendarKey(models.Model):
    """The secret in the address of a person's calendar of meetings. A new one makes the old address stop working."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("calendar key")
        verbose_name_plural = _("calendar keys")

    def __str__(self) -> str:
        return f"#{self.pk}"


class SanctionKind(models.TextChoices):
    WARNING = "warning", _("Warning")
    SUSPENSION = "suspension", _("Suspension")


class SanctionQuerySet(models.QuerySet["Sanction"]):
    def in_force(self) -> Self:
        """Suspensions that hold now."""
        return self.filter(kind=SanctionKind.SUSPENSION, lifted_at=None, until__gt=timezone.now())


class Sanction(models.Model):
    """What who moderates a space decided about somebody: a warning, or that they do not write in it until a moment.

    Nothing is taken away: one that was lifted stays with the reason why.
    """

    space = models.ForeignKey(Space, models.CASCADE, related_name="sanctions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=SanctionKind)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("Of a suspension."))
    # When the person said that they have read it.
    seen_at = models.DateTimeField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    lifted_because = models.CharField(max_length=LONGEST_REASON, blank=True)

    objects = SanctionQuerySet.as_manager()

    class Meta:
        verbose_name = _("sanction")
        verbose_name_plural = _("sanctions")
        ordering = ["-given_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=SanctionKind.WARNING, until=None)
                | Q(kind=SanctionKind.SUSPENSION, until__gt=F("given_at")),
                name="participation_suspension_until",
            )
        ]
        indexes = [models.Index(fields=["space", "person", "-given_at"], name="participation_sanctions")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.space}"

    @property
    def is_in_force(self) -> bool:
        """Whether it keeps the person from writing now."""
        return self.lifted_at is None and self.until is not None and self.until > timezone.now()
