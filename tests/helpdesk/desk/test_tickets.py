"""The life of a ticket: filed, answered, passed on, resolved, opened again."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from helpdesk.desk import domain, queries
from helpdesk.desk.library import Ticket, TicketCC
from helpdesk.desk.models import Case, Change, EntryKind, Level, Rating, Side, State
from platform_core.activity.models import Activity, StreamEntry
from platform_core.base.errors import Refusal
from platform_core.organisations.models import MembershipRole
from platform_core.organisations.public import add_member, hand_over
from tests.factories.accounts import UserFactory
from tests.factories.desk import agent, open_case, referent_of
from tests.factories.organisations import OrganisationFactory

pytestmark = pytest.mark.django_db


def streams_of(type_: str) -> set[str]:
    activity = Activity.objects.filter(type=type_).latest("pk")
    return set(StreamEntry.objects.filter(activity=activity).values_list("stream", flat=True))


def test_a_ticket_has_a_reference_that_can_be_said_and_found():
    case = open_case()
    assert case.reference == f"S-{case.pk}"
    for said in (case.reference, f"s-{case.pk}", f"S {case.pk}", str(case.pk)):
        assert queries.case_by_reference(case.requester, said) == case
    for nonsense in ("", "S-", "S-0", "S-1x", "S-999999999999999999", "²", "S--1"):
        with pytest.raises(Case.DoesNotExist):
            queries.case_by_reference(case.requester, nonsense)


def test_the_library_s_own_row_tells_the_same_as_the_case():
    case, biel = open_case(), agent()
    domain.reply(actor=biel, case=case, text="Fet.", then=State.RESOLVED)
    ticket = Ticket.objects.get(pk=case.pk)
    assert (ticket.status, ticket.assigned_to, ticket.title) == (Ticket.RESOLVED_STATUS, biel, case.ticket.title)
    assert ticket.due_date is None


def test_the_same_form_sent_twice_is_one_ticket_and_one_message():
    laia, number = referent_of(), uuid4()
    assert open_case(laia, submission=number) == open_case(laia, submission=number)
    case, said = open_case(laia), uuid4()
    first = domain.reply(actor=laia, case=case, text="Hola?", submission=said)
    assert domain.reply(actor=laia, case=case, text="Hola?", submission=said) == first
    assert Case.objects.count() == 2


def test_the_number_of_somebody_else_s_form_does_not_give_their_ticket():
    number = uuid4()
    open_case(submission=number)
    other = referent_of()
    with pytest.raises(Exception):  # noqa: B017, PT011  the number is taken: nothing is told of whose it is
        open_case(other, submission=number)


def test_who_opens_a_ticket_for_an_organisation_works_there():
    with pytest.raises(Refusal) as refused:
        open_case(referent_of(), organisation=OrganisationFactory())
    assert refused.value.field == "organisation"


def test_empty_and_endless_texts_are_refused_beside_their_field():
    for facts, field in [({"subject": " \n "}, "subject"), ({"subject": "x" * 201}, "subject"),
                         ({"text": "\x00 "}, "text"), ({"text": "x" * 50_001}, "text")]:  # fmt: skip
        with pytest.raises(Refusal) as refused:
            open_case(**facts)
        assert refused.value.field == field


def test_an_answer_of_who_asked_wakes_a_waiting_ticket_and_reopens_a_resolved_one():
    case, biel = open_case(), agent()
    for state in (State.WAITING, State.RESOLVED, State.CLOSED):
        domain.change_state(actor=biel, case=case, to=state)
        entry = domain.reply(actor=case.requester, case=case, text="Aquí teniu.")
        assert (entry.case, entry.case.state, entry.side) == (case, State.OPEN, Side.REQUESTER)


def test_an_answer_that_comes_too_late_opens_another_ticket_linked_to_the_first():
    long_ago = timezone.now() - timedelta(days=30)
    case = open_case(at=long_ago)
    domain.change_state(actor=agent(), case=case, to=State.RESOLVED, at=long_ago)
    entry = domain.reply(actor=case.requester, case=case, text="Torna a passar.")
    assert entry.case != case
    assert (entry.case.follows, entry.case.state, entry.case.requester) == (case, State.NEW, case.requester)
    case.refresh_from_db()
    assert case.state == State.RESOLVED


def test_a_colleague_who_answers_too_late_is_who_asks_in_the_new_ticket():
    long_ago = timezone.now() - timedelta(days=30)
    case = open_case(at=long_ago)
    domain.change_state(actor=agent(), case=case, to=State.RESOLVED, at=long_ago)
    colleague = referent_of(case.organisation)
    entry = domain.reply(actor=colleague, case=case, text="A mi també.")
    assert (entry.case.requester, entry.case.organisation) == (colleague, case.organisation)


def test_who_asked_may_close_and_reopen_and_nothing_else():
    case = open_case()
    for state in (State.WAITING, State.RESOLVED, State.NEW):
        with pytest.raises(Refusal):
            domain.change_state(actor=case.requester, case=case, to=state)
    assert domain.change_state(actor=case.requester, case=case, to=State.CLOSED).state == State.CLOSED
    assert domain.change_state(actor=case.requester, case=case, to=State.OPEN).state == State.OPEN


def test_a_ticket_goes_up_a_level_with_a_reason_that_only_the_desk_reads():
    case, biel = open_case(), agent(1)
    domain.reply(actor=biel, case=case, text="Ho passo a la secció.")
    case = domain.escalate(actor=biel, case=case, level=Level.SECTION, reason="Cal permís del node.")
    assert (case.level, case.assignee) == (Level.SECTION, None)
    told = [line.text for line in queries.conversation(case, internal=False)]
    assert not any("permís" in text for text in told)
    assert "Cal permís del node." in [line.text for line in queries.conversation(case, internal=True)]
    with pytest.raises(Refusal) as refused:
        domain.escalate(actor=biel, case=case, level=Level.SECTION, reason="Una altra vegada")
    assert refused.value.field == "level"
    with pytest.raises(Refusal) as refused:
        domain.escalate(actor=biel, case=case, level=Level.SYSTEMS, reason="  ")
    assert refused.value.field == "reason"


def test_only_who_works_at_the_desk_can_have_a_ticket():
    case = open_case()
    with pytest.raises(Refusal) as refused:
        domain.assign(actor=agent(), case=case, assignee=case.requester)
    assert refused.value.field == "assignee"
    with pytest.raises(Refusal):
        domain.assign(actor=case.requester, case=case, assignee=agent())


def test_what_somebody_else_did_meanwhile_is_shown_before_anything_is_written():
    case, biel, nuria = open_case(), agent(), agent(2)
    read = case.version
    domain.reply(actor=nuria, case=case, text="Ja ho porto jo.")
    with pytest.raises(domain.Changed) as changed:
        domain.reply(actor=biel, case=case, text="Bon dia!", expected_version=read)
    assert [entry.followup.comment for entry in changed.value.entries] == ["Ja ho porto jo."]
    assert queries.conversation(case, internal=True)[-1].text == "Ja ho porto jo."
    domain.reply(actor=biel, case=case, text="Bon dia!", expected_version=changed.value.case.version)


def test_an_internal_note_reaches_no_stream_but_the_desk_s():
    case = open_case()
    domain.add_note(actor=agent(), case=case, text="El servidor 3 torna a fallar.")
    assert streams_of("desk.noted") == {"desk"}
    assert all(line.entry.kind != EntryKind.NOTE for line in queries.conversation(case, internal=False))


def test_the_database_itself_refuses_a_public_note():
    case = open_case()
    entry = domain.add_note(actor=agent(), case=case, text="x")
    entry.is_public = True
    with pytest.raises(ValidationError):
        entry.validate_constraints()


def test_a_public_answer_reaches_who_may_see_the_ticket():
    case = open_case()
    colleague, copied = referent_of(case.organisation), UserFactory()
    domain.add_copy(actor=case.requester, case=case, email=copied.email)
    domain.reply(actor=agent(), case=case, text="Bon dia!")
    people = {f"user:{person.pk}" for person in (case.requester, colleague, copied)}
    assert streams_of("desk.replied") == {"desk", f"ticket:{case.pk}"} | people


def test_somebody_in_copy_sees_and_answers_until_they_are_taken_out():
    case, copied = open_case(), UserFactory()
    copy = domain.add_copy(actor=case.requester, case=case, email=copied.email.upper())
    assert domain.add_copy(actor=case.requester, case=case, email=copied.email) == copy
    domain.reply(actor=copied, case=case, text="També em passa.")
    domain.remove_copy(actor=copied, case=case, copy=copy)
    with pytest.raises(Refusal):
        domain.reply(actor=copied, case=case, text="Encara hi soc?")
    assert not TicketCC.objects.exists()


def test_a_copy_needs_an_address_and_not_that_of_who_asked():
    case = open_case()
    for email in ("", "laia@", case.requester.email):
        with pytest.raises(Refusal) as refused:
            domain.add_copy(actor=case.requester, case=case, email=email)
        assert refused.value.field == "email"


def test_who_asked_rates_the_answer_once_it_is_resolved_and_may_change_their_mind():
    case, biel = open_case(), agent()
    with pytest.raises(Refusal):
        domain.rate(actor=case.requester, case=case, rating=Rating.GOOD)
    case = domain.change_state(actor=biel, case=case, to=State.RESOLVED)
    domain.rate(actor=case.requester, case=case, rating=Rating.BAD, comment="Ha trigat.")
    case = domain.rate(actor=case.requester, case=case, rating=Rating.FAIR, comment="")
    assert (case.rating, case.rating_comment) == (Rating.FAIR, "")
    with pytest.raises(Refusal):
        domain.rate(actor=biel, case=case, rating=Rating.GOOD)


def test_a_departing_referent_s_open_tickets_and_copies_go_to_the_successor():
    laia = referent_of()
    ens = laia.memberships.get().organisation
    quim = referent_of(ens)
    live, over, copied = open_case(laia), open_case(laia), open_case(quim)
    domain.change_state(actor=agent(), case=over, to=State.RESOLVED)
    TicketCC.objects.create(ticket=copied.ticket, user=laia, can_view=True, can_update=True)
    new = UserFactory()
    seat = add_member(actor=quim, organisation=ens, email=new.email, role=MembershipRole.TECHNICIAN)
    moved = hand_over(actor=quim, membership=laia.memberships.get(), successor=seat)
    assert {item.transfer.name: item.count for item in moved}["desk.tickets"] == 1
    live.refresh_from_db()
    over.refresh_from_db()
    assert (live.requester, over.requester) == (new, laia)
    assert live.entries.filter(change=Change.HANDED_OVER).exists()
    assert TicketCC.objects.get().user == new


def test_a_file_is_kept_and_goes_again_when_the_message_is_not_written(settings):
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

    from platform_core.files.public import accept, private_storage  # noqa: PLC0415

    case = open_case()
    [upload] = accept([SimpleUploadedFile("../captura.txt", b"hola")])
    entry = domain.reply(actor=case.requester, case=case, text="", files=[upload])
    [line] = [line for line in queries.conversation(case, internal=False) if line.entry == entry]
    [file] = line.files
    assert file.name == "captura.txt"
    stored = queries.attachment_for(case.requester, file.pk, internal=False)
    assert private_storage().open(stored.file.name).read() == b"hola"


@pytest.mark.parametrize("lines", [1, 30])
def test_a_conversation_costs_the_same_however_long_it_is(lines, django_assert_num_queries):
    case, biel = open_case(), agent()
    for _line in range(lines):
        domain.reply(actor=biel, case=case, text="…")
    with django_assert_num_queries(3):
        queries.conversation(case, internal=True)


def test_opening_a_ticket_writes_each_row_once(django_assert_max_num_queries):
    laia = referent_of()
    open_case(laia)  # what is kept for a while is read
    with django_assert_max_num_queries(21) as queries:
        case = open_case(laia)
    writes = [query["sql"] for query in queries if query["sql"].startswith(("UPDATE", "INSERT"))]
    assert not [sql for sql in writes if sql.startswith("UPDATE") and ("desk_" in sql or "helpdesk_" in sql)]
    assert case.clocks.count() == 2
    assert Ticket.objects.get(pk=case.pk).due_date == case.due_at == case.clocks.earliest("due_at").due_at
