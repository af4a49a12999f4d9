"""The calendars of the service: what they say, and how an edit takes effect."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation

import platform_core.officehours
from platform_core.activity.models import Activity
from platform_core.officehours.domain import calendar_changed, seed_calendars
from platform_core.officehours.models import Calendar, Closure, HolidayOverride, Season, SeasonHours, SpecialDay
from platform_core.officehours.queries import Kind, day_name, facts_of, reasons, schedule, status
from platform_core.officehours.templatetags.officehours import long_date
from tests.factories.officehours import calendar

pytestmark = pytest.mark.django_db

MADRID = ZoneInfo("Europe/Madrid")
DATA = Path(platform_core.officehours.__file__).parent / "data" / "festius_barcelona_2025_2027.csv"


def madrid(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=MADRID)  # type: ignore[arg-type,misc]


def changed(desk: Calendar) -> None:
    calendar_changed(actor=None, calendar=desk)


def test_seeding_twice_makes_each_calendar_once_and_keeps_what_was_edited():
    assert len(seed_calendars()) == 3
    Calendar.objects.filter(slug="suport").update(name="Una altra")
    assert seed_calendars() == []
    assert Calendar.objects.get(slug="suport").name == "Una altra"


def test_the_holidays_are_those_of_the_published_list_and_no_others():
    desk = calendar()
    with DATA.open(encoding="utf-8") as file:
        listed = {date.fromisoformat(row["data"]) for row in csv.DictReader(file)}
    known = {day for day in facts_of(desk).holidays if 2025 <= day.year <= 2027}
    assert known == listed
    for day in listed:
        assert not desk_open_on(day), day


def desk_open_on(day: date) -> bool:
    start = datetime(day.year, day.month, day.day, tzinfo=MADRID)
    return schedule("suport").between(start, start + timedelta(days=1)) > timedelta()


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (madrid(2026, 9, 23, 12, 40), 8, madrid(2026, 9, 25, 13, 40)),  # over la Mercè
        (madrid(2026, 5, 22, 16), 2, madrid(2026, 5, 26, 10)),  # over the weekend and Pasqua Granada
        (madrid(2025, 12, 24, 16), 2, madrid(2025, 12, 29, 10)),  # over Christmas, Sant Esteve and a weekend
        (madrid(2027, 3, 25, 16), 2, madrid(2027, 3, 30, 10)),  # over Easter, and the change of the clock
        (madrid(2025, 6, 6, 16), 2, madrid(2025, 6, 10, 10)),
    ],
)
def test_the_promise_counts_the_hours_of_support(start, hours, end):
    calendar()
    assert schedule("suport").add(start, timedelta(hours=hours)) == end


def test_incidents_have_no_lunch_break_and_outages_no_night():
    calendar()
    assert schedule("incidencies").add(madrid(2026, 9, 23, 9), timedelta(hours=8)) == madrid(2026, 9, 23, 17)
    assert schedule("24x7").add(madrid(2026, 9, 23, 20), timedelta(hours=8)) == madrid(2026, 9, 24, 4)


def test_a_closure_takes_effect_at_once(django_assert_num_queries):
    desk = calendar()
    assert schedule("suport").is_open(madrid(2026, 12, 31, 10))
    Closure.objects.create(calendar=desk, first=date(2026, 12, 30), last=date(2026, 12, 31), name="Tancament")
    changed(desk)
    assert not schedule("suport").is_open(madrid(2026, 12, 31, 10))
    with django_assert_num_queries(1):
        schedule("suport")


def test_the_table_corrects_the_holidays_of_the_library():
    desk = calendar()
    HolidayOverride.objects.create(calendar=desk, day=date(2026, 9, 24), kind="remove", name="La Mercè")
    HolidayOverride.objects.create(calendar=desk, day=date(2026, 9, 23), kind="add", name="Festa")
    changed(desk)
    assert schedule("suport").is_open(madrid(2026, 9, 24, 10))
    assert not schedule("suport").is_open(madrid(2026, 9, 23, 10))


def test_summer_hours_rule_their_dates_but_not_holidays_and_special_days():
    desk = calendar()
    summer = Season.objects.create(
        calendar=desk, first=date(2026, 6, 15), last=date(2026, 9, 15), name="Horari d'estiu"
    )
    for weekday in range(5):
        SeasonHours.objects.create(season=summer, weekday=weekday, hours="8:00-15:00")
    SpecialDay.objects.create(calendar=desk, day=date(2026, 7, 1), hours="10.00-12.00", name="Jornada")
    changed(desk)
    working = schedule("suport")
    assert working.between(madrid(2026, 6, 15), madrid(2026, 6, 16)) == timedelta(hours=7)
    assert working.between(madrid(2026, 6, 12), madrid(2026, 6, 13)) == timedelta(hours=7)
    assert working.next_open(madrid(2026, 6, 15)) == madrid(2026, 6, 15, 8)
    assert working.between(madrid(2026, 6, 24), madrid(2026, 6, 25)) == timedelta()
    assert working.between(madrid(2026, 7, 1), madrid(2026, 7, 2)) == timedelta(hours=2)


def test_a_change_is_recorded():
    desk = calendar()
    before = desk.stamp
    changed(desk)
    fact = Activity.objects.filter(type="officehours.calendar_changed").latest("id")
    assert fact.subject_id == str(desk.pk)
    assert Calendar.objects.get(slug="suport").stamp == desk.stamp != before


def test_the_reasons_name_the_holiday_in_the_language_of_the_reader():
    desk = calendar()
    with translation.override("ca"):
        found = reasons(desk, madrid(2026, 9, 23, 13), madrid(2026, 9, 25, 10))
    assert [(reason.kind, reason.day.day) for reason in found] == [(Kind.BREAK, 23), (Kind.HOLIDAY, 24)]
    assert found[1].text == "Mare de Déu de la Mercè"
    with translation.override("en"):
        assert reasons(desk, madrid(2026, 5, 25, 8), madrid(2026, 5, 26, 9))[0].text == "Pentecost Monday"


def test_a_night_needs_no_reason_and_a_holiday_on_a_weekend_is_the_weekend():
    desk = calendar()
    assert reasons(desk, madrid(2026, 9, 22, 17), madrid(2026, 9, 23, 9)) == []
    assert reasons(desk, madrid(2026, 9, 24, 18), madrid(2026, 9, 25, 9)) == []
    found = reasons(desk, madrid(2026, 8, 14, 17), madrid(2026, 8, 17, 9))
    assert [reason.kind for reason in found] == [Kind.WEEKLY, Kind.WEEKLY]


def test_the_status_says_when_it_opens_and_why_it_is_closed():
    desk = calendar()
    with translation.override("en"):
        now = status(desk, at=madrid(2026, 5, 22, 18))
    assert not now.is_open
    assert now.changes_at == madrid(2026, 5, 26, 9)
    with translation.override("en"):
        assert now.opening_day == "on Tuesday"
        assert now.why == "Monday 25 is a holiday: Pentecost Monday."
    assert status(desk, at=madrid(2026, 9, 23, 10)).changes_at == madrid(2026, 9, 23, 14)
    assert status(calendar("24x7")).changes_at is None


@pytest.mark.parametrize("language", ["ca", "es", "en"])
def test_the_page_of_the_hours_opens_in_each_language_with_three_queries_at_most(
    client, language, django_assert_max_num_queries
):
    calendar()
    with translation.override(language):
        url = reverse("officehours:hours")
    client.get(url)
    with django_assert_max_num_queries(3):
        page = client.get(url)
    assert page.status_code == 200
    assert "9.00–14.00 h" in page.content.decode()


def test_a_catalan_date_takes_its_preposition():
    with translation.override("ca"):
        assert long_date(date(2030, 4, 1)) == "dilluns, 1 d’abril del 2030"
        assert day_name(date(2030, 4, 1), today=date(2030, 1, 1)) == "dilluns 1 d’abril"


def test_the_page_says_so_when_there_are_no_calendars(client):
    assert client.get("/horari/").status_code == 200


def test_the_home_page_says_whether_we_are_open(client):
    calendar()
    assert "/horari/" in client.get("/").content.decode()


def run(*arguments: str, capsys) -> str:
    call_command("office_hours", *arguments)
    return capsys.readouterr().out.strip()


def test_the_command_prints_moments_with_offset_and_durations(capsys):
    calendar()
    moment = "2026-09-23T12:40+02:00"
    assert run("add", "--calendar", "suport", moment, "8h", capsys=capsys) == "2026-09-25T13:40:00+02:00"
    assert run("add", "--calendar", "suport", "2026-09-23T10:40Z", "PT8H", capsys=capsys) == "2026-09-25T13:40:00+02:00"
    assert run("between", "--calendar", "suport", moment, "2026-09-25T09:30+02:00", capsys=capsys) == "PT3H50M"
    assert run("open", "--calendar", "suport", moment, capsys=capsys) == "open until 2026-09-23T14:00:00+02:00"
    closed = run("open", "--calendar", "suport", "2026-09-24T10:00+02:00", capsys=capsys)
    assert closed == "closed until 2026-09-25T09:00:00+02:00"
    assert run("open", "--calendar", "24x7", capsys=capsys) == "open"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["add", "--calendar", "suport", "2026-09-23T12:40", "8h"], "offset"),
        (["add", "--calendar", "suport", "yesterday", "8h"], "yesterday"),
        (["add", "--calendar", "res", "now", "8h"], "suport, incidencies, 24x7"),
        (["add", "--calendar", "suport", "now", "3d"], "3d"),
        (["add", "--calendar", "suport", "now", ""], "duration"),
        (["add", "--calendar", "suport", "now", "9999999h"], "1900"),
        (["between", "--calendar", "suport", "0001-01-01T00:00+02:00", "now"], "1900"),
        (["open", "--calendar", "suport", "9999-12-31T23:59-12:00"], "1900"),
    ],
)
def test_the_command_answers_nonsense_with_a_message(arguments, says, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en")
    calendar()
    with pytest.raises(CommandError, match=says):
        call_command("office_hours", *arguments)
