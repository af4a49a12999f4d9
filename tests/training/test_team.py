"""Who looks after the training of others: the board, its file, and enrolling many at once."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from platform_core.accounts.roles import Role
from tests.factories.accounts import UserFactory
from tests.factories.organisations import MembershipFactory, OrganisationFactory, referent
from tests.factories.training import course, do, enrolled, lessons_of
from training import board as boards
from training import domain
from training.models import Attempt, Cohort, Enrolment, Progress, QuizVersion, Via

pytestmark = pytest.mark.django_db
BOARD, ENROL = "/formacio/equip/", "/formacio/equip/inscriu/"


@pytest.fixture
def agent():
    return UserFactory(roles=[Role.AGENT_1])


@pytest.fixture
def page():
    return course()


def file(text, name="llista.csv"):
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode(), content_type="text/csv")


def test_who_looks_after_nobody_finds_no_board(client, page):
    person = UserFactory()
    enrolment = enrolled(person, page)
    stranger = UserFactory()
    client.force_login(stranger)
    for path in (BOARD, f"{BOARD}csv/", ENROL, f"{BOARD}{enrolment.pk}/"):
        assert client.get(path).status_code == 404
    assert "equip/" not in client.get("/formacio/").text
    client.logout()
    assert client.get(BOARD).status_code == 302


def test_a_referent_sees_their_people_and_nobody_else(client, page):
    organisation = OrganisationFactory()
    boss = referent(organisation).person
    colleague = MembershipFactory(organisation=organisation, person__name="Aina Companya").person
    stranger = UserFactory(name="Estranya")
    theirs, other = enrolled(colleague, page), enrolled(stranger, page)
    client.force_login(boss)
    board = client.get(BOARD).text
    assert "Aina Companya" in board
    assert "Estranya" not in board
    assert client.get(f"{BOARD}{theirs.pk}/").status_code == 200
    assert client.get(f"{BOARD}{other.pk}/").status_code == 404
    assert client.post(f"{BOARD}{theirs.pk}/", {"percent": 50}).status_code == 404, "extra time is the service's"
    assert "Estranya" not in b"".join(client.get(f"{BOARD}csv/").streaming_content).decode()


def test_the_board_says_who_is_where(client, agent, page):
    begun, fresh, done = UserFactory(name="Berta"), UserFactory(name="Carla"), UserFactory(name="Dora")
    for person in (begun, fresh, done):
        enrolled(person, page)
    do(begun, lessons_of(page)[0])
    do(done, *lessons_of(page))
    client.force_login(agent)
    for state, name in (("doing", "Berta"), ("nobegun", "Carla"), ("done", "Dora")):
        text = client.get(BOARD, {"estat": state}).text
        assert [each for each in ("Berta", "Carla", "Dora") if each in text] == [name]
    assert "Lliçó 1.2" in client.get(BOARD, {"q": "bert"}).text
    assert "Aquí no hi ha ningú" in client.get(BOARD, {"q": "zzzz"}).text


def test_the_board_says_who_is_stuck_and_in_which_body(client, agent, page):
    quiet, busy, fresh = OrganisationFactory(name="Vila Quieta"), OrganisationFactory(name="Vila Activa"), None
    people = {}
    for name, organisation in (("Berta", quiet), ("Carla", quiet), ("Dora", busy), ("Emma", fresh)):
        person = people[name] = UserFactory(name=name)
        domain.enrol(actor=agent, person=person, course=page, place=domain.Place(organisation=organisation))
    for name in ("Berta", "Carla", "Dora"):
        do(people[name], lessons_of(page)[0])
    long_ago = timezone.now() - boards.STUCK_AFTER - timedelta(hours=1)
    Progress.objects.exclude(enrolment__person=people["Dora"]).update(seen_at=long_ago, done_at=long_ago)
    Progress.objects.filter(enrolment__person=people["Carla"]).update(done_at=timezone.now())
    client.force_login(agent)
    answer = client.get(BOARD, {"estat": "stuck"})
    assert [row.learning.enrolment.person.name for row in answer.context["board"].rows] == ["Berta"]
    board = client.get(BOARD).context["board"]
    assert board.stuck == 1
    assert [(body.name, body.total, body.begun, body.completed, body.stuck) for body in board.bodies] == [
        ("Vila Quieta", 2, 2, 0, 1),
        ("Vila Activa", 1, 1, 0, 0),
    ]


def test_who_tries_a_quiz_or_has_completed_the_course_is_not_stuck(client, agent, page):
    person = UserFactory(name="Berta")
    enrolled(person, page)
    do(person, *lessons_of(page))
    long_ago = timezone.now() - timedelta(days=60)
    Progress.objects.update(seen_at=long_ago, done_at=long_ago)
    client.force_login(agent)
    assert client.get(BOARD).context["board"].stuck == 0
    Enrolment.objects.update(completed_at=None)
    assert client.get(BOARD).context["board"].stuck == 1
    facts = {"minutes": 1, "questions": [], "draw": 0, "pass_mark": 70, "attempts": 0, "time_limit": 0}
    quiz = QuizVersion.objects.create(key=uuid4(), language="ca", digest="x", title="Prova", **facts)
    tried = {"key": quiz.key, "quiz": quiz, "asked": [], "started_at": timezone.now()}
    Attempt.objects.create(enrolment=Enrolment.objects.get(), **tried)
    assert client.get(BOARD).context["board"].stuck == 0


@pytest.mark.parametrize(
    "query", [{"grup": "x"}, {"grup": "9" * 40}, {"estat": "zz"}, {"curs": "x"}, {"pagina": "-3"}, {"q": "\0ç%_'\""}]
)
def test_what_is_no_filter_is_left_out(client, agent, page, query):
    enrolled(UserFactory(), page)
    client.force_login(agent)
    assert client.get(BOARD, query).status_code == 200


def test_the_board_costs_twelve_queries_at_most_for_any_number_of_people(client, agent, page):
    client.force_login(agent)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(BOARD).status_code == 200
        return len(queries)

    do_one(page)
    client.get(BOARD)
    few = asked()
    for _number in range(60):
        do_one(page)
    assert asked() == few
    assert few - 3 <= 12, "besides the session, the person and their roles"


def do_one(page):
    person = UserFactory()
    enrolled(person, page)
    do(person, lessons_of(page)[0])


def test_the_file_has_everybody_and_no_formula(client, agent, page):
    for number in range(3):
        enrolled(UserFactory(name=f"Persona {number}"), page)
    enrolled(UserFactory(name='=HYPERLINK("x")'), page)
    client.force_login(agent)
    text = b"".join(client.get(f"{BOARD}csv/").streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert len(rows) == 5
    assert rows[0][0] == "Nom"
    assert rows[4][0] == '\'=HYPERLINK("x")'


def test_a_list_enrols_everybody_in_it_once(client, agent, page):
    people = [UserFactory() for _number in range(3)]
    enrolled(people[0], page)
    client.force_login(agent)
    text = "Nom;Correu\n" + "\n".join(f"X;{person.email.upper()}" for person in people) + "\n\n"
    sent = {"course": str(page.translation_key), "file": file(b"\xef\xbb\xbf" + text.encode()), "group": "Tardor"}
    answer = client.post(ENROL, sent, follow=True)
    assert "2 persones inscrites. 1 ja el feia." in answer.text
    assert Enrolment.objects.filter(cohort=Cohort.objects.get(name="Tardor")).count() == 3
    assert Enrolment.objects.filter(via=Via.FILE).count() == 2


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("{one}\n{two}\nno-es-un-correu\n", 3, "no és una adreça"),
        ("{one}\n\n{one}\n", 3, "ja és a la línia 1"),
        ("nom;cognom\na;b\n", 1, "cap columna"),
        ("correu\n", 1, "cap adreça"),
        ('correu\n"{one}\n', 2, "no és un fitxer CSV"),
        (b"correu\n\xff\xfe\n", 2, "UTF-8"),
        ("correu\n" + "\0\n", 2, "no és"),
    ],
)
def test_a_list_with_a_bad_line_enrols_nobody_and_says_which(  # noqa: PLR0917
    client, agent, page, text, line, words
):
    one, two = UserFactory(), UserFactory()
    client.force_login(agent)
    if isinstance(text, str):
        text = text.replace("{one}", one.email).replace("{two}", two.email)
    answer = client.post(ENROL, {"course": str(page.translation_key), "file": file(text)})
    assert answer.status_code == 422
    assert f"Línia {line}:" in answer.text
    assert words in answer.text.replace("&#x27;", "'")
    assert not Enrolment.objects.exists()


def test_a_referent_enrols_their_people_and_nobody_else(client, page):
    organisation = OrganisationFactory()
    boss, colleague = referent(organisation).person, MembershipFactory(organisation=organisation).person
    stranger = UserFactory()
    client.force_login(boss)
    key = str(page.translation_key)
    client.post(ENROL, {"course": key, "people": stranger.email})
    assert not Enrolment.objects.exists(), "whoever is not theirs is asked first"
    assert client.post(ENROL, {"course": key, "people": colleague.email, "group": "X"}).status_code == 302
    assert Enrolment.objects.get().organisation == organisation
    assert not Cohort.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"people": "a@b.test"}, {"course": "x", "people": "a@b.test"}, {"course": "ok"}])
def test_a_form_that_says_nothing_is_asked_for_again(client, agent, page, sent):
    client.force_login(agent)
    if sent.get("course") == "ok":
        sent = {"course": str(page.translation_key)}
    assert client.post(ENROL, sent).status_code == 422


def test_the_service_gives_more_time(client, agent, page):
    enrolment = enrolled(UserFactory(), page)
    client.force_login(agent)
    for wrong in ("", "x", "-1", "900"):
        assert client.post(f"{BOARD}{enrolment.pk}/", {"percent": wrong}).status_code == 422
    client.post(f"{BOARD}{enrolment.pk}/", {"percent": "25"})
    enrolment.refresh_from_db()
    assert enrolment.extra_time == 25
    domain.leave(actor=enrolment.person, enrolment=enrolment)
    assert client.get(f"{BOARD}{enrolment.pk}/").status_code == 200


def test_the_workbook_has_everybody_and_no_formula(client, agent, page):
    for name in ("=1+1", "+cmd", "Anna\x07 Vila"):
        enrolled(UserFactory(name=name), page)
    client.force_login(agent)
    answer = client.get(f"{BOARD}xlsx/")
    assert answer["Content-Disposition"].endswith('.xlsx"')
    sheet = load_workbook(io.BytesIO(answer.content)).active
    names = {row[0].value: row[0].data_type for row in sheet.iter_rows(min_row=2)}
    assert names == {"=1+1": "s", "+cmd": "s", "Anna Vila": "s"}
    assert [cell.value for cell in sheet[1]][:2] == ["Nom", "Correu electrònic"]
    client.force_login(UserFactory())
    assert client.get(f"{BOARD}xlsx/").status_code == 404


def test_the_service_says_from_when_to_when_a_group_takes_it(client, agent, page):
    client.force_login(agent)
    person = UserFactory()
    client.post(ENROL, {"course": str(page.translation_key), "people": person.email, "group": "Tardor"})
    UserFactory.create_batch(2)
    client.post(ENROL, {"course": str(page.translation_key), "people": UserFactory().email, "group": "Hivern"})
    cohort = Cohort.objects.get(name="Tardor")
    address = f"{BOARD}grup/{cohort.pk}/"
    assert address in client.get(BOARD, {"grup": cohort.pk}).text
    for wrong, words in (
        ({"name": "Tardor", "starts_on": "ahir", "ends_on": ""}, "data vàlida"),
        ({"name": "Tardor", "starts_on": "2026-09-15", "ends_on": "2026-09-01"}, "és anterior"),
        ({"name": "Hivern", "starts_on": "2026-09-15", "ends_on": ""}, "Ja hi ha un grup"),
        ({"name": "", "starts_on": "2026-09-15", "ends_on": ""}, "obligatori"),
    ):
        refused = client.post(address, wrong)
        assert refused.status_code == 422
        assert words in refused.text
    good = {"name": "Tardor 2026", "starts_on": "2026-09-15", "ends_on": "2026-12-15"}
    assert client.post(address, good).status_code == 302
    cohort.refresh_from_db()
    assert (cohort.name, str(cohort.starts_on), str(cohort.ends_on)) == ("Tardor 2026", "2026-09-15", "2026-12-15")
    assert "15 de desembre" in client.get(BOARD, {"grup": cohort.pk}).text
    client.force_login(referent(OrganisationFactory()).person)
    assert client.get(address).status_code == 404
