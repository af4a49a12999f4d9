"""Live sessions: places, waiting, letters, attendance."""

from datetime import UTC, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from platform_core.accounts.roles import Role
from platform_core.background.worker import Worker
from platform_core.base.errors import Refusal
from tests.factories.accounts import UserFactory
from tests.factories.organisations import deliver_all
from tests.factories.training import course, enrolled
from training import tasks
from training.domain import sessions
from training.domain.sessions import SessionFacts
from training.models import Certificate, Seat, SeatState, Session

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return UserFactory(roles=[Role.AGENT_1])


@pytest.fixture
def page():
    return course()


def facts(**changed):
    begins = timezone.now() + changed.pop("begins_in", timedelta(days=7))
    known = {"title": "Sessió final", "starts_at": begins, "ends_at": begins + timedelta(hours=2)}
    return SessionFacts(**{**known, **changed})


@pytest.fixture
def session(agent, page):
    found = facts(places=1, url="https://reunio.example/1", place="Sala 2; planta 1, ala nord")
    return sessions.announce(actor=agent, course=page, facts=found)


def state(session, person):
    return Seat.objects.get(session=session, person=person).state


def deliver():
    deliver_all()
    Worker().drain()


def test_places_are_given_in_turn_and_a_free_one_to_who_waits_longest(client, session):
    first, second, third = (UserFactory() for _number in range(3))
    for person in (first, first, second, third):
        client.force_login(person)
        assert client.post(f"/formacio/sessions/{session.uid}/placa/").status_code == 302
    assert [state(session, person) for person in (first, second, third)] == ["going", "waiting", "waiting"]
    client.force_login(first)
    client.post(f"/formacio/sessions/{session.uid}/baixa/")
    assert [state(session, person) for person in (first, second, third)] == ["cancelled", "going", "waiting"]
    deliver()
    assert [letter.to for letter in mail.outbox] == [[second.email]]
    assert "https://reunio.example/1" in mail.outbox[0].body
    client.post(f"/formacio/sessions/{session.uid}/placa/")
    assert state(session, first) == "waiting", "who comes back waits behind the others"


def test_the_address_to_join_is_for_who_has_a_place(client, session):
    person = UserFactory()
    client.force_login(person)
    address = f"/formacio/sessions/{session.uid}/"
    assert "reunio.example" not in client.get(address).text
    assert "reunio.example" not in client.get(f"{address}sessio.ics").text
    client.post(f"{address}placa/")
    assert "reunio.example" in client.get(address).text
    assert "reunio.example" in client.get(f"{address}sessio.ics").text


def test_the_file_for_the_calendar(client, agent, session):
    client.force_login(agent)
    text = client.get(f"/formacio/sessions/{session.uid}/sessio.ics").content.decode()
    assert "LOCATION:Sala 2\\; planta 1\\, ala nord\r\n" in text
    assert f"DTSTART:{session.starts_at.astimezone(UTC):%Y%m%dT%H%M%SZ}\r\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    sessions.cancel(actor=agent, session=session)
    again = client.get(f"/formacio/sessions/{session.uid}/sessio.ics").content.decode()
    assert "STATUS:CANCELLED" in again
    assert "SEQUENCE:1" in again


def test_nobody_asks_for_a_place_in_what_is_over_or_called_off(client, agent, session):
    person = UserFactory()
    client.force_login(person)
    sessions.cancel(actor=agent, session=session)
    assert client.post(f"/formacio/sessions/{session.uid}/placa/").status_code == 422
    Session.objects.update(cancelled_at=None, starts_at=timezone.now() - timedelta(hours=1))
    assert client.post(f"/formacio/sessions/{session.uid}/placa/").status_code == 422
    assert not Seat.objects.exclude(state=SeatState.CANCELLED).exists()


def test_those_who_wanted_to_come_are_told_of_changes(agent, session):
    goes, waits, left = (UserFactory() for _number in range(3))
    for person in (goes, waits, left):
        sessions.take_seat(person=person, session=session)
    sessions.give_up(person=left, session=session)
    sessions.change(actor=agent, session=session, facts=facts(begins_in=timedelta(days=9), places=1))
    deliver()
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted([goes.email, waits.email])
    mail.outbox.clear()
    sessions.cancel(actor=agent, session=session)
    sessions.cancel(actor=agent, session=session)
    deliver()
    assert len(mail.outbox) == 2
    assert "anul·la" in mail.outbox[0].subject


def test_more_places_are_for_those_who_wait(agent, session):
    first, second = UserFactory(), UserFactory()
    for person in (first, second):
        sessions.take_seat(person=person, session=session)
    sessions.change(actor=agent, session=session, facts=facts(places=2))
    assert state(session, second) == "going"


def test_everybody_is_reminded_once(session):
    person = UserFactory()
    sessions.take_seat(person=person, session=session)
    tasks.look_for_sessions()
    Worker().drain()
    assert not mail.outbox
    Session.objects.update(starts_at=timezone.now() + timedelta(hours=5))
    for _time in range(2):
        tasks.look_for_sessions()
        Worker().drain()
    assert [letter.to for letter in mail.outbox] == [[person.email]]


def test_attendance_by_the_code_completes_a_course_that_says_so(client, agent, page):
    found = facts(begins_in=timedelta(minutes=10), attendance_code="Fènix 7", completes=True)
    session = sessions.announce(actor=agent, course=page, facts=found)
    person = UserFactory()
    enrolled(person, page)
    client.force_login(person)
    address = f"/formacio/sessions/{session.uid}/assistencia/"
    refused = client.post(address, {"code": "un altre"})
    assert refused.status_code == 422
    assert "un altre" in refused.text, "what was typed is kept"
    assert client.post(address, {"code": "  fenix 7"}).status_code == 302
    client.post(address, {"code": "fenix 7"})
    assert Certificate.objects.get().enrolment.person == person


@pytest.mark.parametrize("begins_in", [timedelta(hours=2), timedelta(days=-2)])
def test_the_code_counts_around_the_session_only(agent, page, begins_in):
    session = sessions.announce(actor=agent, course=page, facts=facts(begins_in=begins_in, attendance_code="x1"))
    with pytest.raises(Refusal):
        sessions.attend(person=UserFactory(), session=session, code="x1")


def test_a_session_without_a_code_takes_none(agent, page):
    session = sessions.announce(actor=agent, course=page, facts=facts(begins_in=timedelta(0)))
    for code in ("", "..", "x"):
        with pytest.raises(Refusal):
            sessions.attend(person=UserFactory(), session=session, code=code)


def test_the_service_marks_who_was_there(client, agent, session):
    person, stranger = UserFactory(), UserFactory()
    sessions.take_seat(person=person, session=session)
    client.force_login(agent)
    client.post(f"/formacio/sessions/{session.uid}/llista/", {"present": [person.pk, stranger.pk, "x", "9" * 40]})
    assert list(Seat.objects.exclude(attended_at=None).values_list("person", flat=True)) == [person.pk]


def test_the_service_announces_and_changes(client, agent, page):
    client.force_login(agent)
    new = f"/formacio/curs/{page.translation_key}/sessio/"
    sent = {"title": "Nova", "starts_at": "2030-05-02T10:00", "ends_at": "2030-05-02T12:00", "places": "20"}
    for wrong in ({"ends_at": "2030-05-02T09:00"}, {"starts_at": "ahir"}, {"title": ""}, {"url": "javascript:1"}):
        refused = client.post(new, {**sent, **wrong})
        assert refused.status_code == 422
        assert 'value="20"' in refused.text
    assert client.post(new, sent).status_code == 302
    session = Session.objects.get()
    assert session.starts_at.isoformat() == "2030-05-02T08:00:00+00:00", "hours are those of Madrid"
    edit = f"/formacio/sessions/{session.uid}/edita/"
    assert 'value="2030-05-02T10:00"' in client.get(edit).text
    client.post(edit, {**sent, "title": "Una altra"})
    assert "10.00 h" in client.get("/formacio/sessions/").text
    assert "Una altra" in client.get("/formacio/sessions/").text
    assert "Una altra" in client.get("/formacio/formacio-inicial/").text
    client.post(f"/formacio/sessions/{session.uid}/anul-la/")
    assert "anul·lada" in client.get("/formacio/sessions/").text


def test_only_the_service_writes_of_sessions(client, page, session):
    person = UserFactory()
    client.force_login(person)
    assert client.get(f"/formacio/curs/{page.translation_key}/sessio/").status_code == 404
    for path in ("edita", "llista", "anul-la"):
        assert client.post(f"/formacio/sessions/{session.uid}/{path}/").status_code == 404
    page.unpublish()
    assert client.get(f"/formacio/sessions/{session.uid}/").status_code == 404
    assert client.get("/formacio/sessions/").text.count("Sessió final") == 0
