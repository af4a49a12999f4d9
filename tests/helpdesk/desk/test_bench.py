from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.desk import domain, queries
from helpdesk.desk.models import Case, Entry, EntryKind, Kind, Letter, Level, Priority, State
from platform_core.accounts.roles import Role
from platform_core.files.public import accept
from tests.factories.accounts import UserFactory
from tests.factories.desk import agent, open_case, referent_of
from tests.factories.organisations import OrganisationFactory, referent

pytestmark = pytest.mark.django_db

NONSENSE = ["", "x", "-1", "9" * 40, "١٢", "1' OR '1'='1", "\0", "<script>alert(1)</script>", "ç" * 500]
LIMIT = 12
BESIDE = 9  # more for what stands beside it: links, similar tickets, the answer made of it, lessons, communities
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


@pytest.fixture
def on_desk(client):
    person = agent(name="Oriol Bastida")
    client.force_login(person)
    return person


@pytest.fixture
def case(on_desk):
    return open_case()


def address(case, path=""):
    return f"/suport/taula/{case.reference}/{path}"


def answer(case, **sent):
    return {"text": "Ho mirem ara.", "then": "open", "version": case.version, "submission": uuid4(), **sent}


def cost(client, url, **headers):
    with CaptureQueriesContext(connection) as made:
        assert client.get(url, headers=headers).status_code == 200
    return len(made)


@pytest.mark.parametrize("path", ["", "novetats/?des=1", "costat/"])
def test_the_bench_costs_the_same_with_one_entry_and_with_thirty(client, on_desk, path):
    ens = OrganisationFactory()
    person = referent_of(ens)
    case = open_case(requester=person, assignee=on_desk)
    follower = open_case(requester=person, follows=case, assignee=on_desk)

    def more(number):
        files = [_upload()]
        domain.reply(actor=on_desk, case=case, text="Ho mirem.", files=files)
        domain.add_note(actor=on_desk, case=case, text="Compte amb la cua.")
        domain.reply(actor=person, case=case, text="Gràcies.")
        domain.add_copy(actor=on_desk, case=case, email=f"copia{number}@ens.test") if number < 15 else None
        open_case(requester=person, follows=case, assignee=on_desk)
        referent(ens)
        Letter.objects.create(
            case=case, name="answer", to="a@ens.test", language="ca", message_id=f"<{number}@x>", last_error="550"
        )

    more(0)
    url = address(case, path)
    client.get(url)
    one = cost(client, url)
    for number in range(1, 30):
        more(number)
    assert cost(client, url) == one <= LIMIT + BESIDE * (path == "costat/")
    assert follower.follows_id == case.pk


def _upload():
    return accept([SimpleUploadedFile("captura.png", PNG, "image/png")])[0]


def test_an_answer_is_sent_and_stops_the_clock(client, on_desk, case):
    sent = answer(case, then="waiting", minutes="15", files=[SimpleUploadedFile("captura.png", PNG, "image/png")])
    response = client.post(address(case), sent)
    assert response.url == address(case)
    fresh = Case.objects.get(pk=case.pk)
    assert (fresh.state, fresh.assignee) == (State.WAITING, on_desk)
    (line, told) = [line for line in queries.conversation(case, internal=True) if line.is_by_desk]
    assert (line.is_change, told.entry.change) == (False, "waiting")
    assert line.text == "Ho mirem ara."
    assert line.time_spent == timedelta(minutes=15)
    assert [file.name for file in line.files] == ["captura.png"]
    assert "captura.png" in client.get(address(case)).text


def test_the_same_form_twice_is_one_answer(client, case):
    sent = answer(case)
    client.post(address(case), sent)
    client.post(address(case), sent)
    assert Entry.objects.filter(case=case, side="desk", kind=EntryKind.MESSAGE).count() == 1


def test_an_answer_to_what_has_changed_meanwhile_shows_both_and_asks(client, on_desk, case):
    domain.reply(actor=case.requester, case=case, text="Ja ho hem trobat nosaltres.")
    response = client.post(address(case), answer(case, text="Cliqueu a Publica."))
    assert response.status_code == 409
    assert "Ja ho hem trobat nosaltres." in response.text
    assert "Cliqueu a Publica." in response.text
    assert [one.line.text for one in response.context["told"] if one.is_new] == ["Ja ho hem trobat nosaltres."]
    assert not Entry.objects.filter(case=case, side="desk").exists()
    version = response.context["forms"]["reply"]["version"].value()
    again = answer(case, text="Cliqueu a Publica.", version=version)
    assert client.post(address(case), again).status_code == 302


def test_an_empty_answer_comes_back_with_its_error(client, case):
    response = client.post(address(case), answer(case, text=" "))
    assert response.status_code == 422
    assert response.context["forms"]["reply"].errors["text"]


def test_an_internal_note_never_leaves_the_desk(client, on_desk, case):
    sent = {"text": "El servidor és ple.", "submission": uuid4(), "minutes": "5"}
    assert client.post(address(case, "nota/"), sent).status_code == 302
    assert "El servidor és ple." in client.get(address(case)).text
    assert all(not line.is_note for line in queries.conversation(case, internal=False))
    assert client.post(address(case, "nota/"), {"text": ""}).status_code == 422


def test_who_has_it_is_changed_and_said(client, on_desk, case):
    other = agent(name="Neus Carrasco")
    client.post(address(case, "qui/"), {"assignee": other.pk, "version": case.version})
    case.refresh_from_db()
    assert case.assignee == other
    assert "Neus Carrasco" in client.get(address(case)).text
    client.post(address(case, "qui/"), {"assignee": "", "version": case.version})
    case.refresh_from_db()
    assert case.assignee is None


def test_two_who_give_it_at_once_are_told_of_each_other(client, on_desk, case):
    domain.assign(actor=on_desk, case=case, assignee=on_desk)
    response = client.post(address(case, "qui/"), {"assignee": "", "version": case.version})
    assert response.status_code == 409
    case.refresh_from_db()
    assert case.assignee == on_desk


def test_it_goes_to_another_level_with_a_reason_only(client, on_desk, case):
    sent = {"level": 3, "reason": "", "version": case.version}
    response = client.post(address(case, "nivell/"), sent)
    assert response.status_code == 422
    assert response.context["forms"]["escalate"].errors["reason"]
    client.post(address(case, "nivell/"), {**sent, "reason": "El node no respon."})
    case.refresh_from_db()
    assert case.level == Level.SYSTEMS
    assert "El node no respon." in client.get(address(case)).text


def test_its_properties_are_corrected_and_the_promise_follows(client, on_desk, case):
    ens = OrganisationFactory(name="l'Òdena Fictícia", slug="odena")
    due = Case.objects.get(pk=case.pk).due_at
    sent = {
        "kind": "outage", "priority": "1", "topic": "correu", "organisation": "L'odena ficticia",
        "instance": "participa.example", "version": case.version,
    }  # fmt: skip
    assert client.post(address(case, "propietats/"), sent).status_code == 302
    case.refresh_from_db()
    assert (case.kind, case.priority, case.topic) == (Kind.OUTAGE, Priority.URGENT, "correu")
    assert case.organisation == ens
    assert case.due_at < due


def test_an_unknown_organisation_is_refused_beside_its_field(client, case):
    sent = {"kind": "outage", "priority": "1", "organisation": "Enlloc", "version": case.version}
    response = client.post(address(case, "propietats/"), sent)
    assert response.status_code == 422
    assert response.context["forms"]["properties"].errors["organisation"]
    assert "Enlloc" in response.text


def test_with_its_organisation_comes_the_platform_unless_another_is_written(client, case):
    ens = OrganisationFactory(name="Vila Fictícia", platform_host="participa.vila.example")
    sent = {"kind": "outage", "priority": "1", "organisation": ens.name, "instance": case.instance}
    client.post(address(case, "propietats/"), {**sent, "version": case.version})
    case.refresh_from_db()
    assert case.instance == "participa.vila.example"
    client.post(address(case, "propietats/"), {**sent, "instance": "https://Altra.example/x", "version": case.version})
    case.refresh_from_db()
    assert case.instance == "altra.example"
    response = client.post(address(case, "propietats/"), {**sent, "instance": "cap lloc", "version": case.version})
    assert response.status_code == 422
    assert response.context["forms"]["properties"].errors.keys() == {"instance"}
    assert 'value="cap lloc"' in response.text


@pytest.mark.parametrize("to", ["waiting", "resolved", "closed"])
def test_its_state_is_changed_and_changed_back(client, on_desk, case, to):
    client.post(address(case, "estat/"), {"to": to, "version": case.version})
    case.refresh_from_db()
    assert case.state == to
    client.post(address(case, "estat/"), {"to": "open", "version": case.version})
    case.refresh_from_db()
    assert case.state == State.OPEN


def test_somebody_comes_into_copy_and_goes(client, on_desk, case):
    client.post(address(case, "copia/"), {"email": "companya@ens.test"})
    (copy,) = queries.copies_of(case)
    assert "companya@ens.test" in client.get(address(case, "costat/")).text
    client.post(address(case, "copia/"), {"remove": copy.pk})
    assert queries.copies_of(case) == []
    assert client.post(address(case, "copia/"), {"remove": copy.pk}).status_code == 422
    assert client.post(address(case, "copia/"), {"email": "x"}).status_code == 422


def test_what_happened_since_a_version_comes_alone(client, on_desk, case):
    domain.reply(actor=case.requester, case=case, text="Encara hi som?")
    response = client.get(address(case, f"novetats/?des={case.version}"))
    assert [one.line.text for one in response.context["told"]] == ["Encara hi som?"]
    assert response.context["summary"]
    assert client.get(address(case, "novetats/")).context["told"] == []


def test_beside_stand_the_organisation_its_people_and_other_tickets(client, on_desk):
    ens = OrganisationFactory(platform_host="participa311-vila.example")
    person = referent_of(ens, name="Laia Serra")
    case = open_case(requester=person)
    after = open_case(requester=person, follows=case, subject="Torna a passar")
    unrelated = open_case(subject="Cap relació")
    text = client.get(address(case, "costat/")).text
    for words in ("Laia Serra", "participa311-vila.example", after.reference, "Torna a passar"):
        assert words in text
    assert unrelated.reference not in text


def test_every_state_and_change_can_be_shown(client, on_desk):
    case = open_case(assignee=on_desk)
    for kind in Kind:
        domain.reclassify(actor=on_desk, case=case, kind=kind, priority=Priority.HIGH)
    domain.escalate(actor=on_desk, case=case, level=Level.SECTION, reason="Cal la secció.")
    domain.assign(actor=on_desk, case=case, assignee=agent())
    domain.assign(actor=on_desk, case=case, assignee=None)
    copy = domain.add_copy(actor=on_desk, case=case, email="a@ens.test")
    domain.remove_copy(actor=on_desk, case=case, copy=copy)
    for to in (State.WAITING, State.OPEN, State.RESOLVED, State.OPEN, State.RESOLVED):
        domain.change_state(actor=on_desk, case=case, to=to)
        assert client.get(address(case)).status_code == 200
    case.refresh_from_db()
    domain.rate(actor=case.requester, case=case, rating=3, comment="Gràcies")
    domain.change_state(actor=on_desk, case=case, to=State.CLOSED)
    response = client.get(address(case))
    assert all(one.sentence for one in response.context["told"] if one.line.is_change)


def test_what_somebody_wrote_is_shown_and_never_run(client, on_desk):
    case = open_case(subject="<script>alert(1)</script>", text="**fort** <script>alert(2)</script>")
    text = client.get(address(case)).text
    assert "<script>alert" not in text
    assert "<strong>fort</strong>" in text


def test_a_ticket_by_mail_of_a_stranger_can_be_shown(client, on_desk):
    case = open_case(requester=None, requester_email="algu@fora.test", actor=None, organisation=None)
    assert "algu@fora.test" in client.get(address(case)).text
    assert "algu@fora.test" in client.get(address(case, "costat/")).text
    assert client.get("/suport/taula/").status_code == 200


@pytest.mark.parametrize("value", NONSENSE)
def test_nonsense_in_a_form_comes_back_and_changes_nothing(client, on_desk, case, value):
    for path, sent in [
        ("", {"text": "", "then": value, "version": value, "minutes": value, "submission": value}),
        ("nota/", {"text": "", "minutes": value, "submission": value}),
        ("qui/", {"assignee": value or "x", "version": value}),
        ("nivell/", {"level": value, "reason": value, "version": value}),
        ("propietats/", {"kind": value, "priority": value, "topic": value, "organisation": value, "version": value}),
        ("estat/", {"to": value, "version": value}),
        ("copia/", {"email": value, "remove": value}),
    ]:
        assert client.post(address(case, path), sent).status_code == 422, path
    for path in (f"novetats/?des={value}", f"costat/?x={value}"):
        assert client.get(address(case, path)).status_code == 200
    assert Case.objects.get(pk=case.pk).version == case.version


@pytest.mark.parametrize("reference", ["S-999999", "s-999999", "S-" + "9" * 18, "S-0", "S-x", "42"])
def test_a_ticket_that_does_not_exist_is_not_found(client, on_desk, reference):
    assert client.get(f"/suport/taula/{reference}/").status_code == 404


@pytest.mark.parametrize("role", [None, Role.MODERATOR, Role.EDITOR])
def test_for_everybody_else_there_is_no_bench(client, role):
    case = open_case()
    assert client.get(address(case)).status_code == 302
    for person in (UserFactory(roles=[role] if role else []), case.requester):
        client.force_login(person)
        for path in ("", "novetats/", "costat/"):
            assert client.get(address(case, path)).status_code == 404
        for path in ("", "nota/", "qui/", "nivell/", "propietats/", "estat/", "copia/"):
            assert client.post(address(case, path), answer(case)).status_code == 404
    assert Entry.objects.filter(case=case).count() == 1
