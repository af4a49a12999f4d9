import csv
import io
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpdesk.desk import board, domain
from helpdesk.desk.models import Case, Kind, Level, State
from platform_core.accounts.roles import Role
from tests.factories.accounts import UserFactory
from tests.factories.desk import agent, open_case, referent_of
from tests.factories.organisations import OrganisationFactory
from tests.factories.questions import topic

pytestmark = pytest.mark.django_db

NONSENSE = [
    "",
    "x",
    "-1",
    "0",
    "9" * 40,
    "١٢",
    "1' OR '1'='1",
    "%00",
    "\0",
    "<b>",
    "ç" * 500,
    "[]",
    "WzFd",
    "bnVsbA",
    "é",
]
PARAMETERS = ["q", "vista", "tipus", "ens", "tema", "n", "ordre", "despres", "abans", "rows"]
LIMIT = 12


@pytest.fixture
def on_desk(client):
    person = agent(name="Oriol Bastida")
    client.force_login(person)
    return person


def shown(response):
    return [row.case.reference for group in response.context["groups"] for row in group.rows]


def cost(client, url):
    with CaptureQueriesContext(connection) as made:
        assert client.get(url).status_code == 200
    return len(made)


def test_what_burns_first_comes_first(client, on_desk):
    later = open_case(kind=Kind.IMPROVEMENT)
    burning = open_case(kind=Kind.OUTAGE)
    paused = open_case()
    domain.reply(actor=on_desk, case=paused, text="Quin navegador feu servir?", then=State.WAITING)
    solved = open_case()
    domain.reply(actor=on_desk, case=solved, text="Fet.", then=State.RESOLVED)
    response = client.get("/suport/taula/")
    assert shown(response) == [burning.reference, later.reference, paused.reference]
    assert f'data-ref="{solved.reference}"' not in response.text


@pytest.mark.parametrize(
    "address", ["", "?q=publicar", "?ordre=ens", "?vista=pausa", "?vista=resolts", "?vista=cremen"]
)
def test_the_board_costs_the_same_with_one_and_with_thirty(client, on_desk, address):
    def another(then):
        case = open_case(topic="correu")
        domain.reply(actor=on_desk, case=case, text="Ho mirem.", then=then)

    states = [State.OPEN, State.WAITING, State.RESOLVED]
    for then in states:
        another(then)
    open_case()
    url = f"/suport/taula/{address}"
    client.get(url)
    one = cost(client, url)
    for number in range(30):
        another(states[number % 3])
    assert cost(client, url) == one
    assert one <= LIMIT


def test_the_rows_that_changed_cost_the_same_with_one_and_with_thirty(client, on_desk):
    cases = [open_case() for _number in range(30)]
    one = "/suport/taula/files/?rows=" + cases[0].reference
    client.get(one)
    all_of_them = "/suport/taula/files/?rows=" + ",".join(case.reference for case in cases)
    assert cost(client, one) == cost(client, all_of_them) <= LIMIT


def test_each_view_has_its_tickets_and_its_count(client, on_desk):
    mine = open_case(assignee=on_desk)
    nobody = open_case()
    theirs = open_case(assignee=agent(2))
    domain.escalate(actor=on_desk, case=theirs, level=Level.SECTION, reason="Cal la secció.")
    views = {
        "tot": {mine, nobody, theirs},
        "meus": {mine},
        "sense": {nobody, theirs},
        "nivell": {mine, nobody},
        "cremen": set(),
        "pausa": set(),
        "resolts": set(),
    }
    for view, cases in views.items():
        response = client.get("/suport/taula/", {"vista": view})
        assert set(shown(response)) == {case.reference for case in cases}, view
        if view != "resolts":
            assert response.context["counts"][view] == len(cases)


def test_a_promise_with_less_than_a_quarter_left_is_about_to_expire(client, on_desk):
    open_case(kind=Kind.IMPROVEMENT)
    broken = open_case(kind=Kind.OUTAGE, at=timezone.now() - timedelta(days=30))
    response = client.get("/suport/taula/?vista=cremen")
    assert shown(response) == [broken.reference]
    assert client.get("/suport/taula/").context["groups"][0].band.key == "late"


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("tipus=incident", ["incident"]),
        ("tema=correu", ["mail"]),
        ("n=2", ["level"]),
        ("ens=odena", ["ens"]),
        ("q=odena", ["ens"]),
        ("q=CÒDI postal", ["words"]),
        ("q=serra", ["person"]),
        ("q=codi zzz", []),
        ("tipus=outage", []),
        ("tipus=zzz&n=9&tema=", ["incident", "mail", "level", "ens", "words", "person"]),
    ],
)
def test_filters(client, on_desk, address, found):
    odena = OrganisationFactory(name="Òdena Fictícia", slug="odena")
    cases = {
        "incident": open_case(kind=Kind.INCIDENT),
        "mail": open_case(topic="correu"),
        "level": open_case(),
        "ens": open_case(requester=referent_of(odena)),
        "words": open_case(subject="El còdi postal no surt"),
        "person": open_case(requester=referent_of(name="Laia Serra")),
    }
    domain.escalate(actor=on_desk, case=cases["level"], level=Level.SECTION, reason="Perquè sí.")
    assert set(shown(client.get(f"/suport/taula/?{address}"))) == {cases[name].reference for name in found}


def test_a_reference_is_found_in_any_state(client, on_desk):
    case = open_case()
    open_case()
    domain.change_state(actor=on_desk, case=case, to=State.CLOSED)
    for words in (case.reference, case.reference.lower(), str(case.pk)):
        assert shown(client.get("/suport/taula/", {"q": words, "vista": "meus"})) == [case.reference]


@pytest.mark.parametrize("order", board.ORDERS)
@pytest.mark.parametrize("view", ["tot", "pausa", "resolts"])
def test_pages_by_key_show_everything_once_both_ways(client, on_desk, monkeypatch, order, view):
    monkeypatch.setattr(board, "PAGE_SIZE", 3)
    ens = [OrganisationFactory(), OrganisationFactory()]
    then = {"tot": State.OPEN, "pausa": State.WAITING, "resolts": State.RESOLVED}[view]
    for number in range(8):
        case = open_case(requester=referent_of(ens[number % 2]))
        domain.reply(actor=on_desk, case=case, text="Ho mirem.", then=then)
    address = {"ordre": order, "vista": view}
    response = client.get("/suport/taula/", address)
    pages = [shown(response)]
    while after := response.context["page"].after:
        response = client.get("/suport/taula/", {**address, "despres": after})
        pages.append(shown(response))
    forward = [reference for page in pages for reference in page]
    assert len(forward) == len(set(forward)) == 8
    backward = [shown(response)]
    while before := response.context["page"].before:
        response = client.get("/suport/taula/", {**address, "abans": before})
        backward.insert(0, shown(response))
    assert backward == pages


def test_a_page_stays_where_it_is_while_tickets_come_and_go(client, on_desk, monkeypatch):
    monkeypatch.setattr(board, "PAGE_SIZE", 2)
    cases = [open_case() for _number in range(5)]
    after = client.get("/suport/taula/").context["page"].after
    expected = shown(client.get("/suport/taula/", {"despres": after}))
    domain.reply(actor=on_desk, case=cases[1], text="Fet.", then=State.RESOLVED)
    open_case(kind=Kind.OUTAGE)
    assert shown(client.get("/suport/taula/", {"despres": after})) == expected


@pytest.mark.parametrize("value", NONSENSE)
@pytest.mark.parametrize("name", PARAMETERS)
def test_nonsense_in_the_address_is_answered_calmly(client, on_desk, name, value):
    open_case()
    for url in ("/suport/taula/", "/suport/taula/files/", "/suport/taula/exporta/"):
        answer = client.get(url, {name: value})
        assert answer.status_code == 200
        if answer.streaming:
            assert answer.getvalue()


@pytest.mark.parametrize("value", NONSENSE)
def test_nonsense_in_a_form_changes_nothing(client, on_desk, value):
    case = open_case()
    assert client.post("/suport/taula/agafa/", {"agafa": value, "filtres": value}).status_code == 404
    for name in ("tria", "acte", "motiu", "filtres"):
        answer = client.post("/suport/taula/tria/", {"tria": "S-1", "acte": "zzz", name: value})
        assert answer.status_code == 302
    assert Case.objects.get(pk=case.pk).version == case.version


def test_who_takes_a_ticket_has_it_and_comes_back_to_the_same_board(client, on_desk):
    case = open_case()
    answer = client.post("/suport/taula/agafa/", {"agafa": case.reference, "filtres": "vista=sense&tipus=question"})
    assert answer.url == "/suport/taula/?vista=sense&tipus=question"
    case.refresh_from_db()
    assert case.assignee == on_desk
    assert case.state == State.OPEN


def test_who_takes_a_ticket_from_an_open_board_gets_its_row(client, on_desk):
    case = open_case()
    url, sent = "/suport/taula/agafa/", {"agafa": case.reference, "filtres": "vista=sense"}
    answer = client.post(url, sent, headers={"X-Fragment": "1"})
    assert f'data-ref="{case.reference}"' in answer.text
    assert 'data-here="0"' in answer.text
    assert "Oriol" in answer.text


def test_nobody_takes_what_another_has(client, on_desk):
    other = agent(name="Neus Carrasco")
    case = open_case(assignee=other)
    answer = client.post("/suport/taula/agafa/", {"agafa": case.reference}, follow=True)
    assert "Neus Carrasco" in answer.text
    case.refresh_from_db()
    assert case.assignee == other


def test_the_same_act_on_several_says_what_was_done_and_what_not(client, on_desk):
    free, taken = open_case(), open_case(assignee=agent(name="Neus Carrasco"))
    sent = {"tria": [free.reference, taken.reference, "S-999999"], "acte": "meus"}
    answer = client.post("/suport/taula/tria/", sent, follow=True)
    free.refresh_from_db()
    assert free.assignee == on_desk
    assert f"{taken.reference}: " in answer.text


def test_several_are_given_to_somebody_of_the_desk_whoever_has_them(client, on_desk):
    cache.clear()  # what there is to choose from is kept for a minute
    neus = agent(name="Neus Carrasco")
    cases = [open_case(), open_case(assignee=on_desk)]
    assert f"""<option value="agent{neus.pk}">Dona'ls a Neus Carrasco</option>""" in client.get("/suport/taula/").text
    sent = {"tria": [case.reference for case in cases], "acte": f"agent{neus.pk}"}
    answer = client.post("/suport/taula/tria/", sent, follow=True)
    assert Case.objects.filter(assignee=neus).count() == 2
    assert "2 tiquets passen a Neus Carrasco" in answer.text
    stranger = referent_of()
    client.post("/suport/taula/tria/", {**sent, "acte": f"agent{stranger.pk}"})
    assert Case.objects.filter(assignee=neus).count() == 2


def test_topics_are_told_by_their_names_and_those_without_one_by_their_slug(client, on_desk):
    cache.clear()
    topic("Logotip i colors", slug="logotip")
    open_case(topic="logotip")
    case = open_case(topic="un-de-vell")
    for url in ("/suport/taula/?tema=logotip", case.get_bench_url()):
        page = client.get(url).text
        assert ">Logotip i colors</option>" in page
        assert ">un-de-vell</option>" in page
    assert shown(client.get("/suport/taula/?tema=un-de-vell")) == [case.reference]


def test_several_go_to_another_level_only_with_a_reason(client, on_desk):
    cases = [open_case(), open_case()]
    sent = {"tria": [case.reference for case in cases], "acte": "nivell3"}
    client.post("/suport/taula/tria/", sent)
    assert not Case.objects.filter(level=Level.SYSTEMS).exists()
    client.post("/suport/taula/tria/", {**sent, "motiu": "El servidor no respon."})
    assert Case.objects.filter(level=Level.SYSTEMS, assignee=None).count() == 2


def test_the_export_has_the_filtered_rows_and_no_formula(client, on_desk):
    open_case(subject="=HYPERLINK(1)", kind=Kind.INCIDENT)
    open_case()
    text = client.get("/suport/taula/exporta/", {"tipus": "incident"}).getvalue().decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(text))
    assert len(header) == len(row)
    assert row[1] == "'=HYPERLINK(1)"


def test_a_changed_row_comes_with_its_place_and_whether_it_is_of_this_view(client, on_desk):
    case, gone = open_case(assignee=on_desk), open_case(assignee=on_desk)
    domain.reply(actor=on_desk, case=gone, text="Fet.", then=State.RESOLVED)
    answer = client.get("/suport/taula/files/", {"vista": "meus", "rows": f"{case.reference},{gone.reference},S-0"})
    rows = {row.case.reference: row for row in answer.context["rows"]}
    assert rows[case.reference].is_here
    assert not rows[gone.reference].is_here
    assert rows[case.reference].place != rows[gone.reference].place


@pytest.mark.parametrize("role", [Role.AGENT_1, Role.AGENT_3, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_whoever_works_at_the_desk_sees_the_board(client, role):
    client.force_login(UserFactory(roles=[role]))
    open_case()
    assert client.get("/suport/taula/").status_code == 200


@pytest.mark.parametrize("role", [None, Role.MODERATOR, Role.EDITOR])
def test_for_everybody_else_there_is_no_board(client, role):
    case = open_case()
    assert client.get("/suport/taula/").status_code == 302
    for person in (UserFactory(roles=[role] if role else []), case.requester):
        client.force_login(person)
        for path in ("", "files/", "exporta/"):
            assert client.get(f"/suport/taula/{path}").status_code == 404
        for path in ("agafa/", "tria/"):
            assert (
                client.post(f"/suport/taula/{path}", {"agafa": case.reference, "tria": case.reference}).status_code
                == 404
            )
