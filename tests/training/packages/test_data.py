"""What a package says of who takes it: kept once, whatever comes late or twice, and the lesson done when it is."""

import json
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from platform_core.base.errors import Refusal
from tests.factories import packages as made
from tests.factories.accounts import UserFactory
from tests.factories.training import enrolled
from training import domain
from training.domain.packages import Report, keep_package_data, ticket
from training.models import Certificate, PackageData, Progress

pytestmark = pytest.mark.django_db
STATUS, TIME, PLACE = "cmi.core.lesson_status", "cmi.core.session_time", "cmi.core.lesson_location"


def say(world, values, *, at=None, seq=1, version="1.2", finished=False, package=None):
    report = Report(version=version, ticket=at or ticket(), seq=seq, values=values, is_finished=finished)
    return keep_package_data(
        person=world.person,
        course_key=world.course.translation_key,
        lesson_key=world.lesson.translation_key,
        package=package or world.package.pk,
        report=report,
    )


def kept():
    return PackageData.objects.get()


def is_done(world) -> bool:
    rows = Progress.objects.filter(enrolment=world.enrolment, key=world.lesson.translation_key)
    return rows.exclude(done_at=None).exists()


def test_what_it_says_is_kept_and_given_back(client, world):
    client.force_login(world.person)
    say(world, {PLACE: "p3", "cmi.suspend_data": "a=1", TIME: "00:01:00", "cmi.core.exit": "suspend"}, finished=True)
    script = client.get(world.frame(client).replace("index.html", "__api.js")).text
    boot = json.loads(script[script.rindex("})\n(") + 4 : script.rindex(");")])
    assert boot["values"] == {PLACE: "p3", "cmi.suspend_data": "a=1"}  # neither how it ended nor how long it was
    assert boot["known"]["1.2"]["cmi.core.entry"] == "resume"
    assert boot["known"]["1.2"]["cmi.core.total_time"] == "0000:01:00.00"
    assert boot["version"] == "1.2"


@pytest.mark.parametrize(
    ("version", "values"),
    [
        ("1.2", {STATUS: "completed"}),
        ("1.2", {STATUS: "passed"}),
        ("2004", {"cmi.completion_status": "completed"}),
        ("2004", {"cmi.success_status": "passed"}),
    ],
)
def test_the_lesson_is_done_when_the_package_says_so(world, version, values):
    assert say(world, values, version=version).is_done
    assert is_done(world)


@pytest.mark.parametrize("status", ["incomplete", "failed", "browsed"])
def test_the_lesson_is_not_done_before(world, status):
    assert not say(world, {STATUS: status}).is_done
    assert not is_done(world)


def test_a_course_ends_with_a_package(world):
    from tests.factories.training import do, lessons_of  # noqa: PLC0415  where it is used

    do(world.person, *(each for each in lessons_of(world.course) if each != world.lesson))
    assert not Certificate.objects.exists()
    say(world, {STATUS: "passed"})
    assert Certificate.objects.get().enrolment == world.enrolment


def test_what_comes_twice_or_late_changes_nothing(world):
    now = ticket()
    assert say(world, {PLACE: "2", TIME: "00:02:00"}, at=now, seq=2).is_changed
    before = kept()
    for values, seq in (({PLACE: "2", TIME: "00:02:00"}, 2), ({PLACE: "1", TIME: "00:01:00"}, 1)):
        again = say(world, values, at=now, seq=seq)
        assert (again.is_changed, again.is_superseded) == (False, False)
    after = kept()
    assert (after.values, after.total, after.changed_at) == (before.values, before.total, before.changed_at)


def test_the_session_that_began_last_counts(world):
    first = ticket()
    second = first + 1
    time.sleep(0.001)
    say(world, {PLACE: "1"}, at=first, seq=1)
    say(world, {PLACE: "segona"}, at=second, seq=1)
    late = say(world, {PLACE: "primera", STATUS: "passed"}, at=first, seq=9)
    assert (late.is_changed, late.is_superseded) == (False, True)
    assert kept().values == {PLACE: "segona"}
    assert is_done(world)  # that it was passed is true, whenever it comes


def test_the_time_of_each_session_is_added_once(world):
    first = ticket() - 10
    say(world, {TIME: "00:01:00"}, at=first, seq=1)
    say(world, {TIME: "00:03:00"}, at=first, seq=2)
    assert kept().total == 3 * 6000
    say(world, {TIME: "00:02:00"}, at=first + 1, seq=1)
    say(world, {TIME: "00:02:30"}, at=first + 1, seq=2)
    assert kept().total == 3 * 6000 + 15000


def test_a_length_that_nobody_sits_through_counts_as_a_month(world):
    say(world, {"cmi.session_time": "P999Y"}, version="2004")
    assert kept().total == 30 * 24 * 3600 * 100


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": 2**60},
        {"at": -1},
        {"seq": 0},
        {"seq": 2**40},
        {"version": "3"},
        {"values": {"cmi.core.student_name": "Un altre nom"}},
        {"values": {"x": "y"}},
        {"values": {STATUS: "fet"}},
        {"values": {"cmi.interactions.999.id": "x"}},
    ],
)
def test_what_our_script_cannot_have_sent_is_refused_and_nothing_of_it_kept(world, wrong):
    with pytest.raises(Refusal):
        say(world, **{"values": {STATUS: "passed"}, **wrong})
    assert not PackageData.objects.exists()
    assert not is_done(world)


def test_who_has_left_the_course_keeps_nothing(world):
    domain.leave(actor=world.person, enrolment=world.enrolment)
    with pytest.raises(Refusal):
        say(world, {STATUS: "passed"})
    assert not PackageData.objects.exists()


def test_a_package_of_another_lesson_is_refused(world):
    with pytest.raises(Refusal):
        say(world, {STATUS: "passed"}, package=made.package().pk)
    assert not is_done(world)


def test_it_is_deleted_with_the_person(world):
    say(world, {PLACE: "1"})
    world.person.delete()
    assert not PackageData.objects.exists()


# ---- the page ----


def post(client, world, **changes):
    facts = {
        "course": str(world.course.translation_key),
        "lesson": str(world.lesson.translation_key),
        "version": "1.2",
        "ticket": ticket(),
        "seq": 1,
        "values": {STATUS: "passed"},
        "finished": False,
        **changes,
    }
    body = changes.get("body") or json.dumps(facts)
    return client.post(f"/formacio/paquets/{world.package.pk}/dades/", body, content_type="application/json")


def test_the_page_of_the_lesson_sends_it(client, world):
    client.force_login(world.person)
    answer = post(client, world)
    assert (answer.status_code, answer.json()) == (200, {"changed": True, "superseded": False, "done": True})
    assert 'class="badge badge--ok"' in client.get("/formacio/formacio-inicial/modul-1/amb-paquet/").text


@pytest.mark.parametrize(
    "changes",
    [
        {"ticket": "1"},
        {"ticket": True},
        {"seq": 1.5},
        {"values": []},
        {"values": {STATUS: None}},
        {"version": 1.2},
        {"course": "x"},
        {"lesson": None},
        {"body": "{"},
        {"body": "[]"},
        {"body": "null"},
        {"body": "[" * 10_000},
        {"body": b"\xff\xfe"},
        {"values": {"cmi.suspend_data": "x" * 70_000}},
    ],
)
def test_what_it_cannot_have_sent_is_refused_with_a_sentence(client, world, changes):
    client.force_login(world.person)
    answer = post(client, world, **changes)
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert not PackageData.objects.exists()


def test_who_is_not_signed_in_is_told_so(client, world):
    assert post(client, world).status_code == 401


def test_somebody_else_keeps_nothing_in_its_place(client, world):
    client.force_login(UserFactory())
    assert post(client, world).status_code == 422
    other = UserFactory()
    enrolled(other, world.course)
    client.force_login(other)
    assert post(client, world).status_code == 200
    assert kept().enrolment.person == other


def test_without_our_token_nothing_is_kept(world):
    from django.test import Client  # noqa: PLC0415  where it is used

    client = Client(enforce_csrf_checks=True)
    client.force_login(world.person)
    assert post(client, world).status_code == 403


@pytest.mark.parametrize("size", [1, 200])
def test_it_costs_the_same_however_much_it_says(client, world, size):
    client.force_login(world.person)
    values = {f"cmi.interactions.{number}.id": "x" for number in range(size)}
    post(client, world, values=values)
    with CaptureQueriesContext(connection) as queries:
        post(client, world, values=values, seq=2, ticket=ticket())
    assert len(queries) <= 14, [query["sql"] for query in queries]
