"""The catalogue, courses and lessons as people see them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from knowledge_base.public import Audience
from platform_core.accounts.roles import Role
from platform_core.background.worker import Worker
from tests.factories.accounts import UserFactory
from tests.factories.questions import question
from tests.factories.training import course, do, enrolled, lesson, lessons_of
from training.models import CourseIndexPage, CoursePage, ModulePage

pytestmark = pytest.mark.django_db
LESSON = "/formacio/formacio-inicial/modul-1/llico-11/"


@pytest.fixture
def person():
    return UserFactory()


def asked(client, path):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize("prefix", ["", "/es", "/en"])
def test_the_pages_are_there_in_the_three_languages(client, person, prefix):
    course(audience=Audience.PUBLIC)
    assert f'href="{prefix}/formacio/formacio-inicial/"' in client.get(f"{prefix}/formacio/").text
    page = client.get(f"{prefix}/formacio/formacio-inicial/")
    assert f'href="{prefix}{LESSON}"' in page.text
    reading = client.get(f"{prefix}{LESSON}")
    assert "Text de Lliçó 1.1." in reading.text
    main = reading.text.partition("<main")[2].partition("</main>")[0]
    assert 'lang="ca"' in main, "Catalan words on a page of another language"


def test_the_menu_leads_to_the_training(client):
    course()
    assert 'href="/formacio/"' in client.get("/").text
    assert 'href="/formacio/" aria-current="page"' in client.get("/formacio/").text


@pytest.mark.parametrize("audience", [Audience.SIGNED_IN, Audience.STAFF])
def test_what_one_may_not_read_is_nowhere(client, audience):
    page = course(audience=audience)
    Worker().drain()
    assert "Formació inicial" not in client.get("/formacio/").text
    assert client.get("/formacio/formacio-inicial/").status_code == 404
    assert client.get(LESSON).status_code == 404
    assert "Lliçó" not in client.get("/cerca/?q=lliçó").text.partition("<main")[2].replace('value="lliçó"', "")
    client.force_login(UserFactory(roles=[Role.AGENT_1]))
    assert client.get(LESSON).status_code == 200
    assert client.get("/cerca/?q=lliçó").text.count(f'href="{LESSON}"') >= 1
    page.unpublish()
    assert client.get(LESSON).status_code == 404


def test_who_takes_no_part_reads_and_is_told_that_nothing_is_kept(client, person):
    course()
    client.force_login(person)
    text = client.get(LESSON).text
    assert "data-done" not in text
    assert "no es desa" in text


@pytest.mark.parametrize(
    "path", ["zzz/", "modul-1/", "modul-1/zzz/", "modul-1/llico-11/zzz/", "../", "modul-1/llico-11x/"]
)
def test_what_is_not_there_is_not_found(client, person, path):
    page = course()
    client.force_login(person)
    assert client.get(f"/formacio/formacio-inicial/{path}").status_code == 404
    enrolled(person, page)
    assert client.get(f"/formacio/formacio-inicial/{path}").status_code == 404


@pytest.mark.parametrize("takes_it", [True, False])
def test_a_lesson_costs_ten_queries_at_most_whatever_the_number_of_enrolled(client, person, takes_it):
    page = course(modules=2, lessons=2)
    client.force_login(person)
    if takes_it:
        enrolled(person, page)
    few = [asked(client, LESSON) for _time in range(2)][-1]
    for _number in range(30):
        enrolled(UserFactory(), page)
    for number in range(10):
        lesson(ModulePage.objects.get(slug="modul-2"), f"Més {number}")
    assert asked(client, LESSON) == few
    if takes_it:
        assert few <= 10


def test_a_first_look_at_a_lesson_costs_ten_queries_at_most_too(client, person):
    page = course()
    client.force_login(person)
    enrolled(person, page)
    client.get("/formacio/")
    assert asked(client, LESSON) <= 10


def test_the_catalogue_and_a_course_cost_the_same_with_one_lesson_and_with_thirty(client, person):
    page = course(lessons=1)
    client.force_login(person)
    enrolled(person, page)
    paths = ("/formacio/", "/formacio/formacio-inicial/", "/")
    few = [[asked(client, path) for path in paths] for _time in range(2)][-1]  # the home page keeps its hall
    for number in range(30):
        lesson(ModulePage.objects.first(), f"Més {number}")
    for number in range(5):
        course(f"Curs {number}", lessons=2)
    assert [asked(client, path) for path in paths] == few


def test_the_home_page_leads_to_where_one_was(client, person):
    page = course()
    client.force_login(person)
    assert "La meva formació" not in client.get("/").text
    enrolled(person, page)
    do(person, lessons_of(page)[0])
    text = client.get("/").text
    assert "La meva formació" in text
    assert 'href="/formacio/formacio-inicial/modul-1/llico-12/"' in text


def test_a_lesson_is_found_and_offered_to_who_writes_a_ticket(client, person):
    page = course(lessons=0)
    module = ModulePage(title="Fases")
    page.add_child(instance=module)
    module.save_revision().publish()
    lesson(module, "Canviar de fase", text="Les fases no canvien soles.")
    Worker().drain()
    client.force_login(person)
    address = "/formacio/formacio-inicial/fases/canviar-de-fase/"
    assert f'href="{address}"' in client.get("/cerca/?q=canviar fase").text
    assert "Canviar de fase" in client.get("/faq/suggeriments/?q=canviar de fase").text.replace("<mark>", "").replace(
        "</mark>", ""
    )


def test_a_question_that_a_lesson_refers_to_is_shown_to_who_may_read_it(client, person):
    page = course(lessons=0)
    module = ModulePage(title="Fases")
    page.add_child(instance=module)
    module.save_revision().publish()
    shown = question("Pregunta de tothom")
    hidden = question("Pregunta del servei", audience=Audience.STAFF)
    lesson(module, "Canviar", body=[{"type": "faq", "value": shown.pk}, {"type": "faq", "value": hidden.pk}])
    client.force_login(person)
    enrolled(person, page)
    text = client.get("/formacio/formacio-inicial/fases/canviar/").text
    assert "Pregunta de tothom" in text
    assert "Pregunta del servei" not in text


def test_every_kind_of_block_is_shown(client, person):
    page = course(lessons=0)
    module = ModulePage(title="Blocs")
    page.add_child(instance=module)
    module.save_revision().publish()
    body = [
        {"type": "text", "value": "<p>Un text</p>"},
        {"type": "points", "value": ["Un punt"]},
        {"type": "steps", "value": [{"text": "<p>Un pas</p>", "picture": None, "alt": ""}]},
        {
            "type": "video",
            "value": {
                "title": "Un vídeo",
                "url": "https://video.example/1",
                "length": "3 min",
                "transcript": "<p>El que s'hi diu</p>",
            },
        },
        {"type": "notice", "value": {"tone": "risk", "text": "<p>Un avís</p>"}},
        {"type": "task", "value": {"text": "<p>Una prova</p>", "hint": "<p>Una pista teva</p>"}},
    ]
    lesson(module, "Tots", body=body)
    client.force_login(person)
    enrolled(person, page)
    text = client.get("/formacio/formacio-inicial/blocs/tots/").text
    for words in ("Un text", "Un punt", "Un pas", "Un vídeo", "video.example", "El que s", "Un avís", "Una pista teva"):
        assert words in text
    assert "<iframe" not in text


def test_editors_see_a_draft_as_a_trainee_would(client):
    page = course()
    client.force_login(UserFactory(roles=[Role.EDITOR], is_superuser=True))
    for shown in (page, CourseIndexPage.objects.first(), ModulePage.objects.first(), lessons_of(page)[0]):
        request = client.get("/formacio/").wsgi_request
        answer = shown.serve_preview(request, "")
        assert answer.status_code == 200
        assert shown.title in answer.content.decode()
    new = CoursePage(title="Encara no desat", locale=page.locale)
    assert "Encara no desat" in new.serve_preview(client.get("/formacio/").wsgi_request, "").content.decode()
