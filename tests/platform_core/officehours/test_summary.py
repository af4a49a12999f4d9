"""The week of the desk in one line, as the foot of every page tells it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone, translation

from platform_core.officehours.domain import calendar_changed
from platform_core.officehours.models import Calendar, Season, SeasonHours, WeeklyHours
from platform_core.officehours.summary import forget, week_in_words
from tests.factories.officehours import calendar

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    forget("suport")
    yield
    forget("suport")


def rewrite(desk: Calendar, hours: dict[int, str]) -> None:
    desk.week.all().delete()
    WeeklyHours.objects.bulk_create(WeeklyHours(calendar=desk, weekday=day, hours=text) for day, text in hours.items())


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ca", "de dilluns a divendres, de 9.00 a 14.00 h i de 15.00 a 17.00 h"),
        ("es", "de lunes a viernes, de 9.00 a 14.00 h y de 15.00 a 17.00 h"),
        ("en", "Monday to Friday, 9.00 to 14.00 and 15.00 to 17.00"),
    ],
)
def test_the_week_is_told_in_the_reader_s_language_on_every_page(client, language, text):
    calendar()
    with translation.override(language):
        assert week_in_words("suport") == text
    assert text in client.get("/horari/" if language == "ca" else f"/{language}/horari/").text


@pytest.mark.parametrize(
    ("week", "text"),
    [
        ({}, ""),
        ({5: "10:00-13:00"}, "Saturday, 10.00 to 13.00"),
        ({0: "9:00-14:00", 1: "9:00-14:00"}, "Monday and Tuesday, 9.00 to 14.00"),
        (
            {0: "8:00-15:00", 1: "8:00-15:00", 2: "8:00-15:00", 5: "8:00-15:00"},
            "Monday to Wednesday and Saturday, 8.00 to 15.00",
        ),
        (
            {**dict.fromkeys(range(4), "9:00-17:00"), 4: "9:00-14:00"},
            "Monday to Thursday, 9.00 to 17.00; Friday, 9.00 to 14.00",
        ),
        (dict.fromkeys(range(7), "0:00-24:00"), "Monday to Sunday, 0.00 to 24.00"),
    ],
)
def test_days_with_the_same_hours_are_told_together(week, text):
    desk = calendar()
    rewrite(desk, week)
    calendar_changed(actor=None, calendar=desk)
    with translation.override("en"):
        assert week_in_words("suport") == text


def test_a_season_in_force_is_what_is_told():
    desk = calendar()
    today = timezone.localdate()
    season = Season.objects.create(calendar=desk, name="Estiu", first=today, last=today + timedelta(days=30))
    SeasonHours.objects.create(season=season, weekday=0, hours="8:00-15:00")
    calendar_changed(actor=None, calendar=desk)
    with translation.override("en"):
        assert week_in_words("suport") == "Monday, 8.00 to 15.00"


def test_a_service_without_calendars_says_nothing_and_breaks_nothing(client):
    assert week_in_words("suport") == ""
    assert client.get("/").status_code == 200


def test_an_edit_is_told_at_once_and_between_edits_nobody_asks_the_database(
    django_assert_num_queries, django_capture_on_commit_callbacks
):
    desk = calendar()
    with translation.override("en"):
        week_in_words("suport")
        with django_assert_num_queries(0):
            week_in_words("suport")
        rewrite(desk, {0: "9:00-10:00"})
        with django_capture_on_commit_callbacks(execute=True):
            calendar_changed(actor=None, calendar=desk)
        assert week_in_words("suport") == "Monday, 9.00 to 10.00"


def test_with_the_database_away_the_foot_leaves_the_hours_out(monkeypatch):
    def away(**_facts):
        raise OperationalError("connection refused")

    monkeypatch.setattr(Calendar.objects, "filter", away)
    assert week_in_words("suport") == ""
    monkeypatch.undo()
    calendar()
    assert week_in_words("suport") != ""
