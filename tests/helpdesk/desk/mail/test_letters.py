"""Who gets which letter, what it says, and with which headers."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from helpdesk.desk import domain
from helpdesk.desk.library import TicketCC
from helpdesk.desk.mail import intake
from helpdesk.desk.models import Letter, State
from platform_core.activity.deliveries import deliver as deliver_one
from platform_core.activity.models import Delivery
from platform_core.files.public import accept
from tests.factories.accounts import UserFactory
from tests.factories.desk import agent, open_case, referent_of
from tests.factories.files import PNG, upload
from tests.factories.mail import mail
from tests.factories.organisations import deliver_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("desk")]


@pytest.fixture
def letters(deliver, mailoutbox):
    """What goes out from now on: call it for the letters since the last call, by their reader."""

    def since():
        deliver()
        sent = {letter.to[0]: letter for letter in mailoutbox}
        assert len(sent) == len(mailoutbox), "somebody got two letters at once"
        mailoutbox.clear()
        return sent

    return since


def html_of(letter) -> str:
    return letter.alternatives[0][0]


# ---- to whom ----


def test_who_asks_hears_the_promise_and_its_reasons(letters):
    case = open_case(referent_of(language="ca"))
    [letter] = letters().values()
    assert letter.to == [case.requester.email]
    assert letter.subject == f"[{case.reference}] {case.ticket.title}"
    assert "Hem rebut la vostra consulta" in letter.body
    assert "Ho resoldrem abans" in letter.body
    assert "només les hores en què atenem" in letter.body
    assert f"/suport/{case.reference}/" in letter.body
    assert f"/suport/{case.reference}/" in html_of(letter)


@pytest.mark.parametrize(
    ("language", "words"), [("ca", "Hem rebut"), ("es", "Hemos recibido"), ("en", "We have received")]
)
def test_a_letter_is_in_the_language_of_its_reader(letters, language, words):
    case = open_case(referent_of(language=language))
    [letter] = letters().values()
    assert words in letter.body
    assert f'<html lang="{language}">' in html_of(letter)
    prefix = "" if language == "ca" else f"/{language}"
    assert f"{prefix}/suport/{case.reference}/" in letter.body


def test_the_answer_of_the_desk_goes_to_who_asked_and_to_the_people_in_copy(letters):
    case, someone = open_case(), agent(name="Anna del Suport")
    domain.add_copy(actor=case.requester, case=case, email="fora@ens.test")
    letters()
    domain.reply(actor=someone, case=case, text="Aneu a **Administració**.")
    sent = letters()
    assert set(sent) == {case.requester.email, "fora@ens.test"}
    letter = sent[case.requester.email]
    assert "Anna del Suport ha respost" in letter.body
    assert "<strong>Administració</strong>" in html_of(letter)
    assert "suport/S-" not in sent["fora@ens.test"].body.replace("/suport/copia/", "")


def test_what_the_other_side_writes_goes_to_each_other_and_to_the_agent_who_has_the_ticket(letters):
    case, someone = open_case(), agent()
    colleague = referent_of(case.organisation)
    domain.add_copy(actor=case.requester, case=case, email=colleague.email)
    domain.assign(actor=someone, case=case, assignee=someone)
    letters()
    domain.reply(actor=colleague, case=case, text="A mi també em passa.")
    sent = letters()
    assert set(sent) == {case.requester.email, someone.email}
    assert f"/suport/taula/{case.reference}/" in sent[someone.email].body
    assert "A mi també em passa." in sent[someone.email].body


def test_who_wrote_by_mail_without_an_account_does_not_hear_it_again(letters):
    intake.receive(mail(sender="pere@fora.test", message_id="<a@fora.test>"))
    assert set(letters()) == {"pere@fora.test"}
    intake.receive(mail(sender="pere@fora.test", answers=["<a@fora.test>"]))
    assert not letters()


def test_an_internal_note_leaves_in_no_letter(letters):
    case, someone = open_case(), agent()
    domain.assign(actor=someone, case=case, assignee=someone)
    letters()
    domain.add_note(actor=agent(), case=case, text="És un pesat.")
    domain.escalate(actor=someone, case=case, level=2, reason="Secret")
    assert not letters()


@pytest.mark.parametrize(
    ("state", "words"),
    [(State.WAITING, "necessitem la vostra resposta"), (State.RESOLVED, "Creiem que això ja és resolt")],
)
def test_a_change_of_state_is_told_in_the_letter_of_the_words_that_brought_it_or_alone(letters, state, words):
    case, someone = open_case(), agent()
    letters()
    domain.reply(actor=someone, case=case, text="Això.", then=state)
    [letter] = letters().values()
    assert words in letter.body
    assert words in html_of(letter)
    domain.reply(actor=case.requester, case=case, text="Encara no.")
    letters()
    domain.change_state(actor=someone, case=case, to=state)
    [letter] = letters().values()
    assert words in letter.body


def test_closing_needs_no_letter(letters):
    case = open_case()
    letters()
    domain.change_state(actor=agent(), case=case, to=State.CLOSED)
    assert not letters()


def test_who_is_put_in_copy_reads_how_it_began(letters):
    case = open_case(text="Hem creat el procés.")
    letters()
    domain.add_copy(actor=case.requester, case=case, email="fora@ens.test")
    [letter] = letters().values()
    assert letter.to == ["fora@ens.test"]
    assert "Hem creat el procés." in letter.body


def test_the_ticket_that_goes_on_says_from_which_one(letters, settings):
    settings.DESK_REOPEN_WITHIN = settings.DESK_REOPEN_WITHIN * 0
    case = open_case()
    letters()
    domain.reply(actor=agent(), case=case, text="Ja està.", then=State.RESOLVED)
    letters()
    domain.reply(actor=case.requester, case=case, text="Encara no.")
    [letter] = letters().values()
    assert f"Continua el {case.reference}" in letter.body


def test_who_may_not_see_a_ticket_any_more_gets_no_letter_that_still_waited(deliver, mailoutbox):
    case = open_case()
    domain.add_copy(actor=case.requester, case=case, email="fora@ens.test")
    deliver()
    mailoutbox.clear()
    domain.reply(actor=agent(), case=case, text="Ja us ho diem.")
    TicketCC.objects.all().delete()
    deliver_all()
    case.requester.memberships.all().delete()
    deliver()
    assert not mailoutbox


# ---- headers ----


def test_letters_of_a_ticket_stay_one_conversation(letters):
    person = referent_of()
    intake.receive(mail(sender=person.email, message_id="<primer@ens.test>"))
    received = letters()[person.email]
    assert received.extra_headers["In-Reply-To"] == "<primer@ens.test>"
    case = Letter.objects.get().case
    domain.reply(actor=agent(), case=case, text="Proveu això.")
    answer = letters()[person.email]
    assert answer.extra_headers["In-Reply-To"] == received.extra_headers["Message-ID"]
    assert answer.extra_headers["References"] == f"<primer@ens.test> {received.extra_headers['Message-ID']}"
    assert answer.subject == received.subject


def test_letters_say_where_to_answer_and_that_they_are_ours(letters, settings):
    case = open_case()
    received = letters()[case.requester.email]
    assert received.reply_to == [settings.SERVICE_EMAIL]
    assert received.extra_headers["Auto-Submitted"] == "auto-replied"
    assert received.extra_headers["X-Participa311"] == "localhost"
    case.ticket.queue.email_address = "suport@desk.test"
    case.ticket.queue.save()
    domain.reply(actor=agent(), case=case, text="Ja.")
    answer = letters()[case.requester.email]
    assert answer.reply_to == ["suport@desk.test"]
    assert "Auto-Submitted" not in answer.extra_headers


def test_a_letter_of_ours_that_comes_back_opens_nothing(letters):
    case = open_case()
    letter = letters()[case.requester.email]
    assert intake.receive(letter.message().as_bytes()).action == "ignored"


def test_a_reaction_that_runs_again_writes_no_second_letter(letters, mailoutbox):
    open_case()
    letters()
    for delivery in Delivery.objects.all():
        Delivery.objects.update(done_at=None)
        deliver_one.func(delivery.pk)
    assert not letters()
    assert Letter.objects.count() == 1


def test_header_injection_and_markup_in_a_subject_do_no_harm(letters):
    case = open_case(subject="<script>x</script>\r\nBcc: a@fora.test")
    letter = letters()[case.requester.email]
    assert "\n" not in letter.subject
    assert letter.message()["Bcc"] is None
    assert "<script>" not in html_of(letter)


# ---- files ----


def test_files_are_named_with_a_link_and_given_only_to_who_has_no_account(letters):
    case = open_case()
    domain.add_copy(actor=case.requester, case=case, email="fora@ens.test")
    letters()
    domain.reply(actor=agent(), case=case, text="Aquí ho teniu.", files=accept([upload("guia.png", PNG)]))
    sent = letters()
    assert "guia.png" in sent[case.requester.email].body
    assert not sent[case.requester.email].attachments
    [(name, content, kind)] = sent["fora@ens.test"].attachments
    assert (name, content, kind) == ("guia.png", PNG, "image/png")


# ---- stop ----


@pytest.fixture
def stop_link(letters):
    """A person in copy, and the path of the link in their letter."""
    case = open_case()
    domain.add_copy(actor=case.requester, case=case, email="fora@ens.test")
    letter = letters()["fora@ens.test"]
    url = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert url in letter.body
    return case, url.removeprefix("http://localhost:8000")


def test_looking_at_the_link_stops_nothing(client, stop_link):
    case, path = stop_link
    page = client.get(path)
    assert case.reference in page.content.decode()
    assert TicketCC.objects.exists()


def test_one_click_stops_without_signing_in_and_again_does_no_harm(stop_link, letters):
    case, path = stop_link
    strict = Client(enforce_csrf_checks=True)
    for _time in range(2):
        page = strict.post(path, {"List-Unsubscribe": "One-Click"})
        assert page.status_code == 200
        assert "No sou en còpia" in page.content.decode()
    assert not TicketCC.objects.exists()
    domain.reply(actor=agent(), case=case, text="Ja.")
    assert set(letters()) == {case.requester.email}


def test_a_link_that_we_did_not_write_is_not_found(client, stop_link):
    _case, path = stop_link
    assert client.post(path[:-5] + "aaaa/").status_code == 404
    assert client.post(reverse("desk:stop", args=["no"])).status_code == 404
    assert TicketCC.objects.exists()


def test_only_people_in_copy_have_the_link(letters):
    case = open_case()
    assert "List-Unsubscribe" not in letters()[case.requester.email].extra_headers


def test_who_has_an_account_and_is_in_copy_stops_too(client, letters):
    case, person = open_case(), UserFactory()
    domain.add_copy(actor=case.requester, case=case, email=person.email)
    url = letters()[person.email].extra_headers["List-Unsubscribe"].strip("<>")
    client.post(url.removeprefix("http://localhost:8000"))
    assert not TicketCC.objects.exists()
