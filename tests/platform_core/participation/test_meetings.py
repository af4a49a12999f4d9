"""Meetings: places, the queue, letters, calendars."""

from __future__ import annotations

import threading
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.utils import timezone
from icalendar import Calendar

from platform_core.activity.models import Activity
from platform_core.base.errors import Refusal
from platform_core.participation import domain, queries
from platform_core.participation.calendars import calendar_of
from platform_core.participation.models import Meeting, MeetingRegistration, SpaceRole
from platform_core.participation.receivers import mail_meeting
from tests.factories.accounts import UserFactory
from tests.factories.organisations import deliver_all
from tests.factories.participation import SpaceFactory, member_of

pytestmark = pytest.mark.django_db


def planned(**facts) -> Meeting:
    """A meeting in three days, with two places unless said otherwise."""
    space = facts.pop("space", None) or SpaceFactory()
    starts = timezone.now() + timedelta(days=3)
    facts = {
        "title": "Trobada de tardor", "starts_at": starts, "ends_at": starts + timedelta(hours=2),
        "place": "Biblioteca fictícia", "places": 2, **facts,
    }  # fmt: skip
    return domain.plan_meeting(actor=None, space=space, **facts)


def test_who_registers_when_it_is_full_waits_and_gets_the_first_place_that_is_given_back():
    meeting = planned()
    first, second, third, fourth = (member_of(meeting.space) for _ in range(4))
    registered = [domain.register_for(person=person, meeting=meeting) for person in (first, second, third, fourth)]
    assert [one.is_waiting for one in registered] == [False, False, True, True]
    assert domain.register_for(person=first, meeting=meeting) == registered[0]
    deliver_all()
    mail.outbox.clear()
    domain.unregister_from(person=first, meeting=meeting)
    domain.unregister_from(person=first, meeting=meeting)
    assert not MeetingRegistration.objects.get(person=third).is_waiting
    assert MeetingRegistration.objects.get(person=fourth).is_waiting
    deliver_all()
    assert [letter.to for letter in mail.outbox] == [[third.email]]
    places = queries.places_of([meeting], third)[meeting.pk]
    assert (places.taken, places.waiting, places.mine.is_waiting) == (2, 1, False)


def test_who_waits_and_goes_gives_nobody_a_place():
    meeting = planned(places=1)
    first, second, third = (member_of(meeting.space) for _ in range(3))
    for person in (first, second, third):
        domain.register_for(person=person, meeting=meeting)
    domain.unregister_from(person=second, meeting=meeting)
    assert MeetingRegistration.objects.get(person=third).is_waiting


def test_more_places_go_to_those_who_wait_and_fewer_take_nobodys():
    meeting = planned(places=1)
    chief = member_of(meeting.space, role=SpaceRole.MODERATOR)
    people = [member_of(meeting.space) for _ in range(3)]
    for person in people:
        domain.register_for(person=person, meeting=meeting)
    domain.change_meeting(actor=chief, meeting=meeting, places=2)
    assert queries.places_of([meeting], chief)[meeting.pk][:2] == (2, 1)
    domain.change_meeting(actor=chief, meeting=meeting, places=1)
    assert queries.places_of([meeting], chief)[meeting.pk][:2] == (2, 1)
    domain.change_meeting(actor=chief, meeting=meeting, places=None)
    assert queries.places_of([meeting], chief)[meeting.pk][:2] == (3, 0)


def test_only_members_register_and_only_before_it_begins():
    meeting = planned()
    with pytest.raises(Refusal):
        domain.register_for(person=UserFactory(), meeting=meeting)
    person = member_of(meeting.space)
    Meeting.objects.update(starts_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Refusal, match="començat"):
        domain.register_for(person=person, meeting=meeting)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"ends_at": timezone.now()}, "ends_at"),
        ({"ends_at": timezone.now() + timedelta(days=30)}, "ends_at"),
        ({"place": " "}, "place"),
    ],
)
def test_what_is_no_meeting_is_refused_beside_its_field(wrong, field):
    with pytest.raises(Refusal) as refused:
        planned(**wrong)
    assert refused.value.field == field


def test_another_hour_and_a_cancellation_are_told_to_who_comes_and_an_agenda_is_not():
    meeting = planned()
    chief, person = member_of(meeting.space, role=SpaceRole.MODERATOR), member_of(meeting.space)
    domain.register_for(person=person, meeting=meeting)
    deliver_all()
    mail.outbox.clear()
    domain.change_meeting(actor=chief, meeting=meeting, agenda="1. Presentacions")
    deliver_all()
    assert not mail.outbox
    meeting = domain.change_meeting(actor=chief, meeting=meeting, place="Sala fictícia")
    assert meeting.version == 1
    deliver_all()
    assert [letter.to for letter in mail.outbox] == [[person.email]]
    assert "Sala fictícia" in mail.outbox[0].body
    domain.cancel_meeting(actor=chief, meeting=meeting)
    deliver_all()
    assert len(mail.outbox) == 2
    with pytest.raises(Refusal, match="anul·lat"):
        domain.register_for(person=member_of(meeting.space), meeting=meeting)


def test_a_letter_to_many_is_tried_again_only_for_who_has_none_yet(monkeypatch):
    """A worker that is killed half way, or one address that is refused, neither loses a letter nor sends one twice."""
    meeting = planned()
    people = [member_of(meeting.space) for _ in range(3)]
    for person in people:
        domain.register_for(person=person, meeting=meeting)
    deliver_all()
    mail.outbox.clear()
    is_away = [people[0].email]
    plainly = EmailMultiAlternatives.send

    def send(letter, *args):
        if letter.to == is_away:
            raise SMTPRecipientsRefused({})
        return plainly(letter, *args)

    monkeypatch.setattr(EmailMultiAlternatives, "send", send)
    domain.cancel_meeting(actor=member_of(meeting.space, role=SpaceRole.MODERATOR), meeting=meeting)
    activity = Activity.objects.filter(type="participation.meeting_cancelled").get()
    for _try in range(2):
        with pytest.raises(SMTPRecipientsRefused):
            mail_meeting(activity)
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(person.email for person in people[1:])
    is_away.clear()
    deliver_all()
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(person.email for person in people)
    assert all("<html" in letter.alternatives[0][0] for letter in mail.outbox)


def test_the_day_before_who_comes_is_reminded_once_with_the_meeting_for_their_calendar():
    meeting = planned(places=1, starts_at=timezone.now() + timedelta(hours=20))
    comes, waits = member_of(meeting.space), member_of(meeting.space)
    far = planned(space=meeting.space)
    for person in (comes, waits):
        domain.register_for(person=person, meeting=meeting)
        domain.register_for(person=person, meeting=far)
    deliver_all()
    mail.outbox.clear()
    assert [domain.remind_of_meetings() for _ in range(2)] == [1, 0]
    deliver_all()
    (letter,) = mail.outbox
    assert letter.to == [comes.email]
    name, content, kind = letter.attachments[0]
    assert (name, kind.partition(";")[0]) == ("trobada.ics", "text/calendar")
    assert Calendar.from_ical(content).walk("VEVENT")[0]["summary"] == meeting.title


def test_a_calendar_program_reads_the_same_meeting_as_it_changes():
    meeting = planned(title="Trobada; amb, signes\\", agenda="Primer.\nDesprés.", link="https://example.org/sala")
    chief = member_of(meeting.space, role=SpaceRole.MODERATOR)
    (before,) = Calendar.from_ical(calendar_of([meeting])).walk("VEVENT")
    meeting = domain.cancel_meeting(actor=chief, meeting=meeting)
    (after,) = Calendar.from_ical(calendar_of([meeting])).walk("VEVENT")
    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert (before["status"], after["status"]) == ("CONFIRMED", "CANCELLED")
    assert before["summary"] == "Trobada; amb, signes\\"
    assert "example.org" in before["description"]
    assert before["dtstart"].dt == meeting.starts_at.replace(microsecond=0)


def test_the_secret_address_of_a_calendar_ends_with_the_next_one():
    person = UserFactory()
    first = domain.new_calendar_key(person=person).key
    second = domain.new_calendar_key(person=person).key
    assert queries.person_of_calendar(first) is None
    assert queries.person_of_calendar(second) == person


def test_a_calendar_has_the_meetings_of_ones_own_communities_while_one_is_in_them():
    meeting, other = planned(), planned()
    person = member_of(meeting.space)
    assert list(queries.meetings_for(person)) == [meeting]
    member_of(meeting.space, role=SpaceRole.MODERATOR)
    domain.leave(person=person, space=meeting.space)
    assert not queries.meetings_for(person)
    assert other.space != meeting.space


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_who_register_at_once_exactly_as_many_as_there_are_places_have_one():
    meeting = planned(places=3)
    people = [member_of(meeting.space) for _ in range(8)]
    begin = threading.Barrier(len(people))

    def register(person):
        begin.wait()
        try:
            domain.register_for(person=person, meeting=meeting)
        finally:
            connection.close()

    threads = [threading.Thread(target=register, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    standing = MeetingRegistration.objects.filter(cancelled_at=None)
    assert standing.filter(is_waiting=False).count() == 3
    assert standing.filter(is_waiting=True).count() == 5
    assert Activity.objects.filter(type="participation.registered").count() == 8
