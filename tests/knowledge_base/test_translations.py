"""An answer in the reader's language when there is one, else in Catalan; a translation that lags says so."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from wagtail.models import Locale

from knowledge_base import shelf
from knowledge_base.models import Audience, QuestionPage
from knowledge_base.queries import search, suggest
from platform_core.accounts.roles import Role
from tests.factories.accounts import UserFactory
from tests.factories.questions import deliver, question, topic

pytestmark = pytest.mark.django_db

BEHIND = "La página en catalán ha cambiado"
MISSING = "Todavía no hemos traducido esta página"


def translate(page, title, *, slug="", language="es", live=True, **facts):
    locale = Locale.objects.get(language_code=language)
    made = page.get_translation_or_none(locale) or page.copy_for_translation(locale, copy_parents=True)
    made.alias_of = None  # as Wagtail's «Convert this alias to an ordinary page» does
    made.title = title
    made.slug = slug or made.slug
    for name, value in facts.items():
        setattr(made, name, value)
    revision = made.save_revision()
    if live:
        revision.publish()
    return type(page).objects.get(pk=made.pk)


@pytest.fixture
def page():
    made = question("On es canvia el logotip?", of=topic("Logotip"))
    deliver()
    return made


def test_the_reader_gets_their_language_at_the_same_address_or_at_its_own(client, page):
    assert MISSING in client.get("/es/faq/logotip/on-es-canvia-el-logotip/").text
    translate(page, "¿Dónde se cambia el logotipo?")
    spanish = client.get("/es/faq/logotip/on-es-canvia-el-logotip/").text
    assert "¿Dónde se cambia el logotipo?" in spanish
    assert MISSING not in spanish
    assert "On es canvia el logotip?" in client.get("/faq/logotip/on-es-canvia-el-logotip/").text
    assert "On es canvia el logotip?" in client.get("/en/faq/logotip/on-es-canvia-el-logotip/").text


def test_the_address_of_another_language_leads_to_the_readers(client, page):
    translate(page, "¿Dónde se cambia el logotipo?", slug="donde-se-cambia")
    asked = client.get("/es/faq/logotip/on-es-canvia-el-logotip/?de=correu")
    assert (asked.status_code, asked.url) == (302, "/es/faq/logotip/donde-se-cambia/?de=correu")
    assert "¿Dónde" in client.get(asked.url).text
    assert client.get("/faq/logotip/donde-se-cambia/").url == "/faq/logotip/on-es-canvia-el-logotip/"


def test_lists_have_each_question_once(client, page):
    question("Quina mida ha de tenir?", of=page.topic)
    translate(page, "¿Dónde se cambia el logotipo?")
    spanish, catalan = client.get("/es/faq/logotip/"), client.get("/faq/logotip/")
    assert {item.title for item in spanish.context["questions"]} == {
        "¿Dónde se cambia el logotipo?",
        "Quina mida ha de tenir?",
    }
    assert [item.title for item in catalan.context["questions"]] == [page.title, "Quina mida ha de tenir?"]
    for prefix in ("", "/es", "/en"):
        front = client.get(f"{prefix}/faq/")
        assert [(item.page.title, item.count) for item in front.context["topics"]] == [("Logotip", 2)]


def test_a_translated_topic_has_its_own_name(client, page):
    translate(page.topic, "Logotipo", slug="logotipo")
    translate(page, "¿Dónde se cambia el logotipo?")
    assert "Logotipo" in client.get("/es/faq/").text
    assert client.get("/es/faq/logotip/", follow=True).redirect_chain[-1][0] == "/es/faq/logotipo/"
    assert "¿Dónde" in client.get("/es/faq/logotipo/").text
    assert "¿Dónde" in client.get("/es/faq/logotip/on-es-canvia-el-logotip/", follow=True).text


def test_a_draft_of_a_translation_changes_nothing(client, page):
    translate(page, "¿Dónde se cambia el logotipo?", live=False)
    assert "On es canvia el logotip?" in client.get("/es/faq/logotip/on-es-canvia-el-logotip/").text


def test_a_translation_that_others_may_not_read_gives_nothing_away(client, page):
    translate(page, "¿Dónde se cambia en secreto?", audience=Audience.STAFF)
    assert "en secreto" not in client.get("/es/faq/logotip/").text
    assert "en secreto" not in client.get("/es/faq/logotip/on-es-canvia-el-logotip/").text


def test_a_translation_that_lags_its_source_says_so_until_it_is_published_anew(client, page):
    made = translate(page, "¿Dónde se cambia el logotipo?")
    address = "/es/faq/logotip/on-es-canvia-el-logotip/"
    assert BEHIND not in client.get(address).text
    QuestionPage.objects.get(pk=page.pk).save_revision().publish()
    assert BEHIND in client.get(address).text
    assert [item.pk for item in shelf.of("behind")] == [made.pk]
    assert BEHIND not in client.get("/faq/logotip/on-es-canvia-el-logotip/").text
    made.save_revision().publish()
    assert BEHIND not in client.get(address).text
    assert not shelf.of("behind").exists()


def test_search_engines_are_told_of_the_languages(client, page):
    translate(page, "¿Dónde se cambia el logotipo?", slug="donde-se-cambia")
    text = client.get("/faq/logotip/on-es-canvia-el-logotip/").text
    assert 'hreflang="ca" href="http' in text
    assert '/es/faq/logotip/donde-se-cambia/"' in text
    assert 'hreflang="en" href="http' not in text
    assert 'hreflang="x-default"' in text


def test_the_search_gives_each_question_once_in_the_readers_language(page):
    translate(page, "¿Dónde se cambia el logotip?")
    deliver()
    viewer = AnonymousUser()
    assert [hit.title for hit in search("logotip", viewer=viewer, language="es", limit=5)] == [
        "¿Dónde se cambia el logotip?"
    ]
    assert [hit.title for hit in search("logotip", viewer=viewer, language="ca", limit=5)] == [page.title]
    assert len(suggest("logotip", viewer=viewer, language="es")) == 1


def test_an_editor_starts_a_translation_and_a_coordinator_publishes_it(client, page):
    client.force_login(UserFactory(roles=[Role.EDITOR]))
    spanish = Locale.objects.get(language_code="es")
    address = reverse("simple_translation:submit_page_translation", args=[page.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"locales": [spanish.pk]}).status_code == 302
    made = QuestionPage.objects.get(locale=spanish)
    assert not made.live
    assert not made.permissions_for_user(UserFactory(roles=[Role.EDITOR])).can_publish()
    assert made.permissions_for_user(UserFactory(roles=[Role.COORDINATOR])).can_publish()
    assert made.get_workflow() is not None
