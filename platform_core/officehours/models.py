"""Calendars: when a desk answers. Hours are wall time in the zone of the calendar; a holiday is a day without hours.

What wins, from strong to weak: a special day, a closure, a holiday, a season, the week.
"""

from __future__ import annotations

from uuid import uuid4

import holidays
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .hours import validate_hours, validate_time_zone

LONGEST_RANGE = 731
"""Days of a closure or season; more is a slip of the keyboard."""


class Named(models.Model):
    """A text that people read, in Catalan and, if somebody wrote it, in Spanish and English."""

    name = models.CharField(_("name"), max_length=120, help_text=_("In Catalan; the others may be left empty."))
    name_es = models.CharField(_("name in Spanish"), max_length=120, blank=True)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_in(get_language() or "ca")

    def name_in(self, language: str) -> str:
        """The name in a language, or in Catalan when nobody translated it."""
        return str({"es": self.name_es, "en": self.name_en}.get(language[:2]) or self.name)


class Calendar(Named):
    """Opening hours of one desk. `stamp` is another after every change, so that no process keeps an old schedule.

    It is random and not a count, because a change that is rolled back must not share its mark with the next one.
    """

    slug = models.SlugField(_("short name"), max_length=40, unique=True)
    description = models.TextField(_("description"), blank=True, help_text=_("For those who run the service."))
    tz = models.CharField(_("time zone"), max_length=64, default="Europe/Madrid", validators=[validate_time_zone])
    observes_holidays = models.BooleanField(_("closes on public holidays"), default=True)
    country = models.CharField(
        _("country"), max_length=2, default="ES", blank=True, help_text=_("Two letters, for the public holidays.")
    )
    subdivision = models.CharField(
        _("subdivision"), max_length=40, default="Barcelona", blank=True, help_text=_("Such as CT or Barcelona.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    stamp = models.UUIDField(default=uuid4, editable=False)

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        ordering = ["position", "slug"]

    def get_absolute_url(self) -> str:
        return f"{reverse('officehours:hours')}#{self.slug}"

    def clean(self) -> None:
        if not self.observes_holidays:
            return
        countries = holidays.list_supported_countries()
        if self.country not in countries:
            raise ValidationError({"country": _("We do not know the holidays of this country. Write ES for Spain.")})
        if self.subdivision:
            try:
                holidays.country_holidays(self.country, subdiv=self.subdivision)
            except NotImplementedError:
                known = ", ".join(countries[self.country])
                text = _("This country has no such subdivision. Leave it empty, or write one of: %(known)s.")
                raise ValidationError({"subdivision": text % {"known": known}}) from None


class Hours(models.Model):
    """The hours of one day of the week. A day without a row is closed."""

    weekday = models.PositiveSmallIntegerField(
        _("day"),
        choices=[
            (0, _("Monday")),
            (1, _("Tuesday")),
            (2, _("Wednesday")),
            (3, _("Thursday")),
            (4, _("Friday")),
            (5, _("Saturday")),
            (6, _("Sunday")),
        ],
    )
    hours = models.CharField(
        _("hours"), max_length=200, validators=[validate_hours], help_text=_("For example: 9:00-14:00, 15:00-17:00")
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.hours}"


class WeeklyHours(Hours):
    """What a calendar does every week."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="week")

    class Meta:
        verbose_name = _("weekly hours")
        verbose_name_plural = _("weekly hours")
        ordering = ["weekday"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "weekday"],
                name="officehours_one_row_a_weekday",
                violation_error_message=_("This day is there twice. Put all its hours in one row."),
            )
        ]


class DateRange(Named):
    """A stretch of days, both ends included."""

    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"), help_text=_("Included."))

    class Meta:
        abstract = True

    def clean(self) -> None:
        if self.first and self.last and self.last < self.first:
            raise ValidationError({"last": _("The last day is before the first one.")})
        if self.first and self.last and (self.last - self.first).days > LONGEST_RANGE:
            raise ValidationError({"last": _("This is longer than two years.")})


class Closure(DateRange):
    """Days on which the institution itself closes. The name says why."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="closures")

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["first"]
        constraints = [models.CheckConstraint(condition=Q(last__gte=F("first")), name="officehours_closure_in_order")]


class SpecialDay(Named):
    """A day with other hours, such as the afternoon before a holiday. It wins over everything else."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="special_days")
    day = models.DateField(_("day"))
    hours = models.CharField(
        _("hours"), max_length=200, validators=[validate_hours], help_text=_("For example: 9:00-13:00")
    )

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "day"],
                name="officehours_one_special_a_day",
                violation_error_message=_("This day is there twice. Put all its hours in one row."),
            )
        ]


class Season(DateRange):
    """A dated stretch with its own week, such as the summer hours of one year."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="seasons", verbose_name=_("calendar"))

    class Meta:
        verbose_name = _("season")
        verbose_name_plural = _("seasons")
        ordering = ["first"]
        constraints = [models.CheckConstraint(condition=Q(last__gte=F("first")), name="officehours_season_in_order")]

    def clean(self) -> None:
        super().clean()
        if not (self.calendar_id and self.first and self.last):
            return
        others = Season.objects.filter(calendar_id=self.calendar_id, first__lte=self.last, last__gte=self.first)
        if other := others.exclude(pk=self.pk).first():
            text = _("It overlaps the season “%(other)s”.") % {"other": other}
            raise ValidationError({"first": text})


class SeasonHours(Hours):
    """One day of the week of a season."""

    season = models.ForeignKey(Season, models.CASCADE, related_name="week")

    class Meta:
        verbose_name = _("hours of the season")
        verbose_name_plural = _("hours of the season")
        ordering = ["weekday"]
        constraints = [
            models.UniqueConstraint(
                fields=["season", "weekday"],
                name="officehours_one_row_a_season_weekday",
                violation_error_message=_("This day is there twice. Put all its hours in one row."),
            )
        ]


class HolidayOverride(Named):
    """A correction of the public holidays: a day that the library lacks, or one on which this desk works."""

    class Kind(models.TextChoices):
        ADD = "add", _("is a holiday")
        REMOVE = "remove", _("is a working day")

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="holiday_overrides")
    day = models.DateField(_("day"))
    kind = models.CharField(_("what it is"), max_length=6, choices=Kind.choices, default=Kind.ADD)

    class Meta:
        verbose_name = _("correction of the holidays")
        verbose_name_plural = _("corrections of the holidays")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "day"],
                name="officehours_one_override_a_day",
                violation_error_message=_("This day is there twice."),
            )
        ]
