"""A referent searches in the words of the phone, reads the answer, and says whether it helped; an editor reads that."""

import pytest

from knowledge_base.content import load_answers
from knowledge_base.models import QuestionPage, Rating
from platform_core.accounts.roles import Role
from tests.factories.accounts import UserFactory
from tests.factories.questions import deliver

pytestmark = pytest.mark.django_db


def test_a_referent_finds_an_answer_and_says_that_it_is_not_enough(client):
    load_answers()
    deliver()

    # A visitor reads what is for everybody, and learns nothing of the rest.
    page = QuestionPage.objects.get(key="faq-29")
    assert client.get(page.get_absolute_url()).status_code == 404
    assert "fase" not in client.get("/faq/suggeriments/?q=la fase no canvia").text

    client.force_login(UserFactory(name="Laia Fictícia"))
    home = client.get("/").text
    assert 'action="/faq/"' in home
    found = client.get("/faq/", {"q": "la fase no canvia sola"}).text
    assert found.index(page.get_absolute_url()) < found.index('class="hit__x"')  # the first result
    answer = client.get(page.get_absolute_url()).text
    assert "activeu la fase a mà" in answer
    assert "El servei encara ho ha de confirmar" in answer
    assert "23 de novembre" in answer  # when it was last checked

    told = client.post(
        f"/faq/valoracio/{page.pk}/", {"helped": "no", "comment": "I si són dues fases?"}, follow=True
    ).text
    assert "el comentari" in told
    assert Rating.objects.get().question == page

    client.force_login(UserFactory(roles=[Role.EDITOR]))
    assert "I si són dues fases?" in client.get("/gestio/reports/faq/comments/").text
