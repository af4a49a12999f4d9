"""Fetching from a real IMAP server."""

from __future__ import annotations

import socket

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from helpdesk.desk.mail import imap, intake, tasks
from helpdesk.desk.models import Arrival, Case, Reason
from tests import mail_servers
from tests.factories.files import PNG
from tests.factories.mail import mail

pytestmark = [pytest.mark.django_db, pytest.mark.imap, pytest.mark.usefixtures("desk")]


def test_messages_become_tickets_and_move_out_of_the_way(queue_of):
    queue, mailbox = queue_of("suport")
    mailbox.put(mail(subject="Un", files=[("captura.png", PNG, "image/png")]))
    mailbox.put(mail(subject="Dos"))
    [result] = imap.fetch_all()
    assert (result.kept, result.errors) == (2, [])
    assert sorted(case.ticket.title for case in Case.objects.all()) == ["Dos", "Un"]
    assert {case.ticket.queue for case in Case.objects.all()} == {queue}
    assert (mailbox.count(), mailbox.count("Participa311", what="SEEN")) == (0, 2)
    assert imap.fetch(queue).kept == 0


@pytest.mark.parametrize("missing", [{"MOVE"}, {"MOVE", "UIDPLUS"}])
def test_servers_that_cannot_move_copy_and_delete(queue_of, monkeypatch, missing):
    queue, mailbox = queue_of("suport")
    mailbox.put(mail())
    sign_in = imap._sign_in

    def sign_in_to_an_old_server(line, *words):
        sign_in(line, *words)
        line.capabilities = tuple(set(line.capabilities) - missing)

    monkeypatch.setattr(imap, "_sign_in", sign_in_to_an_old_server)
    assert (imap.fetch(queue).errors, imap.fetch(queue).kept) == ([], 0)
    assert (mailbox.count(what="UNDELETED"), mailbox.count("Participa311")) == (0, 1)


def test_what_is_kept_is_every_byte_that_the_server_had(queue_of):
    queue, mailbox = queue_of("suport")
    raw = mail(text="Això és\n.\nuna línia amb un punt\n" * 100)
    mailbox.put(raw)
    imap.fetch(queue)
    assert Arrival.objects.get().raw.read() == raw


def test_a_mail_that_somebody_has_read_in_the_mailbox_is_fetched_too(queue_of):
    queue, mailbox = queue_of("suport")
    mailbox.put(mail())
    with mailbox.open() as line:
        line.select("INBOX")
        line.store("1", "+FLAGS", r"(\Seen)")
    assert imap.fetch(queue).kept == 1


def test_starttls_is_asked_for_where_the_port_is_plain(queue_of, imap_server):
    queue, mailbox = queue_of("suport", email_box_ssl=False, email_box_port=imap_server.starttls_port)
    mailbox.put(mail())
    assert imap.fetch(queue).kept == 1


def test_another_folder_with_a_name_of_accents(queue_of):
    queue, mailbox = queue_of("suport", email_box_imap_folder="Atenció & suport")
    with mailbox.open() as line:
        line.create('"Atenci&APM- &- suport"')
    mailbox.put(mail(), folder='"Atenci&APM- &- suport"')
    assert imap.fetch(queue).kept == 1
    assert mailbox.count("Participa311") == 1


def test_a_certificate_that_nobody_vouches_for_is_refused_before_the_password(queue_of, settings):
    queue, mailbox = queue_of("suport")
    mailbox.put(mail())
    settings.MAIL_CA_FILE = ""
    [error] = imap.fetch(queue).errors
    assert "CERTIFICATE_VERIFY_FAILED" in error
    assert mailbox.count() == 1


def test_a_certificate_of_another_host_is_refused(queue_of):
    queue, _mailbox = queue_of("suport", email_box_host="127.0.0.2")
    assert imap.fetch(queue).errors


@pytest.mark.parametrize(
    "problem",
    [
        {"password": "no és aquesta"},
        {"password": ""},
        {"email_box_imap_folder": "No hi és"},
        {"email_box_host": "127.0.0.1", "email_box_port": 9},
        {"email_box_host": "cap-lloc.invalid"},
    ],
)
def test_a_mailbox_that_fails_stops_no_other(queue_of, problem):
    queue_of("a-trencada", **problem)
    _queue, mailbox = queue_of("b-bona")
    mailbox.put(mail())
    broken, good = imap.fetch_all()
    assert (broken.kept, len(broken.errors), good.kept, good.errors) == (0, 1, 1, [])


def test_a_server_that_says_nothing_is_left_after_a_while(queue_of, monkeypatch):
    monkeypatch.setattr(imap, "SILENCE_LIMIT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        queue, _mailbox = queue_of("muda", email_box_port=mute.getsockname()[1])
        assert imap.fetch(queue).errors


def test_a_message_that_cannot_be_kept_stays_and_the_next_ones_are_fetched(queue_of, monkeypatch):
    queue, mailbox = queue_of("suport")
    for subject in ("verí", "bo"):
        mailbox.put(mail(subject=subject))
    receive = intake.receive

    def choosy(raw: bytes, **facts: object) -> intake.Receipt:
        if Arrival.objects.exists() or b"=?utf-8?" in raw:
            raise RuntimeError("a bug")
        return receive(raw, **facts)

    with monkeypatch.context() as patch:
        patch.setattr(intake, "receive", choosy)
        result = imap.fetch(queue)
    assert (result.kept, len(result.errors), mailbox.count()) == (1, 1, 1)
    assert imap.fetch(queue).kept == 1
    assert Case.objects.count() == 2


def test_while_the_database_is_away_everything_stays_in_the_mailbox(queue_of, monkeypatch):
    queue, mailbox = queue_of("suport")
    mailbox.put(mail())
    mailbox.put(mail())

    def away(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as patch:
        patch.setattr(intake, "_keep", away)
        result = imap.fetch(queue)
    assert (result.kept, len(result.errors), mailbox.count()) == (0, 1, 2)
    assert imap.fetch(queue).kept == 2


def test_killed_between_keeping_and_moving_a_message_is_one_ticket(queue_of, monkeypatch):
    queue, mailbox = queue_of("suport")
    mailbox.put(mail())

    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(imap, "_move", killed)
        with pytest.raises(KeyboardInterrupt):
            imap.fetch(queue)
    assert mailbox.count() == 1
    assert imap.fetch(queue).kept == 1
    assert mailbox.count() == 0
    assert Case.objects.count() == 1


def test_of_a_message_that_is_too_large_only_the_headers_travel(queue_of, settings):
    settings.MAIL_MAX_SIZE = 20_000
    queue, mailbox = queue_of("suport")
    mailbox.put(mail(text="x" * 30_000))
    assert imap.fetch(queue).kept == 1
    arrival = Arrival.objects.get()
    assert (arrival.reason, arrival.size > 30_000, arrival.raw.size < 2000) == (Reason.TOO_LARGE, True, True)
    assert mailbox.count() == 0


def test_what_is_no_mail_is_quarantined_and_does_not_block_the_rest(queue_of):
    queue, mailbox = queue_of("suport")
    mailbox.put(b"\xff\xfe cap capcalera")
    mailbox.put(mail())
    assert (imap.fetch(queue).kept, mailbox.count()) == (2, 0)
    assert sorted(Arrival.objects.values_list("outcome", flat=True)) == ["created", "quarantined"]


def test_queues_without_a_mailbox_or_switched_off_are_not_fetched(queue_of):
    queue_of("apagada", allow_email_submission=False)
    queue_of("altra", email_box_type="local")
    assert imap.fetch_all() == []


def test_the_password_in_the_database_is_never_used(queue_of, monkeypatch):
    queue, _mailbox = queue_of("suport", email_box_pass=mail_servers.PASSWORD)
    monkeypatch.delenv("DESK_IMAP_PASSWORD_SUPORT")
    assert imap.fetch(queue).errors == ["MailboxFailed: DESK_IMAP_PASSWORD_SUPORT is not set"]


def test_the_command_fetches_once_and_says_what_failed(queue_of, capsys):
    _queue, mailbox = queue_of("suport")
    mailbox.put(mail())
    call_command("fetch_mail")
    assert capsys.readouterr().out == "suport: 1\n"
    queue_of("trencada", email_box_port=9)
    with pytest.raises(CommandError):
        call_command("fetch_mail")
    assert "trencada: " in capsys.readouterr().err


def test_each_minute_the_scheduler_fetches_and_notes_what_failed(queue_of):
    _queue, mailbox = queue_of("suport")
    mailbox.put(mail())
    tasks.fetch_mail()
    assert Case.objects.count() == 1
    queue_of("trencada", email_box_port=9)
    with pytest.raises(imap.MailboxFailed, match="trencada"):
        tasks.fetch_mail()
