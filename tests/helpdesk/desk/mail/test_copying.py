"""Who else a mail was sent to: who may see its ticket is put in copy, the others are shown to the desk."""

from __future__ import annotations

import pytest
from django.test import Client

from helpdesk.desk import beside, domain
from helpdesk.desk.library import Queue, TicketCC
from helpdesk.desk.mail import intake
from helpdesk.desk.models import Arrival, Case
from platform_core.accounts.models import User
from tests.factories.accounts import UserFactory
from tests.factories.desk import agent, open_case, referent_of
from tests.factories.mail import mail
from tests.factories.organisations import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("desk")]


@pytest.fixture
def laia() -> User:
    return referent_of(name="Laia Serra")


@pytest.fixture
def colleague(laia: User) -> User:
    """Works for the same organisation, and sees no ticket of others there."""
    return MembershipFactory(organisation=laia.memberships.get().organisation).person


def copied() -> set[str]:
    return {copy.email_address for copy in TicketCC.objects.select_related("user")}


def asks(sender: User | str, cc: str, **facts) -> Case:
    address = sender if isinstance(sender, str) else sender.email
    receipt = intake.receive(mail(sender=address, headers={"Cc": cc}, **facts))
    return Case.objects.get(pk=receipt.ticket.removeprefix("S-"))


def also_sent_to(case: Case) -> list[str]:
    return beside.about(Case.objects.select_related("ticket").get(pk=case.pk)).also_sent_to


def test_colleagues_are_put_in_copy_and_others_are_shown(laia, colleague):
    elsewhere = referent_of()
    case = asks(laia, f"Biel <{colleague.email.upper()}>, {elsewhere.email}, Veïna <fora@veins.test>, {laia.email}")
    assert copied() == {colleague.email}
    assert also_sent_to(case) == [elsewhere.email, "fora@veins.test"]


def test_our_own_addresses_are_never_in_copy(laia, settings):
    Queue.objects.create(title="Suport", slug="bustia", email_address="Suport@desk.test")
    case = asks(laia, f"{settings.SERVICE_EMAIL.upper()}, {settings.DEFAULT_FROM_EMAIL}")
    assert copied() == set()
    assert also_sent_to(case) == []


def test_a_colleague_in_to_counts_when_the_desk_is_there_too(laia, colleague, settings):
    to = f"{settings.SERVICE_EMAIL}, {colleague.email}".encode()
    intake.receive(mail(sender=laia.email).replace(b"To: suport@desk.test", b"To: " + to))
    assert copied() == {colleague.email}


def test_of_who_is_not_known_nobody_is_put_in_copy(colleague):
    case = asks("pere@fora.test", colleague.email)
    assert copied() == set()
    assert also_sent_to(case) == [colleague.email]


def test_an_address_that_nobody_has_proved_is_nobody_s(laia):
    unproved = UserFactory(verified=False)
    MembershipFactory(organisation=laia.memberships.get().organisation, person=unproved)
    assert also_sent_to(asks(laia, unproved.email)) == [unproved.email]
    assert copied() == set()


def test_who_is_in_copy_from_the_start_hears_of_it_in_one_letter(laia, colleague, deliver, mailoutbox):
    asks(laia, colleague.email, text="No trobem el botó.")
    deliver()
    assert sorted(letter.to[0] for letter in mailoutbox) == sorted([laia.email, colleague.email])
    letter = next(each for each in mailoutbox if each.to == [colleague.email])
    assert "No trobem el botó." in letter.body
    assert "Ho resoldrem abans" in letter.body


def test_a_later_mail_brings_in_a_colleague_only_in_answer_to_a_letter_of_ours(laia, colleague, deliver, mailoutbox):
    case = open_case(laia)
    deliver()
    asks(laia, colleague.email, subject=f"Re: [{case.reference}]")
    assert copied() == set()
    assert also_sent_to(case) == [colleague.email]
    deliver()
    letter = mailoutbox[0]
    mailoutbox.clear()
    asks(laia, colleague.email, answers=[letter.extra_headers["Message-ID"]])
    assert copied() == {colleague.email}
    assert also_sent_to(case) == []
    deliver()
    # They have the mail itself, and hear how the ticket began.
    assert [each.to for each in mailoutbox] == [[colleague.email]]


def test_a_referent_who_may_see_it_anyway_is_brought_in_by_any_mail(laia):
    case = open_case(laia)
    other = referent_of(case.organisation)
    asks(laia, other.email, subject=f"Re: [{case.reference}]")
    assert copied() == {other.email}


def test_who_is_in_copy_already_still_hears_what_a_mail_to_all_says(laia, colleague, deliver, mailoutbox):
    case = open_case(laia)
    domain.add_copy(actor=laia, case=case, email=colleague.email)
    deliver()
    mailoutbox.clear()
    asks(laia, colleague.email, subject=f"Re: [{case.reference}]")
    deliver()
    assert [each.to for each in mailoutbox] == [[colleague.email]]
    assert Arrival.objects.get().put_in_copy == []


def test_what_an_agent_writes_as_a_note_brings_nobody_in(laia, colleague):
    case, someone = open_case(laia), agent()
    asks(someone, colleague.email, subject=f"[{case.reference}]")
    assert copied() == set()


def test_the_desk_adds_one_of_the_others_with_a_button(laia, client: Client):
    case = asks(laia, "fora@veins.test")
    client.force_login(agent())
    page = client.get(f"{case.get_bench_url()}costat/").text
    assert "Poseu fora@veins.test en còpia" in page
    client.post(f"{case.get_bench_url()}copia/", {"email": "fora@veins.test"})
    assert copied() == {"fora@veins.test"}
    assert also_sent_to(case) == []


def test_nonsense_in_the_headers_is_nobody(laia):
    case = asks(laia, "ningu, <a b c>, @, undisclosed-recipients:;, " + ", ".join(f"p{n}@x.test" for n in range(50)))
    assert len(also_sent_to(case)) == 30
