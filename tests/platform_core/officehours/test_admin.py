"""Editing a calendar in the admin."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from platform_core.accounts.models import User
from platform_core.activity.models import Activity
from platform_core.officehours.models import Calendar
from platform_core.officehours.queries import schedule
from tests.factories.officehours import calendar

pytestmark = pytest.mark.django_db
PREFIXES = ["week", "special_days", "closures", "seasons", "holiday_overrides"]


def form_of(desk: Calendar, **changes: str) -> dict[str, str]:
    fields = {
        "name": desk.name,
        "name_es": "",
        "name_en": "",
        "slug": desk.slug,
        "description": "",
        "position": "0",
        "tz": desk.tz,
        "observes_holidays": "on",
        "country": "ES",
        "subdivision": "Barcelona",
    }
    for prefix in PREFIXES:
        fields |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    rows = list(desk.week.all())
    fields |= {"week-TOTAL_FORMS": str(len(rows)), "week-INITIAL_FORMS": str(len(rows))}
    for number, row in enumerate(rows):
        fields |= {f"week-{number}-id": str(row.pk), f"week-{number}-calendar": str(desk.pk)}
        fields |= {f"week-{number}-weekday": str(row.weekday), f"week-{number}-hours": row.hours}
    return fields | changes


@pytest.fixture
def editor(client):
    person = User.objects.create_superuser(email="admin@desk.test", password="x", name="Administració")
    client.force_login(person)
    client.person = person
    return client


def save(editor, desk: Calendar, **changes: str):
    return editor.post(f"/admin/officehours/calendar/{desk.pk}/change/", form_of(desk, **changes))


def test_a_closure_written_in_the_admin_stops_the_clock_at_once_and_is_recorded(editor):
    desk = calendar()
    moment = datetime(2026, 12, 31, 10, tzinfo=ZoneInfo("Europe/Madrid"))
    assert schedule("suport").is_open(moment)
    closure = {"first": "31/12/2026", "last": "31/12/2026", "name": "Tancament"}
    changes = {f"closures-0-{name}": value for name, value in closure.items()}
    answer = save(editor, desk, **changes, **{"closures-TOTAL_FORMS": "1"})
    assert answer.status_code == 302, answer.context["errors"]
    assert not schedule("suport").is_open(moment)
    assert Activity.objects.latest("id").actor == editor.person


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"tz": "Europe/Barcelona"}, "tz"),
        ({"country": "XX"}, "country"),
        ({"subdivision": "Enlloc"}, "subdivision"),
        ({"week-0-hours": "17:00-9:00"}, "hours"),
        ({"week-0-hours": "9:00-14:00, 13:00-15:00"}, "hours"),
        ({f"week-{number}-DELETE": "on" for number in range(5)}, "never"),
    ],
)
def test_nonsense_is_refused_beside_its_field_and_nothing_changes(editor, changes, where):
    desk = calendar()
    answer = save(editor, desk, **changes)
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    form, sets = answer.context["adminform"].form, answer.context["inline_admin_formsets"]
    week = sets[0].formset
    assert where in form.errors or any(where in errors for errors in week.errors) or week.non_form_errors()
    assert Calendar.objects.get(slug="suport").stamp == desk.stamp


def test_every_page_of_the_admin_of_calendars_opens(editor):
    desk = calendar()
    for path in ["calendar/", "calendar/add/", f"calendar/{desk.pk}/change/", "season/", "season/add/"]:
        assert editor.get(f"/admin/officehours/{path}").status_code == 200
