"""The local bodies (*ens locals*), who works in them, and who has been asked to."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import ine

if TYPE_CHECKING:
    import datetime


def fold(text: str) -> str:
    """`text` without accents and in lower case, so that «Òdena» sorts beside «Olost» and is found as «odena»."""
    decomposed = unicodedata.normalize("NFKD", text.replace("·", "").replace("’", "'"))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold().strip()


def validate_ine_code(code: str) -> None:
    """Raises ValidationError when `code` is not an INE code with its check digit."""
    if not ine.is_valid(code):
        raise ValidationError(
            _("“%(code)s” is not an INE code of six digits with its check digit."), "ine", {"code": code}
        )


class Kind(models.TextChoices):
    MUNICIPALITY = "municipality", _("Municipality")
    COUNTY_COUNCIL = "county_council", _("County council")
    EMD = "emd", _("Decentralised municipal body (EMD)")
    CONSORTIUM = "consortium", _("Consortium")
    OTHER = "other", _("Other body")


class Organisation(models.Model):
    """A local body. Municipalities have an INE code; the others have none."""

    ine_code = models.CharField(
        _("INE code"), max_length=6, unique=True, null=True, blank=True, validators=[validate_ine_code],
        help_text=_("Six digits: the last one is the check digit."),
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=120, help_text=_("As it is said: “l'Ametlla del Vallès”."))
    index_name = models.CharField(
        _("name in lists"), max_length=120, help_text=_("With the article behind: “Ametlla del Vallès, l'”.")
    )
    # Written by the domain from `index_name`: neither database folds accents in its default order.
    sort_key = models.CharField(max_length=120, editable=False)
    comarca_code = models.CharField(_("code of the comarca"), max_length=2, blank=True)
    comarca = models.CharField(_("comarca"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.MUNICIPALITY)
    slug = models.SlugField(_("name in addresses"), max_length=80, unique=True)
    platform_host = models.CharField(_("host of its platform"), max_length=253, blank=True)
    joined_on = models.DateField(_("joined Participa311"), null=True, blank=True)
    is_fictional = models.BooleanField(_("fictional"), default=False, help_text=_("Made up for demonstrations."))

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["sort_key", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=Kind.MUNICIPALITY) | Q(ine_code__isnull=False),
                name="organisations_municipality_has_code",
            ),
        ]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="organisations_by_name"),
            models.Index(fields=["comarca", "sort_key", "id"], name="organisations_by_comarca"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organisations:detail", args=[self.slug])

    @property
    def ine5(self) -> str:
        """The code without its check digit, as many data sets write it; empty when there is none."""
        return (self.ine_code or "")[:5]


class MembershipRole(models.TextChoices):
    REFERENT = "referent", _("Referent")
    TECHNICIAN = "technician", _("Technician")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, on: datetime.date | None = None) -> Self:
        """Those in force on a day of the service's time zone; today when `on` is None."""
        day = on or timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)

    def not_over(self, on: datetime.date | None = None) -> Self:
        """Those in force on a day or that start after it."""
        return self.filter(Q(until=None) | Q(until__gt=on or timezone.localdate()))

    def referents(self) -> Self:
        return self.filter(role=MembershipRole.REFERENT)


class Membership(models.Model):
    """A seat: that a person works for an organisation, in a role, from a day up to the day before `until`.

    A change of role closes a seat and opens another, so the rows are the history. Seats of one person in one
    organisation never overlap: the domain refuses it under a lock, and the constraint below refuses two open ones.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=10, choices=MembershipRole.choices)
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("The first day out."))

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=Q(until=None), name="organisations_one_open_membership"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="organisations_membership_until_after_since"
            ),
            models.CheckConstraint(condition=Q(role__in=MembershipRole.values), name="organisations_membership_role"),
        ]
        indexes = [
            models.Index(fields=["organisation", "role", "until"], name="organisations_seats"),
            models.Index(fields=["person", "until"], name="organisations_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.organisation} · {self.get_role_display()}"

    def is_current(self, on: datetime.date | None = None) -> bool:
        """The same question as `MembershipQuerySet.current`, for one row."""
        day = on or timezone.localdate()
        return self.since <= day and (self.until is None or self.until > day)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self) -> Self:
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """That someone whose address we did not know was asked to join. The link in the mail is signed and works once."""

    email = models.EmailField(_("e-mail"), max_length=254)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    role = models.CharField(_("role"), max_length=10, choices=MembershipRole.choices)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), "organisation", condition=Q(accepted_at=None, revoked_at=None),
                name="organisations_one_open_invitation",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.email} → {self.organisation}"

    def is_pending(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > timezone.now()
