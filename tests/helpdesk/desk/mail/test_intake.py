"""What becomes of a mail that arrives."""

from __future__ import annotations

import pytest
from django.core.files.storage import Storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.desk import domain
from helpdesk.desk.library import FollowUpAttachment, IgnoreEmail, TicketCC
from helpdesk.desk.mail import intake
from helpdesk.desk.mail.warnings import describe
from helpdesk.desk.models import Arrival, Case, Channel, Entry, Outcome, Reason, State
from platform_core.files.public import private_storage
from tests.factories.accounts import UserFactory
from tests.factories.desk import agent, open_case, referent_of
from tests.factories.files import PNG
from tests.factories.mail import mail
from tests.factories.organisations import MembershipFactory, OrganisationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("desk")]


def the_case() -> Case:
    return Case.objects.select_related("ticket", "organisation", "requester").get()


def first_entry(case: Case) -> Entry:
    return case.entries.select_related("followup").earliest("followup")


# ---- a new ticket ----


def test_a_mail_of_a_member_opens_a_ticket_in_the_name_of_their_organisation():
    person = referent_of(OrganisationFactory(platform_host="vila.decidim.test"))
    receipt = intake.receive(mail(sender=f"{person.name} <{person.email.upper()}>", subject=" No  podem\tentrar "))
    case = the_case()
    assert receipt == intake.Receipt("created", case.reference)
    assert (case.requester, case.organisation.platform_host, case.channel) == (person, case.instance, Channel.MAIL)
    assert case.ticket.title == "No podem entrar"
    entry = first_entry(case)
    assert entry.followup.comment == "Bon dia,\n\nens diu que la contrasenya no val."
    assert (entry.followup.user, entry.warning) == (person, "")
    assert Arrival.objects.get().case == case


def test_a_mail_of_somebody_unknown_opens_a_ticket_and_tells_the_desk_that_nobody_knows_them():
    intake.receive(mail(sender="Pere Desconegut <pere@fora.test>"))
    case = the_case()
    assert (case.requester, case.organisation, case.requester_name) == (None, None, "Pere Desconegut")
    assert case.ticket.submitter_email == "pere@fora.test"
    assert "comproveu qui és" in describe(first_entry(case).warning)


def test_an_address_that_nobody_has_proved_is_that_of_a_stranger():
    person = UserFactory(verified=False)
    MembershipFactory(person=person)
    intake.receive(mail(sender=person.email))
    assert the_case().requester is None


def test_of_who_works_in_several_organisations_the_desk_must_choose():
    person = referent_of()
    MembershipFactory(person=person)
    intake.receive(mail(sender=person.email))
    assert the_case().organisation is None
    assert "més d'un ens" in describe(first_entry(the_case()).warning)


@pytest.mark.parametrize(("language", "words"), [("ca", "(sense assumpte)"), ("en", "(no subject)")])
def test_an_empty_mail_is_a_ticket_in_the_language_of_who_sent_it(language, words):
    person = referent_of(language=language)
    intake.receive(mail(sender=person.email, subject="", text=""))
    assert the_case().ticket.title == words
    assert first_entry(the_case()).followup.comment


def test_a_forwarded_mail_without_a_word_is_read_as_what_it_forwards():
    text = "---------- Forwarded message ---------\nDe: Ciutadana <c@fora.test>\nAssumpte: Ajuda\n\nNo puc votar.\n"
    intake.receive(mail(subject="Fwd: Ajuda", text=text))
    assert "No puc votar." in first_entry(the_case()).followup.comment


def test_files_are_kept_and_what_we_do_not_take_is_named():
    files = [("captura.png", PNG, "image/png"), ("virus.exe", b"MZ" + b"\0" * 100, "application/octet-stream")]
    files.append(("buit.txt", b"", "text/plain"))
    intake.receive(mail(files=files))
    kept = FollowUpAttachment.objects.get()
    assert (kept.filename, kept.mime_type) == ("captura.png", "image/png")
    assert private_storage().open(kept.file.name).read() == PNG
    assert "virus.exe" in first_entry(the_case()).followup.comment


def test_more_files_than_we_take_are_named_and_the_mail_has_them_all():
    raw = mail(files=[(f"{n}.png", PNG, "image/png") for n in range(13)])
    intake.receive(raw)
    assert FollowUpAttachment.objects.count() == 10
    comment = first_entry(the_case()).followup.comment
    assert "10.png, 11.png, 12.png" in comment
    assert Arrival.objects.get().raw.read() == raw


def test_words_beyond_what_a_message_takes_are_in_a_file():
    intake.receive(mail(text="paraules de debò\n" * 5000))
    assert len(first_entry(the_case()).followup.comment) <= 50_000
    kept = FollowUpAttachment.objects.get()
    assert private_storage().open(kept.file.name).read().decode().count("paraules") == 5000


def test_what_a_mail_costs_does_not_grow_with_what_there_is():
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            intake.receive(mail(sender="pere@fora.test"))
        return len(queries)

    cost()
    first = cost()
    for _number in range(10):
        open_case()
    assert cost() == first


# ---- in a conversation ----


def test_an_answer_is_known_by_what_it_answers():
    person = referent_of()
    intake.receive(mail(sender=person.email, message_id="<primer@ens.test>"))
    receipt = intake.receive(mail(sender=person.email, subject="Re: una altra cosa", answers=["<primer@ens.test>"]))
    assert receipt == intake.Receipt("replied", the_case().reference)
    assert the_case().entries.count() == 2


def test_any_of_the_references_will_do():
    person = referent_of()
    intake.receive(mail(sender=person.email, message_id="<primer@ens.test>"))
    answers = ["<primer@ens.test>", "<perdut@ens.test>"]
    assert intake.receive(mail(sender=person.email, answers=answers)).action == "replied"


@pytest.mark.parametrize("subject", ["Re: [S-{}] ajuda", "sobre el s-{}", "RE: S-{}: ajuda"])
def test_a_reference_in_the_subject_of_who_takes_part_is_enough(subject):
    case = open_case()
    receipt = intake.receive(mail(sender=case.requester.email, subject=subject.format(case.pk)))
    assert receipt == intake.Receipt("replied", case.reference)


def test_a_stranger_with_a_reference_opens_a_ticket_of_their_own_and_the_desk_is_told():
    case = open_case()
    receipt = intake.receive(mail(subject=f"Re: [{case.reference}] ajuda", text="ensenyeu-m'ho"))
    assert receipt.action == "created"
    assert case.entries.count() == 1
    assert case.reference in describe(first_entry(Case.objects.latest("pk")).warning)


def test_a_stranger_who_answers_a_mail_of_the_conversation_opens_a_ticket_of_their_own():
    person = referent_of()
    intake.receive(mail(sender=person.email, message_id="<primer@ens.test>"))
    intake.receive(mail(answers=["<primer@ens.test>"]))
    first, second = Case.objects.order_by("pk")
    assert first.entries.count() == 1
    assert first.reference in describe(first_entry(second).warning)


def test_who_left_the_organisation_is_a_stranger_to_its_tickets():
    case = open_case()
    case.requester.memberships.update(until="2020-01-02", since="2020-01-01")
    receipt = intake.receive(mail(sender=case.requester.email, subject=f"[{case.reference}]"))
    assert receipt.action == "created"


def test_another_referent_and_who_is_in_copy_take_part():
    case = open_case()
    colleague = referent_of(case.organisation)
    domain.add_copy(actor=case.requester, case=case, email="fora@ens.test")
    assert intake.receive(mail(sender=colleague.email, subject=case.reference)).action == "replied"
    assert intake.receive(mail(sender="Fora <fora@ens.test>", subject=case.reference)).action == "replied"
    entry = case.entries.filter(kind="message").latest("followup")
    assert (entry.author_name, entry.side) == ("Fora", "requester")
    TicketCC.objects.all().delete()
    assert intake.receive(mail(sender="fora@ens.test", subject=case.reference)).action == "created"


def test_a_stranger_goes_on_in_the_ticket_that_they_opened():
    first = intake.receive(mail(sender="pere@fora.test", message_id="<a@fora.test>"))
    second = intake.receive(mail(sender="pere@fora.test", answers=["<a@fora.test>"], text="També això."))
    assert second == intake.Receipt("replied", first.ticket)


def test_an_answer_opens_a_resolved_ticket_again():
    case = open_case()
    domain.reply(actor=agent(), case=case, text="Ja està.", then=State.RESOLVED)
    intake.receive(mail(sender=case.requester.email, subject=f"Re: [{case.reference}]", text="Encara no."))
    case.refresh_from_db()
    assert case.state == State.OPEN


def test_after_the_time_to_reopen_an_answer_opens_another_ticket(settings):
    settings.DESK_REOPEN_WITHIN = settings.DESK_REOPEN_WITHIN * 0
    case = open_case()
    domain.reply(actor=agent(), case=case, text="Ja està.", then=State.RESOLVED)
    receipt = intake.receive(mail(sender=case.requester.email, subject=f"Re: [{case.reference}]"))
    new = Case.objects.latest("pk")
    assert (receipt, new.follows) == (intake.Receipt("created", new.reference), case)


def test_only_the_new_words_are_the_message_and_the_quoted_ones_are_kept_beside():
    case = open_case()
    text = "Sí, ara va.\n\nEl dt., 24 de nov. 2026 a les 10:00, Suport <suport@desk.test> va escriure:\n> Proveu-ho.\n"
    intake.receive(mail(sender=case.requester.email, subject=f"Re: [{case.reference}]", text=text))
    entry = case.entries.select_related("followup").latest("followup")
    assert entry.followup.comment == "Sí, ara va."
    assert "Proveu-ho." in entry.quoted


# ---- the desk by mail ----


def test_an_agent_is_believed_in_public_only_in_answer_to_a_letter_to_them(deliver, mailoutbox):
    someone, case = agent(), open_case()
    domain.assign(actor=someone, case=case, assignee=someone)
    receipt = intake.receive(mail(sender=someone.email, subject=f"[{case.reference}]", text="Feu clic aquí."))
    note = case.entries.latest("followup")
    assert (receipt.action, note.kind, note.is_public) == ("replied", "note", False)
    assert receipt.reason == "note"

    domain.reply(actor=case.requester, case=case, text="I doncs?")
    deliver()
    letter = next(each for each in mailoutbox if each.to == [someone.email])
    intake.receive(mail(sender=someone.email, answers=[letter.extra_headers["Message-ID"]], text="Ara us ho miro."))
    answer = case.entries.latest("followup")
    assert (answer.kind, answer.side, answer.is_public) == ("message", "desk", True)


def test_an_agent_who_asks_something_is_who_asked():
    someone = agent()
    intake.receive(mail(sender=someone.email, message_id="<a@desk.test>"))
    intake.receive(mail(sender=someone.email, answers=["<a@desk.test>"], text="I això."))
    assert [entry.side for entry in the_case().entries.order_by("followup")] == ["requester", "requester"]


# ---- what opens nothing ----


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Auto-Submitted": "auto-replied"}, Reason.AUTO_REPLY),
        ({"List-Id": "<llista.fora.test>"}, Reason.LIST),
        ({"X-Participa311": "localhost"}, Reason.LOOP),
        ({"X-Failed-Recipients": "ningu@ens.test"}, Reason.BOUNCE),
    ],
)
def test_mail_that_no_person_wrote_is_recorded_and_opens_nothing(headers, reason):
    receipt = intake.receive(mail(headers=headers))
    assert (receipt.action, receipt.ticket) == ("ignored", "")
    assert Arrival.objects.get().reason == reason
    assert not Case.objects.exists()


def test_our_own_address_does_not_write_to_us(settings):
    assert intake.receive(mail(sender=settings.SERVICE_EMAIL)).action == "ignored"
    assert not Case.objects.exists()


@pytest.mark.parametrize("pattern", ["pesat@fora.test", "*@fora.test", "Pesat@*"])
def test_senders_that_the_desk_ignores_open_nothing(pattern):
    IgnoreEmail.objects.create(name="x", email_address=pattern)
    assert intake.receive(mail(sender="pesat@fora.test")).action == "ignored"
    assert intake.receive(mail(sender="altre@dins.test")).action == "created"


def test_who_sends_too_many_in_an_hour_waits_for_a_person(settings):
    settings.MAIL_MOST_PER_HOUR = 3
    actions = [intake.receive(mail(sender="robot@fora.test")).action for _ in range(5)]
    assert actions == ["created"] * 3 + ["quarantined"] * 2
    assert intake.receive(mail(sender="persona@fora.test")).action == "created"


# ---- nothing is lost, and nothing happens twice ----


def test_the_same_message_twice_changes_nothing():
    raw = mail(message_id="<u@fora.test>")
    first = intake.receive(raw)
    assert intake.receive(raw) == first
    assert intake.receive(mail(message_id="<u@fora.test>", text="altres paraules")) == first
    assert Case.objects.count() == Arrival.objects.count() == 1


def test_without_message_id_the_same_bytes_are_the_same_mail():
    raw = mail(message_id="")
    assert intake.receive(raw) == intake.receive(raw)
    assert intake.receive(mail(message_id="", text="un altre")).ticket != intake.receive(raw).ticket


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe\0\1", b"cap capcalera aqui\n\nres"])
def test_what_cannot_be_read_is_kept_whole(raw):
    receipt = intake.receive(raw)
    assert receipt.action == "quarantined"
    assert Arrival.objects.get().raw.read() == raw


@pytest.mark.parametrize("sender", ["", "ningú", "a b c <>", f"{'x' * 300}@fora.test"])
def test_a_mail_without_a_sender_waits_for_a_person(sender):
    raw = mail().replace(b"From: ningu@fora.test", f"From: {sender}".encode())
    assert intake.receive(raw).action == "quarantined"
    assert Arrival.objects.get().reason == Reason.NO_SENDER


def test_headers_with_nul_and_broken_bytes_are_stored():
    raw = mail().replace(b"Subject: No podem entrar", b"Subject: a\0b \xe9 =?utf-8?b?//8=?= \xed\xa0\x80")
    assert intake.receive(raw).action == "created"


def test_a_mail_left_behind_is_read_when_somebody_looks(monkeypatch):
    monkeypatch.setattr(intake, "LEFT_BEHIND", -intake.LEFT_BEHIND)
    arrival, _is_new = intake._keep(mail(), size=10, queue=None)
    assert arrival.outcome == Outcome.WAITING
    assert intake.read_waiting() == 1
    assert the_case().arrivals.get() == arrival
    assert intake.read_waiting() == 0


def test_what_breaks_in_the_reading_is_set_aside_and_read_again(monkeypatch):
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(intake, "content_of", broken)
        receipt = intake.receive(mail())
    assert (receipt.action, receipt.reason) == ("quarantined", "failed: RuntimeError: a bug")
    assert intake.read_again(Arrival.objects.get()).action == "created"


def test_a_mail_that_kills_whoever_reads_it_is_set_aside():
    arrival, _is_new = intake._keep(mail(), size=10, queue=None)
    Arrival.objects.update(tries=intake.MOST_TRIES)
    assert intake.read(arrival.pk).action == "quarantined"


def test_a_person_can_insist_that_an_ignored_mail_is_one():
    intake.receive(mail(headers={"List-Id": "<llista.fora.test>"}))
    assert intake.read_again(Arrival.objects.get()).action == "created"
    assert intake.read_again(Arrival.objects.get()).ticket == the_case().reference
    assert Case.objects.count() == 1


def test_what_cannot_be_stored_is_not_ours(monkeypatch):
    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Storage, "save", full)
    with pytest.raises(OSError, match="No space"):
        intake.receive(mail())
    assert not Arrival.objects.exists()


# ---- too large ----


def test_a_mail_that_is_too_large_is_refused_politely_once_a_day(settings, deliver, mailoutbox):
    settings.MAIL_MAX_SIZE = 10_000
    for number in range(3):
        receipt = intake.receive(mail(text="x" * 20_000, message_id=f"<{number}@fora.test>"))
        assert (receipt.action, receipt.reason[:9]) == ("ignored", "too-large")
    deliver()
    [letter] = mailoutbox
    assert letter.to == ["ningu@fora.test"]
    assert letter.extra_headers["Auto-Submitted"] == "auto-replied"
    assert letter.extra_headers["In-Reply-To"] == "<0@fora.test>"
    assert all(arrival.raw.size < 1000 for arrival in Arrival.objects.all())
    assert not Case.objects.exists()


def test_nobody_answers_a_machine_that_sends_too_much(settings, deliver, mailoutbox):
    settings.MAIL_MAX_SIZE = 10_000
    intake.receive(mail(text="x" * 20_000, headers={"Auto-Submitted": "auto-generated"}))
    deliver()
    assert not mailoutbox
