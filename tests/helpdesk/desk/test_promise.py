"""The clocks of a case: when they start, stand still, go on, are met and raise their alarms.

Moments are of a week without holidays, in Madrid: Monday 5 October 2026 and after.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from helpdesk.desk import domain, queries
from helpdesk.desk.domain.policies import change_policy
from helpdesk.desk.models import Clocked, Kind, Level, Policy, Priority, State
from platform_core.activity.models import Activity
from platform_core.officehours.domain import calendar_changed
from platform_core.officehours.models import Calendar, Closure
from platform_core.officehours.promise import State as Flag
from platform_core.officehours.promise import state as flag_of
from tests.factories.desk import agent, open_case
from tests.factories.organisations import deliver_all

pytestmark = pytest.mark.django_db
MADRID = ZoneInfo("Europe/Madrid")


def monday(clock: str, *, days: int = 0) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 10, 5, hour, minute, tzinfo=MADRID) + timedelta(days=days)


def clock(case, what):
    return case.clocks.get(what=what)


def alarms(case):
    wanted = ["desk.clock_warned", "desk.clock_breached"]
    return list(
        Activity.objects.filter(subject_id=str(case.pk), type__in=wanted).order_by("pk").values_list("type", "data")
    )


def test_a_question_is_promised_an_answer_in_two_hours_of_office_and_a_solution_in_eight():
    case = open_case(at=monday("13:00"))
    assert clock(case, Clocked.RESPONSE).due_at == monday("16:00")  # the break does not count
    assert clock(case, Clocked.RESOLUTION).due_at == monday("14:00", days=1)
    assert case.due_at == monday("16:00")


def test_an_outage_counts_every_hour_of_the_night():
    case = open_case(kind=Kind.OUTAGE, priority=Priority.URGENT, at=monday("23:00"))
    assert clock(case, Clocked.RESPONSE).due_at == monday("23:30")
    assert clock(case, Clocked.RESOLUTION).due_at == monday("03:00", days=1)
    assert queries.promise_of(case).plain_hours


def test_the_first_public_answer_of_the_desk_meets_the_first_promise_and_a_note_does_not():
    case, biel = open_case(at=monday("9:00")), agent()
    domain.add_note(actor=biel, case=case, text="Ho mirem.", at=monday("9:10"))
    assert clock(case, Clocked.RESPONSE).met_at is None
    domain.reply(actor=biel, case=case, text="Bon dia!", at=monday("9:30"))
    case.refresh_from_db()
    assert clock(case, Clocked.RESPONSE).met_at == monday("9:30")
    assert case.due_at == clock(case, Clocked.RESOLUTION).due_at
    assert (case.state, case.assignee) == (State.OPEN, biel)


def test_the_clock_stands_still_while_the_desk_waits_and_goes_on_with_the_answer():
    case, biel = open_case(at=monday("9:00")), agent()
    domain.reply(actor=biel, case=case, text="Quin procés és?", then=State.WAITING, at=monday("10:00"))
    case.refresh_from_db()
    assert case.due_at is None
    assert flag_of(queries.promise_of(case), now=monday("17:00", days=3)) is Flag.PAUSED
    domain.reply(actor=case.requester, case=case, text="El del pressupost.", at=monday("10:00", days=1))
    case.refresh_from_db()
    resolution = clock(case, Clocked.RESOLUTION)
    # Seven hours of office were lost waiting: from 10 to 10 of the next day.
    assert resolution.due_at == monday("10:00", days=2)
    assert (case.state, case.due_at) == (State.OPEN, resolution.due_at)


def test_a_case_that_is_reopened_does_not_count_the_time_in_which_it_seemed_resolved():
    case, biel = open_case(at=monday("9:00")), agent()
    domain.reply(actor=biel, case=case, text="Fet.", then=State.RESOLVED, at=monday("11:00"))
    case.refresh_from_db()
    assert (case.due_at, clock(case, Clocked.RESOLUTION).met_at) == (None, monday("11:00"))
    domain.reply(actor=case.requester, case=case, text="Encara falla.", at=monday("11:00", days=1))
    case.refresh_from_db()
    assert clock(case, Clocked.RESOLUTION).due_at == monday("10:00", days=2)
    # Who comes back is promised an answer as soon as at the beginning.
    assert case.due_at == monday("13:00", days=1)
    assert case.resolved_at is None


def test_another_kind_or_priority_reckons_the_promise_anew_from_the_beginning():
    case, biel = open_case(at=monday("9:00")), agent()
    domain.reclassify(actor=biel, case=case, kind=Kind.OUTAGE, priority=Priority.URGENT, at=monday("9:05"))
    case.refresh_from_db()
    assert clock(case, Clocked.RESPONSE).due_at == monday("9:30")
    assert clock(case, Clocked.RESOLUTION).due_at == monday("13:00")
    assert case.due_at == monday("9:30")


def test_a_closure_that_is_announced_later_moves_the_open_promises():
    case = open_case(at=monday("15:00"))
    domain.reply(actor=agent(), case=case, text="Ho mirem.", at=monday("15:30"))
    calendar = Calendar.objects.get(slug="suport")
    Closure.objects.create(calendar=calendar, first=monday("0:00", days=1), last=monday("0:00", days=1), name="Obres")
    calendar_changed(actor=None, calendar=calendar)
    before = clock(case, Clocked.RESOLUTION).due_at
    deliver_all()
    case.refresh_from_db()
    assert case.due_at == before + timedelta(days=1)


def test_a_level_that_is_edited_moves_the_open_promises_that_stand_on_it():
    case = open_case(at=monday("9:00"))
    policy = Policy.objects.get(kind=Kind.QUESTION, priority=Priority.NORMAL)
    policy.response = timedelta(hours=1)
    change_policy(actor=None, policy=policy)
    deliver_all()
    assert clock(case, Clocked.RESPONSE).due_at == monday("10:00")


def test_the_warning_comes_at_three_quarters_and_the_breach_at_the_moment_once_each():
    case = open_case(at=monday("9:00"))
    domain.reply(actor=agent(), case=case, text="Ho mirem.", at=monday("9:10"))
    assert domain.raise_alarms(now=monday("15:30")) == 0  # 5 h 30 min of 8 are gone
    assert domain.raise_alarms(now=monday("16:00")) == 1
    assert domain.raise_alarms(now=monday("16:30")) == 0
    assert domain.raise_alarms(now=monday("10:00", days=1)) == 1
    assert domain.raise_alarms(now=monday("12:00", days=1)) == 0
    assert [name for name, _data in alarms(case)] == ["desk.clock_warned", "desk.clock_breached"]
    case.refresh_from_db()
    assert case.is_breached


def test_after_the_scheduler_was_away_both_alarms_come_and_still_once():
    case = open_case(at=monday("9:00"))
    assert domain.raise_alarms(now=monday("9:00", days=4)) == 4  # two promises, each warned of and broken
    assert domain.raise_alarms(now=monday("9:01", days=4)) == 0
    assert len(alarms(case)) == 4


def test_nothing_is_raised_for_a_case_that_waits_or_is_resolved():
    waiting, solved, biel = open_case(at=monday("9:00")), open_case(at=monday("9:00")), agent()
    domain.change_state(actor=biel, case=waiting, to=State.WAITING, at=monday("9:30"))
    domain.change_state(actor=biel, case=solved, to=State.RESOLVED, at=monday("9:30"))
    assert domain.raise_alarms(now=monday("9:00", days=10)) == 0


def test_news_are_promised_after_each_answer_to_an_incident():
    case, biel = open_case(kind=Kind.INCIDENT, priority=Priority.URGENT, at=monday("9:00")), agent(2)
    domain.reply(actor=biel, case=case, text="Ho estem mirant.", at=monday("9:30"))
    case.refresh_from_db()
    assert case.due_at == clock(case, Clocked.UPDATE).due_at == monday("11:30")
    domain.reply(actor=biel, case=case, text="Ja sabem què és.", at=monday("11:00"))
    assert clock(case, Clocked.UPDATE).due_at == monday("13:00")


def test_an_answer_that_comes_late_is_a_broken_promise_even_if_nobody_raised_the_alarm():
    case = open_case(at=monday("9:00"))
    domain.reply(actor=agent(), case=case, text="Perdoneu la tardança.", at=monday("12:00"))
    case.refresh_from_db()
    assert case.is_breached
    assert clock(case, Clocked.RESPONSE).breached_at == monday("11:00")


def test_a_calendar_that_never_opens_promises_nothing_and_the_case_burns_first():
    open_case(at=monday("9:00"))
    calendar = Calendar.objects.get(slug="suport")
    calendar.week.all().delete()
    calendar_changed(actor=None, calendar=calendar)
    case = open_case(at=monday("9:00"))
    assert case.due_at == case.opened_at
    assert queries.promise_of(case) is None


def test_what_was_resolved_two_weeks_ago_is_closed_by_itself():
    case, other, biel = open_case(at=monday("9:00")), open_case(at=monday("9:00")), agent()
    domain.change_state(actor=biel, case=case, to=State.RESOLVED, at=monday("9:30"))
    domain.change_state(actor=biel, case=other, to=State.RESOLVED, at=monday("9:30", days=21))
    assert domain.close_resolved(now=monday("12:00", days=28)) == 1
    case.refresh_from_db()
    other.refresh_from_db()
    assert (case.state, other.state) == (State.CLOSED, State.RESOLVED)


def test_passing_a_case_on_keeps_its_promise():
    case = open_case(at=monday("9:00"))
    before = case.due_at
    case = domain.escalate(actor=agent(), case=case, level=Level.SYSTEMS, reason="Cal mirar el servidor.")
    assert case.due_at == before
