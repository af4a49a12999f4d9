"""Letters on their way through a real SMTP server: none is lost, none is sent for ever."""

from __future__ import annotations

from datetime import timedelta
from queue import Empty

import pytest
from django.utils import timezone

from helpdesk.desk import domain
from helpdesk.desk.mail import intake, listing, sending
from helpdesk.desk.models import Letter
from platform_core.background.worker import Worker
from tests.factories.desk import agent, open_case
from tests.factories.mail import mail
from tests.factories.organisations import deliver_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("desk")]


@pytest.fixture
def letter():
    """A letter that waits to be sent for the first time."""
    open_case()
    deliver_all()
    return Letter.objects.get()


def later(letter: Letter, **facts: object) -> None:
    """As if the time of the next try had come."""
    Letter.objects.filter(pk=letter.pk).update(next_try_at=timezone.now() - timedelta(seconds=1), **facts)


def test_a_letter_goes_out_over_verified_tls_whole(smtp_server, letter):
    Worker().drain()
    received = smtp_server.next()
    assert received["To"] == letter.to
    assert received["Message-ID"] == letter.message_id
    assert received["Auto-Submitted"] == "auto-replied"
    plain, html = (received.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert letter.case.reference in plain
    assert letter.case.reference in html
    letter.refresh_from_db()
    assert letter.sent_at


def test_a_server_that_nobody_vouches_for_gets_neither_password_nor_letter(smtp_server, letter, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    Worker().drain()
    letter.refresh_from_db()
    assert "CERTIFICATE_VERIFY_FAILED" in letter.last_error
    assert (smtp_server.is_quiet(), letter.sent_at) == (True, None)


def test_a_mail_server_that_is_down_delays_a_letter_and_does_not_lose_it(smtp_server, letter):
    smtp_server.stop()
    Worker().drain()
    letter.refresh_from_db()
    assert (letter.sent_at, letter.given_up_at, letter.tries) == (None, None, 1)
    assert listing.letters_not_delivered(letter.case) == [letter]
    assert sending.send_due() == 0, "not before its time"
    smtp_server.start()
    later(letter)
    assert sending.send_due() == 1
    assert smtp_server.next()["Message-ID"] == letter.message_id
    assert sending.send_due() == 0
    assert listing.letters_not_delivered(letter.case) == []


def test_the_pauses_grow_and_after_five_days_the_desk_is_told(smtp_server, letter):
    smtp_server.stop()
    pauses = []
    for _try in range(8):
        later(letter)
        sending.send(letter.pk)
        letter.refresh_from_db()
        pauses.append(round((letter.next_try_at - timezone.now()) / timedelta(minutes=1)))
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    later(letter, written_at=timezone.now() - timedelta(days=6))
    sending.send(letter.pk)
    assert listing.letters_not_delivered(letter.case) == [letter]


def test_an_address_that_is_refused_for_ever_is_parked_and_stops_no_other(smtp_server, letter):
    smtp_server.refuse[letter.to] = "550 5.1.1 no such user"
    domain.add_copy(actor=letter.case.requester, case=letter.case, email="fora@ens.test")
    deliver_all()
    Worker().drain()
    assert smtp_server.next()["To"] == "fora@ens.test"
    [parked] = listing.letters_given_up()
    assert parked == letter
    assert "550 5.1.1 no such user" in parked.last_error

    smtp_server.refuse.clear()
    sending.send_again(letter.pk)
    Worker().drain()
    assert smtp_server.next()["To"] == letter.to
    assert listing.letters_given_up() == []


def test_an_address_that_is_refused_for_now_is_tried_again(smtp_server, letter):
    smtp_server.refuse[letter.to] = "451 4.7.1 greylisted"
    Worker().drain()
    letter.refresh_from_db()
    assert (letter.given_up_at, "451" in letter.last_error) == (None, True)
    smtp_server.refuse.clear()
    later(letter)
    assert sending.send_due() == 1


def test_a_letter_is_claimed_by_one_worker_at_a_time(smtp_server, letter):
    claimed = sending._claim(letter.pk)
    assert claimed == letter
    assert sending._claim(letter.pk) is None
    assert sending.send_due() == 0


def test_a_worker_that_dies_in_the_middle_leaves_the_letter_to_the_next(smtp_server, letter):
    sending._claim(letter.pk)
    later(letter)
    assert sending.send_due() == 1
    assert smtp_server.next()["Message-ID"] == letter.message_id


def test_a_bounce_is_shown_in_the_ticket_of_the_letter(smtp_server, letter):
    Worker().drain()
    smtp_server.next()
    bounce = mail(
        sender="MAILER-DAEMON@fora.test",
        subject="Undelivered Mail Returned to Sender",
        text=f"550 no such user\n\nMessage-ID: {letter.message_id}",
        headers={"Auto-Submitted": "auto-replied", "X-Failed-Recipients": letter.to},
    )
    assert intake.receive(bounce).action == "ignored"
    [parked] = listing.letters_not_delivered(letter.case)
    assert "no such user" in parked.last_error
    [note] = letter.case.entries.filter(kind="note").select_related("followup")
    assert (note.is_public, note.side, note.followup.user) == (False, "system", None)
    assert note.followup.comment.startswith(f"El correu a {letter.to} ha tornat: 550 no such user")
    intake.receive(bounce.replace(b"Message-ID: <mail.", b"Message-ID: <again."))
    assert letter.case.entries.filter(kind="note").count() == 1
    sending.send_again(letter.pk)
    Worker().drain()
    assert smtp_server.next()["To"] == letter.to


REPORT = """From: MAILER-DAEMON@fora.test
Message-ID: <{number}@fora.test>
Subject: Delivery Status
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain

Bad news.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; fora.test

Final-Recipient: rfc822; algu@fora.test
Action: {action}
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 The mailbox
    is *full*

--x
Content-Type: text/rfc822-headers

Message-ID: {message_id}
References: {references}
--x--
"""


def test_a_report_says_why_and_concerns_the_letter_that_came_back_and_no_earlier_one(letter):
    earlier = letter.message_id
    domain.reply(actor=agent(), case=letter.case, text="Ja està.")
    deliver_all()
    answer = Letter.objects.get(name="answer")
    told = REPORT.format(number=1, action="failed", message_id=answer.message_id, references=earlier)
    intake.receive(told.encode())
    letter.refresh_from_db()
    assert letter.given_up_at is None
    [note] = letter.case.entries.filter(kind="note").select_related("followup")
    assert note.followup.comment == f"El correu a {answer.to} ha tornat: 552 5.2.2 The mailbox is *full*"


def test_a_letter_that_is_only_late_has_not_come_back(letter):
    told = REPORT.format(number=2, action="delayed", message_id=letter.message_id, references="")
    assert intake.receive(told.encode()).action == "ignored"
    assert listing.letters_given_up() == []
    assert not letter.case.entries.filter(kind="note").exists()


def test_a_bounce_that_names_no_letter_of_ours_changes_nothing(letter):
    intake.receive(mail(sender="MAILER-DAEMON@fora.test", text="<desk.0@localhost>"))
    assert listing.letters_given_up() == []


def test_what_the_desk_says_is_not_sent_to_who_left_meanwhile(smtp_server, letter):
    letter.case.requester.memberships.all().delete()
    domain.reply(actor=agent(), case=letter.case, text="Secret")
    deliver_all()
    Worker().drain()
    with pytest.raises(Empty):
        smtp_server.arrived.get_nowait()
    assert listing.letters_given_up() == []
