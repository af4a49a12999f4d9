"""Tickets put together, and the answer that is made of one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.desk import domain
from helpdesk.desk.models import CaseLink, MadeAnswer
from knowledge_base.models import Audience, QuestionPage
from platform_core.accounts.roles import Role
from platform_core.activity.models import Activity
from platform_core.base.errors import Refusal
from tests.factories.accounts import UserFactory
from tests.factories.desk import agent, open_case, referent_of
from tests.factories.questions import deliver, topic

pytestmark = pytest.mark.django_db
NONSENSE = ["", "x", "-1", "9" * 400, "١٢", "S-999999", "1' OR '1'='1", "\0", "<b>"]


@pytest.fixture
def on_desk(client):
    person = agent(name="Oriol Bastida")
    client.force_login(person)
    return person


@pytest.fixture
def subject():
    return topic("Logotip", slug="logotip")


def rail(client, case):
    return client.get(f"/suport/taula/{case.reference}/costat/").text


def sent(**facts):
    return {"title": "On es canvia?", "topic": "logotip", "question": "", "answer": "A **Configuració**.", **facts}


# ---- put together ----


def test_two_linked_tickets_show_each_other_and_only_to_the_desk(client, on_desk):
    person = referent_of()
    one, other = open_case(requester=person), open_case(subject="Una altra cosa")
    client.post(f"/suport/taula/{one.reference}/lliga/", {"other": other.reference.lower()})
    assert other.reference in rail(client, one)
    assert one.reference in rail(client, other)
    assert Activity.objects.filter(type="desk.tickets_linked").count() == 2
    client.force_login(person)
    assert other.reference not in client.get(one.get_absolute_url()).text
    assert client.post(f"/suport/taula/{one.reference}/lliga/", {"other": other.reference}).status_code == 404


def test_unlinked_they_are_apart_from_either_side(client, on_desk):
    one, other = open_case(), open_case()
    domain.link(actor=on_desk, case=one, other=other)
    domain.link(actor=on_desk, case=other, other=one)
    assert CaseLink.objects.count() == 1, "twice is once"
    client.post(f"/suport/taula/{other.reference}/lliga/", {"other": one.reference, "remove": "1"})
    assert not CaseLink.objects.exists()
    client.post(f"/suport/taula/{other.reference}/lliga/", {"other": one.reference, "remove": "1"})
    assert Activity.objects.filter(type="desk.tickets_unlinked").count() == 2


@pytest.mark.parametrize("written", NONSENSE)
def test_a_reference_of_nothing_is_refused_in_words(client, on_desk, written):
    case = open_case()
    page = client.post(f"/suport/taula/{case.reference}/lliga/", {"other": written}, follow=True)
    assert page.status_code == 200
    assert "banner" in page.text
    assert not CaseLink.objects.exists()


def test_a_ticket_is_not_linked_with_itself_nor_by_who_is_not_of_the_desk(on_desk):
    case, person = open_case(), referent_of()
    with pytest.raises(Refusal):
        domain.link(actor=on_desk, case=case, other=case)
    with pytest.raises(Refusal):
        domain.link(actor=person, case=case, other=open_case())
    with pytest.raises(Refusal):
        domain.make_answer(actor=person, case=case, topic="logotip", title="a", question="", answer="b")


def test_the_rail_costs_the_same_with_one_link_and_with_many(client, on_desk):
    case = open_case()

    def cost():
        with CaptureQueriesContext(connection) as made:
            rail(client, case)
        return len(made)

    domain.link(actor=on_desk, case=case, other=open_case())
    rail(client, case)
    few = cost()
    for _turn in range(8):
        domain.link(actor=on_desk, case=case, other=open_case())
    assert cost() == few


# ---- an answer made of one ----


def test_the_draft_has_the_words_of_the_ticket_without_personal_data(client, on_desk, subject):
    person = referent_of(name="Núria Puig")
    case = open_case(
        requester=person, subject="No surt el logotip a Núria", text="Soc la Núria Puig (612345678).\n\nNo surt."
    )
    domain.reply(actor=on_desk, case=case, text="Hola Núria,\n\nAneu a Configuració.\n\nSalutacions,\nOriol Bastida")
    domain.add_note(actor=on_desk, case=case, text="Secret de la casa")
    page = client.get(f"/suport/taula/{case.reference}/resposta/")
    fields = page.context["form"]
    assert fields["title"].value() == "No surt el logotip a [nom]"
    assert fields["question"].value() == "Soc la [nom] ([telèfon]).\n\nNo surt."
    assert fields["answer"].value() == "Aneu a Configuració."
    assert "<mark><del>612345678</del></mark>" in page.text
    assert "Secret" not in page.text


def test_sent_it_is_a_draft_that_waits_and_both_sides_tell_of_each_other(client, on_desk, subject):
    case = open_case()
    url = f"/suport/taula/{case.reference}/resposta/"
    answer = "Aneu a **Configuració**:\n\n1. Un\n2. Dos\n\n# Títol\n\n[docs](https://docs.decidim.org/) 12345678Z"
    assert client.post(url, sent(answer=answer, question="Com es fa?")).status_code == 302
    page = QuestionPage.objects.get()
    assert (page.live, page.audience, page.owner, page.needs_confirmation) == (False, Audience.SIGNED_IN, on_desk, True)
    assert page.get_latest_revision().user == on_desk
    html = "".join(str(block.value) for block in page.get_latest_revision_as_object().answer)
    for piece in (
        "<p>Com es fa?</p>",
        "<strong>Configuració</strong>",
        "<li>Un</li>",
        "<p>Títol</p>",
        "docs.decidim.org",
    ):
        assert piece in html
    assert "12345678Z" not in html
    assert "On es canvia?" in rail(client, case)
    editor = UserFactory(roles=[Role.EDITOR])
    client.force_login(editor)
    assert f"/gestio/pages/{page.pk}/edit/" in client.get("/gestio/").text
    assert case.reference not in client.get(f"/gestio/pages/{page.pk}/edit/").text, "an editor is not of the desk"
    client.force_login(UserFactory(roles=[Role.ADMINISTRATOR], is_superuser=True))
    assert case.get_bench_url() in client.get(f"/gestio/pages/{page.pk}/edit/").text
    types = set(Activity.objects.values_list("type", flat=True))
    assert {"desk.answer_made", "knowledge_base.answer_drafted"} <= types


def test_sent_twice_there_is_one_draft(client, on_desk, subject):
    case = open_case()
    for _turn in range(2):
        client.post(f"/suport/taula/{case.reference}/resposta/", sent())
    facts = {"topic": "logotip", "title": "a", "question": "", "answer": "b"}
    first = MadeAnswer.objects.get()
    assert domain.make_answer(actor=on_desk, case=case, **facts) == first
    assert QuestionPage.objects.count() == 1


@pytest.mark.parametrize("field", ["title", "topic", "answer"])
@pytest.mark.parametrize("value", ["", " ", "\0", "x" * 60_000])
def test_what_is_missing_or_too_long_is_said_beside_its_field(client, on_desk, subject, field, value):
    case = open_case()
    page = client.post(f"/suport/taula/{case.reference}/resposta/", sent(**{field: value}))
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not QuestionPage.objects.exists()


@pytest.mark.parametrize("title", ["???", "🎉", "ç" * 300, "<script>alert(1)</script>", "1' OR '1'='1"])
def test_any_title_makes_a_page_or_is_refused_in_words(client, on_desk, subject, title):
    case = open_case()
    assert client.post(f"/suport/taula/{case.reference}/resposta/", sent(title=title)).status_code in (302, 422)


def test_only_the_desk_makes_answers(client, subject):
    person = referent_of()
    case = open_case(requester=person)
    client.force_login(person)
    assert client.get(f"/suport/taula/{case.reference}/resposta/").status_code == 404


# ---- tickets that are like it ----


def test_similar_tickets_are_offered_until_they_are_linked_and_only_to_the_desk(client, on_desk):
    one = open_case(subject="Els correus de confirmació no arriben", text="No arriba cap correu de confirmació.")
    like = open_case(subject="No arriben correus de confirmació", text="Les veïnes no reben la confirmació.")
    other = open_case(subject="Canviar el logotip", text="On es canvia la imatge de la capçalera?")
    deliver()
    text = rail(client, one)
    assert "h-similar" in text
    assert like.reference in text.partition("h-similar")[2]
    assert other.reference not in text.partition("h-similar")[2].partition("</section>")[0]
    domain.link(actor=on_desk, case=one, other=like)
    assert like.reference not in rail(client, one).partition('id="h-similar"')[2]
