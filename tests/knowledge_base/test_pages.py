import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from knowledge_base.models import Audience, Confidence, RelatedQuestion
from platform_core.accounts.roles import Role
from tests.factories.accounts import UserFactory
from tests.factories.questions import deliver, index, question, topic

pytestmark = pytest.mark.django_db

NONSENSE = ["x", "-1", "9" * 4000, "١٢", "1' OR '1'='1", "%00", "\0", "<script>", "ç" * 500, '"', "AND", "l·l", "🎉"]


@pytest.fixture
def agent():
    return UserFactory(roles=[Role.AGENT_1])


@pytest.mark.parametrize("prefix", ["", "/es", "/en"])
def test_the_pages_are_there_in_the_three_languages(client, prefix):
    question("On es canvia el logotip?", of=topic("Logotip", slug="logotip"))
    front = client.get(f"{prefix}/faq/")
    assert f'href="{prefix}/faq/logotip/"' in front.text
    assert f'href="{prefix}/faq/logotip/on-es-canvia-el-logotip/"' in client.get(f"{prefix}/faq/logotip/").text
    answer = client.get(f"{prefix}/faq/logotip/on-es-canvia-el-logotip/")
    assert "A la configuració de l&#x27;aparença." in answer.text or "A la configuració de l'aparença." in answer.text
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    assert ('lang="ca"' in main) is bool(prefix), "Catalan words on a page of another language"


def test_the_menu_leads_to_the_questions_and_knows_that_one_is_there(client):
    index()
    assert 'href="/faq/"' in client.get("/").text
    assert 'href="/faq/" aria-current="page"' in client.get("/faq/").text


@pytest.mark.parametrize("audience", [Audience.SIGNED_IN, Audience.STAFF])
def test_what_one_may_not_read_is_nowhere(client, agent, audience):
    subject = topic("Logotip", slug="logotip")
    hidden = question("On es guarda el cens?", of=subject, audience=audience)
    shown = question("On es canvia el logotip?", of=subject)
    RelatedQuestion.objects.create(page=shown, question=hidden)
    lonely = question("Quin és el pla de contingència?", of=topic("Plans", slug="plans"), audience=audience)
    deliver()

    def seen():
        pages = [client.get(path) for path in ("/faq/", "/faq/logotip/", shown.get_absolute_url(), "/faq/?q=cens")]
        pages.append(client.get("/faq/suggeriments/?q=cens"))
        assert all(page.status_code == 200 for page in pages)
        return [hidden.title in page.text.replace("<mark>", "").replace("</mark>", "") for page in pages]

    assert seen() == [False] * 5
    assert "1 pregunta" in client.get("/faq/").text
    assert "Plans" not in client.get("/faq/").text
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert client.get("/faq/plans/").status_code == client.get(lonely.get_absolute_url()).status_code == 404
    assert client.post(f"/faq/valoracio/{hidden.pk}/", {"helped": "yes"}).status_code == 404

    client.force_login(agent)
    assert seen() == [False, True, True, True, True]
    assert "2 preguntes" in client.get("/faq/").text
    assert client.get(hidden.get_absolute_url()).status_code == 200


def test_a_draft_is_not_there_even_for_who_works_for_the_service(client, agent):
    draft = question("Esborrany", live=False)
    client.force_login(agent)
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_an_answer_says_what_the_service_must_still_confirm_and_when_it_was_checked(client):
    sure = question("Sabut", last_checked="2026-11-23")
    unsure = question("Per saber", confidence=Confidence.TO_CONFIRM)
    assert "23 de novembre" in client.get(sure.get_absolute_url()).text
    pages = {page.title: client.get(page.get_absolute_url()).text.lower() for page in (sure, unsure)}
    assert [name for name, text in pages.items() if "answer__mark" in text] == ["Per saber"]
    assert client.get(unsure.topic.get_absolute_url()).text.count("badge--risk") == 1


def test_related_questions_are_the_editors_choice_or_else_of_the_same_topic(client):
    one, other = topic("Un"), topic("Altre")
    first, beside, elsewhere = question("Primera", of=one), question("Al costat", of=one), question("Lluny", of=other)
    assert client.get(first.get_absolute_url()).context["related"] == [beside]
    RelatedQuestion.objects.create(page=first, question=elsewhere)
    assert client.get(first.get_absolute_url()).context["related"] == [elsewhere]


def test_an_answer_of_every_kind_of_block_is_shown_and_nothing_is_fetched_from_elsewhere(client):
    page = question("Amb tot")
    page.answer = json.dumps(
        [
            {"type": "text", "value": "<p>Hola <b>món</b></p>"},
            {"type": "steps", "value": [{"type": "item", "id": "a", "value": "<p>Primer</p>"}]},
            {"type": "video", "value": {"title": "Un vídeo", "url": "https://www.example.org/v", "length": "3 min"}},
            {"type": "notice", "value": {"tone": "risk", "text": "<p>Compte</p>"}},
        ]
    )
    page.save_revision().publish()
    text = client.get(page.get_absolute_url()).text
    assert "<b>món</b>" in text
    assert '<ol class="answer__steps"><li>' in text
    assert 'href="https://www.example.org/v"' in text
    assert "example.org" in text
    assert "banner--risk" in text
    assert "<iframe" not in text
    assert "<video" not in text


def test_html_in_what_editors_write_is_text(client):
    page = question("<script>alert(1)</script>", sources="javascript:alert(1)", keywords="<b>")
    text = client.get(page.get_absolute_url()).text
    assert "<script>alert" not in text
    assert 'href="javascript' not in text


def test_a_search_marks_what_was_asked_for_and_says_when_there_is_nothing(client):
    question("On es canvia el logotip?")
    deliver()
    found = client.get("/faq/", {"q": "logotips"})
    assert "<mark>logotip</mark>" in found.text
    nothing = client.get("/faq/", {"q": "xyzzy"})
    assert nothing.status_code == 200
    assert "xyzzy" in nothing.text
    assert nothing.context["topics"], "the topics are there to look through"


@pytest.mark.parametrize("asked", NONSENSE)
def test_nonsense_in_a_search_is_answered_calmly(client, asked):
    question("On es canvia el logotip?")
    deliver()
    for path in ("/faq/", "/faq/suggeriments/"):
        page = client.get(path, {"q": asked})
        assert page.status_code == 200
        assert "<script>" not in page.text.partition("<main")[2]


def test_nobody_needs_to_ask_for_anything(client):
    index()
    for path in ("/faq/?q=", "/faq/?p=1&q", "/faq/suggeriments/", "/faq/suggeriments/?q=a", "/faq/suggeriments/?q=++"):
        assert client.get(path).status_code == 200
    assert client.get("/faq/suggeriments/").text.strip() == ""


@pytest.mark.parametrize("path", ["/faq/no-hi-es/", "/faq/no/hi/es/", "/faq/../", "/faq/suggeriments/mes/"])
def test_an_unknown_address_is_404(client, path):
    index()
    assert client.get(path).status_code == 404


def test_suggestions_are_the_three_closest_in_a_new_tab(client):
    for number in range(5):
        question(f"On es canvia el logotip {number}?")
    deliver()
    box = client.get("/faq/suggeriments/", {"q": "com canvio el logotip"})
    assert "<html" not in box.text
    assert box.text.count('class="sug"') == 3
    assert 'target="_blank"' in box.text


PAGES = ["/faq/", "/faq/tema/", "/faq/tema/pregunta-0/", "/faq/?q=pregunta", "/faq/suggeriments/?q=pregunta"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", [None, Role.AGENT_1])
def test_a_page_costs_the_same_with_one_and_with_thirty(client, path, role):
    subject = topic("Tema", slug="tema")
    first = question("Pregunta 0", of=subject)
    if role:
        client.force_login(UserFactory(roles=[role]))

    def cost():
        deliver()
        client.get(path)
        with CaptureQueriesContext(connection) as made:
            assert client.get(path).status_code == 200
        return len(made)

    other = question("Pregunta 1", of=subject)
    RelatedQuestion.objects.create(page=first, question=other)
    one = cost()
    for number in range(2, 32):
        made = question(f"Pregunta {number}", of=subject)
        question(f"Pregunta {number}", of=topic(f"Tema {number}"))
        if number < 6:
            RelatedQuestion.objects.create(page=first, question=made)
    assert cost() == one
    assert one <= (9 if "suggeriments" in path else 15)
