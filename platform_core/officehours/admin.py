"""Editing the calendars. Every save and every deletion ends in a verb of the domain, in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .domain import calendar_changed, remove_calendar
from .models import Calendar, Closure, HolidayOverride, Season, SeasonHours, SpecialDay, WeeklyHours

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

DAYS = 7
NAMES = ["name", "name_es", "name_en"]


class WeekFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """A desk that never opens could keep no promise, so its week has at least one day with hours."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data]
        if not any(row.get("hours") and not row.get("DELETE") for row in rows):
            raise ValidationError(_("This calendar would never be open. Give hours to at least one day of the week."))


class Rows(admin.TabularInline):  # type: ignore[type-arg]
    extra = 0


class WeeklyHoursInline(Rows):
    model = WeeklyHours
    formset = WeekFormSet
    min_num = 1
    max_num = DAYS


class ClosureInline(Rows):
    model = Closure
    fields = ["first", "last", *NAMES]


class SpecialDayInline(Rows):
    model = SpecialDay
    fields = ["day", "hours", *NAMES]


class SeasonInline(Rows):
    model = Season
    fields = ["first", "last", *NAMES]
    show_change_link = True


class HolidayOverrideInline(Rows):
    model = HolidayOverride
    fields = ["day", "kind", *NAMES]


class SeasonHoursInline(Rows):
    model = SeasonHours
    max_num = DAYS


@admin.register(Calendar)
class CalendarAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ["name", "slug", "tz", "observes_holidays", "country", "subdivision"]
    inlines = [WeeklyHoursInline, SpecialDayInline, ClosureInline, SeasonInline, HolidayOverrideInline]
    fieldsets = [
        (None, {"fields": [*NAMES, "slug", "description", "position", "tz"]}),
        (_("Public holidays"), {"fields": ["observes_holidays", "country", "subdivision"]}),
    ]
    view_on_site = True

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        calendar_changed(actor=request.user, calendar=form.instance)

    def delete_model(self, request: HttpRequest, obj: Calendar) -> None:
        remove_calendar(actor=request.user, calendar=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Calendar]) -> None:
        for calendar in queryset:
            remove_calendar(actor=request.user, calendar=calendar)


@admin.register(Season)
class SeasonAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The week of a season. A day without a row is closed while the season lasts."""

    list_display = ["name", "calendar", "first", "last"]
    list_filter = ["calendar"]
    list_select_related = ["calendar"]
    fields = ["calendar", "first", "last", *NAMES]
    inlines = [SeasonHoursInline]

    def save_model(self, request: HttpRequest, obj: Season, form: Any, change: bool) -> None:
        before = form.initial.get("calendar") if change else None
        super().save_model(request, obj, form, change)
        if before and before != obj.calendar_id:
            calendar_changed(actor=request.user, calendar=Calendar.objects.get(pk=before))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        calendar_changed(actor=request.user, calendar=form.instance.calendar)

    def delete_model(self, request: HttpRequest, obj: Season) -> None:
        calendar = obj.calendar
        super().delete_model(request, obj)
        calendar_changed(actor=request.user, calendar=calendar)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Season]) -> None:
        calendars = list(Calendar.objects.filter(seasons__in=queryset).distinct())
        super().delete_queryset(request, queryset)
        for calendar in calendars:
            calendar_changed(actor=request.user, calendar=calendar)
