from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.desk import queries
from helpdesk.desk.models import Case, Channel, Entry, Kind, State
from platform_core.accounts.roles import Role
from tests.factories.accounts import UserFactory
from tests.factories.desk import agent, referent_of, seed_desk
from tests.factories.organisations import MembershipFactory, OrganisationFactory, referent

pytestmark = pytest.mark.django_db

URL = "/suport/taula/nova/"
NONSENSE = ["", "x", "-1", "9" * 40, "١٢", "1' OR '1'='1", "\0", "<script>alert(1)</script>", "ç" * 500, "@", "%"]
LIMIT = 12


@pytest.fixture
def on_desk(client):
    seed_desk()
    person = agent(name="Oriol Bastida")
    client.force_login(person)
    return person


@pytest.fixture
def laia():
    ens = OrganisationFactory(name="Puigcerver Fictici", platform_host="participa311-puigcerver.example")
    return referent_of(ens, name="Laia Serra", email="laia@ens.test")


def call(**sent):
    return {
        "who": "laia@ens.test",
        "kind": "incident",
        "priority": "2",
        "subject": "El mapa surt buit",
        "text": "Des d'ahir el mapa de les trobades surt buit.",
        "mine": "on",
        "submission": uuid4(),
        **sent,
    }


def test_a_call_becomes_a_ticket_with_its_promise(client, on_desk, laia):
    response = client.post(URL, call(note="Sembla nerviosa.", minutes="12"))
    case = Case.objects.get()
    assert response.url == f"/suport/taula/{case.reference}/"
    assert (case.channel, case.kind, case.requester, case.assignee) == (Channel.PHONE, Kind.INCIDENT, laia, on_desk)
    assert case.organisation.name == "Puigcerver Fictici"
    assert case.instance == "participa311-puigcerver.example"
    assert case.due_at
    note = next(line for line in queries.conversation(case, internal=True) if line.is_note)
    assert note.time_spent.total_seconds() == 12 * 60


def test_what_is_solved_on_the_phone_is_written_down_in_one_act(client, on_desk, laia):
    sent = call(solved="on", solution="Cal activar el mapa a la configuració.", minutes="4")
    client.post(URL, sent)
    client.post(URL, sent)
    case = Case.objects.get()
    assert case.state == State.RESOLVED
    told = [line.text for line in queries.conversation(case, internal=False) if line.is_by_desk and not line.is_change]
    assert told == [sent["solution"]]
    response = client.post(URL, call(solved="on", solution=" "))
    assert response.status_code == 422
    assert response.context["form"].errors["solution"]
    assert Case.objects.count() == 1


def test_the_same_form_twice_is_one_ticket(client, on_desk, laia):
    sent = call(note="Una nota.")
    client.post(URL, sent)
    client.post(URL, sent)
    assert Entry.objects.filter(case=Case.objects.get()).count() == 2


@pytest.mark.parametrize("who", ["Laia Serra", "laia serra", "LAIA@ENS.TEST"])
def test_who_calls_is_known_by_name_or_address(client, on_desk, laia, who):
    assert client.post(URL, call(who=who)).status_code == 302
    assert Case.objects.get().requester == laia


def test_who_has_no_account_is_known_by_their_address(client, on_desk):
    client.post(URL, call(who="algu@fora.test", name="Algú de Fora"))
    case = Case.objects.get()
    assert case.requester is None
    assert case.requester_name == "Algú de Fora"
    assert case.ticket.submitter_email == "algu@fora.test"


def test_two_of_the_same_name_and_a_name_of_nobody_are_asked_about(client, on_desk, laia):
    UserFactory(name="Laia Serra")
    for who in ("Laia Serra", "Ningú Conegut"):
        response = client.post(URL, call(who=who))
        assert response.status_code == 422
        assert response.context["form"].errors["who"]
        assert "Des d&#x27;ahir el mapa" in response.text


def test_who_works_for_two_organisations_says_which_one_calls(client, on_desk, laia):
    other = OrganisationFactory(name="Una Altra Vila")
    MembershipFactory(person=laia, organisation=other)
    assert client.post(URL, call()).status_code == 422
    client.post(URL, call(organisation="Una Altra Vila"))
    assert Case.objects.get().organisation == other


def test_a_refusal_of_the_domain_stands_beside_its_field(client, on_desk, laia):
    OrganisationFactory(name="Vila Aliena")
    response = client.post(URL, call(organisation="Vila Aliena", note="x", solved="on", solution="y"))
    assert response.context["form"].errors["organisation"]
    assert client.post(URL, call(subject=" ")).context["form"].errors["subject"]
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("words", "found"),
    [("lai", 1), ("serra", 1), ("puigcerver", 1), ("laia@", 1), ("ò", 0), ("laia zzz", 0), ("ódena", 1), ("erra", 0)],
)
def test_people_are_found_by_the_beginning_of_a_word_without_accents(client, on_desk, laia, words, found):
    referent_of(OrganisationFactory(name="Òdena Fictícia"), name="Bernat Vila", email="b@ens.test")
    assert len(client.get(f"{URL}qui/", {"q": words}).json()["people"]) == found


def test_looking_for_people_costs_the_same_with_one_and_with_thirty(client, on_desk):
    def cost(url):
        with CaptureQueriesContext(connection) as made:
            assert client.get(url).status_code == 200
        return len(made)

    ens = OrganisationFactory()
    referent(ens)
    urls = [f"{URL}qui/?q=persona", URL, f"{URL}promesa/?kind=outage"]
    [client.get(url) for url in urls]
    before = [cost(url) for url in urls]
    for _number in range(30):
        referent(ens)
    assert all(now <= was <= LIMIT for now, was in zip([cost(url) for url in urls], before, strict=True))


def test_the_promise_follows_the_kind(client, on_desk):
    one = client.get(f"{URL}promesa/", {"kind": "outage", "priority": "1"}).text
    assert 'class="promise' in one
    assert one != client.get(f"{URL}promesa/", {"kind": "improvement", "priority": "4"}).text


@pytest.mark.parametrize("value", NONSENSE)
def test_nonsense_is_answered_calmly(client, on_desk, value):
    sent = dict.fromkeys(call(), value)
    assert client.post(URL, sent).status_code == 422
    assert client.get(f"{URL}qui/", {"q": value}).status_code == 200
    assert client.get(f"{URL}promesa/", {"kind": value, "priority": value}).status_code == 200
    assert not Case.objects.exists()


@pytest.mark.parametrize("role", [None, Role.MODERATOR, Role.EDITOR])
def test_nobody_else_takes_calls_or_looks_for_people(client, role):
    assert client.get(URL).status_code == 302
    client.force_login(UserFactory(roles=[role] if role else []))
    for path in ("", "qui/?q=laia", "promesa/"):
        assert client.get(URL + path).status_code == 404
    assert client.post(URL, call()).status_code == 404
