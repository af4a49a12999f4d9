"""The five states of a promise, in words and in shapes, at one invented moment: the day before la Mercè 2026."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import translation

from platform_core.officehours import drawing
from platform_core.officehours.arithmetic import WorkSchedule
from platform_core.officehours.promise import Promise, State, flag, pledge, state

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MADRID = ZoneInfo("Europe/Madrid")
MERCE = date(2026, 9, 24)
NOW = datetime(2026, 9, 23, 12, 40, tzinfo=MADRID)
DESK = WorkSchedule(
    weekly={day: [("09:00", "14:00"), ("15:00", "17:00")] for day in range(5)}, tz="Europe/Madrid", closures={MERCE}
)


def promised(*, spent: timedelta, hours: int = 8, **facts: object) -> Promise:
    made_at = DESK.add(NOW, -spent)
    return Promise(
        schedule=DESK,
        allowance=hours * HOUR,
        made_at=made_at,
        due=DESK.add(made_at, hours * HOUR),
        closed={MERCE: "la Mercè"}.get,
        **facts,  # type: ignore[arg-type]
    )


RUNNING = promised(spent=65 * MINUTE)
RISKY = promised(spent=430 * MINUTE)
PAUSED = promised(spent=410 * MINUTE, paused_since=DESK.add(NOW, -4 * HOUR))
BROKEN = promised(spent=730 * MINUTE)
KEPT = promised(spent=5 * HOUR, kept_at=DESK.add(NOW, -HOUR))


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("promise", "expected"),
    [
        (RUNNING, State.ON),
        (promised(spent=6 * HOUR), State.ON),  # exactly a quarter left
        (promised(spent=6 * HOUR + MINUTE), State.RISK),
        (promised(spent=8 * HOUR), State.RISK),  # the very moment is still in time
        (RISKY, State.RISK),
        (PAUSED, State.PAUSED),
        (BROKEN, State.BREACHED),
        (KEPT, State.KEPT),
        (promised(spent=9 * HOUR, kept_at=NOW), State.BREACHED),  # done, but late
        (promised(spent=12 * HOUR, paused_since=DESK.add(NOW, -HOUR)), State.BREACHED),  # paused after it was broken
    ],
)
def test_a_promise_is_in_one_of_five_states(promise: Promise, expected: State):
    assert state(promise, now=NOW) is expected


@pytest.mark.parametrize(
    ("promise", "when", "left"),
    [
        (RUNNING, "Fri 25, 12:35", "6 h 55 min"),
        (RISKY, "today, 13:30", "50 min"),
        (PAUSED, "Paused", "5 h 10 min"),
        (BROKEN, "yesterday, 16:30", "+4 h 10 min"),
        (KEPT, "Promise kept", "4 h early"),
        (promised(spent=10 * HOUR, hours=35), "Wed 30, 09:40", "3 and a half working days"),
    ],
)
def test_the_flag_says_the_moment_and_what_is_left(promise: Promise, when: str, left: str):
    shown = flag(promise, now=NOW)
    assert (shown.when, shown.left) == (when, left)


def test_a_moment_of_another_month_is_told_with_its_month():
    assert flag(promised(spent=0 * HOUR, hours=70), now=NOW).when == "Thu 8 Oct, 12:40"


@pytest.mark.parametrize("language", ["ca", "es"])
def test_the_moment_is_told_in_the_language_of_the_reader(language: str):
    with translation.override(language):
        assert (
            pledge(RUNNING, now=NOW).title
            == {
                "ca": "divendres 25 de setembre, 12.35 h",
                "es": "viernes 25 de septiembre, 12:35 h",
            }[language]
        )


def test_a_paused_promise_tells_where_the_flag_will_stand_if_the_person_answers_now():
    assert "Friday 25 September, 10:50" in pledge(PAUSED, now=NOW).left


def test_a_broken_promise_says_so():
    shown = pledge(BROKEN, now=NOW)
    assert shown.kicker == "We did not keep it"
    assert shown.left == "4 h 10 min late."


def test_the_card_says_why_it_is_that_moment():
    reasons = [sentence for _icon, sentence in pledge(RUNNING, now=NOW).reasons]
    assert any("la Mercè" in sentence for sentence in reasons)


def test_an_outage_does_not_speak_of_office_hours():
    always = WorkSchedule(weekly={day: [("00:00", "24:00")] for day in range(7)}, tz="Europe/Madrid")
    outage = Promise(schedule=always, allowance=4 * HOUR, made_at=NOW, due=NOW + 4 * HOUR, plain_hours=True)
    shown = pledge(outage, now=NOW)
    assert shown.days == []
    assert "every hour of the day" in shown.reasons[0][1]


# ---- shapes ----


def test_a_meter_has_a_hollow_block_an_hour_and_solid_what_is_left():
    picture = drawing.meter(8, 6 + 55 / 60)
    assert picture.width == "113"
    assert [shape.css for shape in picture.shapes].count("h-box") == 8
    assert drawing.box("h-left", 13.92, 0, 10.08, 9) in picture.shapes  # the hour that has just begun to be spent


def test_a_paused_meter_is_split_like_a_pause_sign():
    assert [shape.css for shape in drawing.meter(8, 5, paused=True).shapes].count("h-pause") == 5


def test_the_blocks_of_a_missed_flag_come_after_it_and_are_never_more_than_fit():
    picture = drawing.late_meter(4 + 10 / 60)
    assert picture.width == "74"
    assert picture.shapes[0].d.startswith("M0 -3")
    assert len(drawing.late_meter(400).shapes) == 1 + drawing.MOST_LATE


def test_the_strip_has_the_days_up_to_the_flag_and_names_the_one_that_does_not_count():
    days = pledge(RUNNING, now=NOW).days
    assert [(day.name, day.off, day.today) for day in days] == [
        ("Wed 23", False, True),
        ("Thu 24", True, False),
        ("Fri 25", False, False),
    ]
    assert [day.note for day in days] == ["3 h 20 min count", "la Mercè: does not count", "3 h 35 min, until 12:35"]
    assert [day.width for day in days] == ["148", "91.76", "148"]


def test_the_present_stands_at_its_minute_and_the_flag_at_its_own():
    days = pledge(RUNNING, now=NOW).days
    assert next(shape.d for shape in days[0].shapes if shape.css == "s-now").startswith("M73.33 ")
    assert "M71.67 -6v36" in next(shape.d for shape in days[2].shapes if shape.css == "s-flag")


def test_a_long_strip_folds_the_days_in_the_middle():
    days = pledge(promised(spent=HOUR, hours=140), now=NOW).days
    assert len(days) == 3


def test_numbers_keep_their_point_in_every_language():
    with translation.override("ca"):
        html = Template("{% load promise %}{% promise p now %}{% pledge p now %}").render(
            Context({"p": RUNNING, "now": NOW})
        )
    assert "style=" not in html
    for data in re.findall(r' d="([^"]+)"', html):
        assert "," not in data
    assert 'viewBox="0 -7 148 38"' in html


def test_a_schedule_in_another_zone_tells_its_own_days():
    shown = flag(RUNNING, now=NOW.astimezone(ZoneInfo("Pacific/Auckland")))
    assert shown.when == "Fri 25, 12:35"
