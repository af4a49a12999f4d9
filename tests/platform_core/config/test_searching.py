"""`/cerca/`, the suggestions of its box, and what was searched for and not found."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.utils import timezone

from knowledge_base.domain import add_wording
from knowledge_base.failed import KEPT, note_failed
from knowledge_base.models import LONGEST_WORDINGS, Audience, FailedSearch, QuestionPage
from platform_core.accounts.roles import Role
from platform_core.base.errors import Refusal
from platform_core.config import searching
from platform_core.search.public import PAGE_SIZE, STAFF, find, register, unregister
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory, referent
from tests.factories.questions import deliver, question
from tests.factories.search import Notes

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db

STRANGE = [
    "' OR 1=1 --",
    '"logotip',
    "title:(a AND NOT b)~2^3 [x TO y] /re.*/ *",
    "NEAR(a b, 5) {x} : ^ - + \\",
    "🎉🎉 logotip",
    "\x00\x01\x1b[31m\u202e\ufeff",
    "logotip " * 1400,
    "&" * 10_000,
    "<script>alert(1)</script>",
    "%",
    "   ",
]


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet() -> None:
    cache.clear()


@pytest.fixture
def notes() -> Iterator[Notes]:
    notes = Notes()
    register(notes.projector())
    yield notes
    unregister(notes.kind)


def test_what_is_found_is_marked_counted_and_can_be_narrowed(client, notes):
    notes.write("1", "Canviar el logotip", "El logotip és a la configuració.", group="Aspecte")
    notes.write("2", "El logotip del correu", "Un altre logotip.", group="Correu", language="es")
    page = client.get("/cerca/", {"q": "logotip"})
    assert page.context["results"].total == 2
    assert "<mark>logotip</mark>" in page.text
    narrowed = client.get("/cerca/", {"q": "logotip", "tema": "Correu", "llengua": "es", "on": notes.kind})
    assert [hit.object_id for hit in narrowed.context["results"].hits] == ["2"]
    assert len(narrowed.context["applied"]) == 3
    for applied in narrowed.context["applied"]:
        assert client.get(applied.remove).context["results"].total >= 1
        assert html.escape(applied.remove) in narrowed.text


def test_all_that_is_asked_is_in_the_address(client, notes):
    for number in range(PAGE_SIZE + 1):
        notes.write(str(number), f"Logotip {number}", group="Aspecte")
    first = client.get("/cerca/", {"q": "logotip", "tema": "Aspecte", "ordre": "recents", "quan": ""})
    following = client.get(first.context["next"])
    assert following.context["asked"].page == 2
    assert following.context["asked"].groups == ("Aspecte",)
    assert following.context["asked"].newest_first
    assert len(following.context["results"].hits) == 1


def test_the_newest_come_first_when_asked_for_and_older_ones_can_be_left_out(client, notes):
    now = timezone.now()
    notes.write("old", "Logotip logotip", updated_at=now - timedelta(days=800))
    notes.write("new", "Un logotip nou", updated_at=now)
    page = client.get("/cerca/", {"q": "logotip", "ordre": "recents"})
    assert [hit.object_id for hit in page.context["results"].hits] == ["new", "old"]
    page = client.get("/cerca/", {"q": "logotip", "quan": "mes"})
    assert [hit.object_id for hit in page.context["results"].hits] == ["new"]


def test_who_has_an_organisation_may_narrow_to_it_and_nobody_to_anothers(client, notes):
    seat, other = referent(OrganisationFactory()), OrganisationFactory()
    notes.write("ours", "Logotip nostre", organisation_id=seat.organisation_id)
    notes.write("theirs", "Logotip seu", organisation_id=other.pk)
    client.force_login(seat.person)
    page = client.get("/cerca/", {"q": "logotip", "ens": seat.organisation.slug})
    assert [hit.object_id for hit in page.context["results"].hits] == ["ours"]
    page = client.get("/cerca/", {"q": "logotip", "ens": other.slug})
    assert page.context["results"].total == 2
    assert page.context["asked"].unknown == (other.slug,)


def test_every_choice_says_how_many_it_would_give(client, notes):
    seat, now = referent(OrganisationFactory()), timezone.now()
    notes.write("ours", "Logotip nostre", organisation_id=seat.organisation_id, group="Aspecte", updated_at=now)
    notes.write("old", "Logotip antic", group="Correu", updated_at=now - timedelta(days=800))
    client.force_login(seat.person)
    page = client.get("/cerca/", {"q": "logotip", "tema": "Correu"})
    found = {
        facet.name: {option.value: option.found for option in facet.options if option.found is not None}
        for facet in page.context["facets"]
    }
    assert found["tema"] == {"Aspecte": 1, "Correu": 1}, "another topic may be chosen, too"
    assert found["quan"] == {"mes": 0, "any": 0}, "of those that have the chosen topic"
    assert found["ens"] == {seat.organisation.slug: 0}
    page = client.get("/cerca/", {"q": "logotip"})
    assert [option.found for facet in page.context["facets"] if facet.is_one for option in facet.options] == [
        None, 1, 1, None, 1
    ]  # fmt: skip


def test_a_filter_that_nobody_knows_is_ignored_and_said_so(client, notes):
    notes.write("1", "El logotip")
    odd = {"q": "logotip", "on": "res", "tema": "Tema inventat", "llengua": "xx", "quan": "demà", "ens": "z", "p": "x"}
    page = client.get("/cerca/", odd)
    assert page.context["results"].total == 1
    assert len(page.context["asked"].unknown) == 5
    assert "Tema inventat" in page.text


def test_a_topic_that_only_others_may_see_is_as_unknown_as_an_invented_one(client, notes):
    notes.write("1", "El logotip", group="Secret", audience=frozenset({STAFF}))
    assert client.get("/cerca/", {"q": "logotip", "tema": "Secret"}).context["asked"].unknown == ("Secret",)


@pytest.mark.parametrize("number", ["21", "10000", "9" * 400, "0"])
def test_a_page_too_far_is_refused_with_a_way_back(client, number):
    page = client.get("/cerca/", {"q": "logotip", "p": number})
    assert page.status_code == 400
    assert 'href="/cerca/?q=logotip"' in page.text


def test_a_page_after_the_last_says_so(client, notes):
    notes.write("1", "El logotip")
    page = client.get("/cerca/", {"q": "logotip", "p": "3"})
    assert page.status_code == 200
    assert page.context["results"].hits == []


@pytest.mark.parametrize("text", STRANGE)
@pytest.mark.parametrize("address", ["/cerca/", "/cerca/suggeriments/"])
def test_any_question_gives_a_page(client, notes, address, text):
    notes.write("1", "El logotip")
    page = client.get(address, {"q": text})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "\x00" not in page.text


def test_nothing_found_offers_a_ticket_with_the_same_words(client):
    client.force_login(UserFactory())
    page = client.get("/cerca/", {"q": "la zebra & el drac"})
    address = html.unescape(re.search(r'href="(/suport/nova/[^"]+)"', page.text)[1])
    form = client.get(address)
    assert 'value="la zebra &amp; el drac"' in form.text


def test_the_subject_that_an_address_proposes_is_only_as_long_as_a_subject(client):
    client.force_login(UserFactory())
    page = client.get("/suport/nova/", {"q": "a" * 9000})
    assert page.context["form"]["subject"].value() == "a" * 200


def test_a_better_spelling_is_offered(client, notes):
    notes.write("1", "Canviar el logotip")
    page = client.get("/cerca/", {"q": "lagotip"})
    assert page.context["did_you_mean"] == "logotip"
    assert 'href="/cerca/?q=logotip"' in page.text


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("who", ["nobody", "referent", "staff"])
def test_a_search_costs_the_same_however_much_it_finds(client, notes, django_assert_max_num_queries, count, who):
    for number in range(count):
        notes.write(str(number), f"Logotip {number}", group="Aspecte")
    question("Com es canvia el logotip?")
    deliver()
    if who != "nobody":
        client.force_login(
            referent(OrganisationFactory()).person if who == "referent" else UserFactory(roles=[Role.AGENT_1])
        )
    client.get("/cerca/", {"q": "logotip"})
    with django_assert_max_num_queries(13):
        client.get("/cerca/", {"q": "logotip", "tema": "Aspecte"})


def test_suggestions_are_of_what_anybody_may_read_whoever_asks(client):
    question("Logotip per a tothom")
    question("Logotip de la casa", audience=Audience.STAFF)
    deliver()
    client.force_login(UserFactory(roles=[Role.COORDINATOR]))
    answer = client.get("/cerca/suggeriments/", {"q": "logo"})
    assert answer.text.count('role="option"') == 1
    assert "private" in answer["Cache-Control"]
    assert "max-age=60" in answer["Cache-Control"]
    assert client.get("/cerca/suggeriments/", {"q": "l"}).text.strip() == ""


def test_suggestions_have_an_end(client, monkeypatch):
    monkeypatch.setattr(searching, "MOST_SUGGESTED", 2)
    codes = [client.get("/cerca/suggeriments/", {"q": "logotip"}).status_code for _ in range(3)]
    assert codes == [200, 200, 429]


@pytest.mark.parametrize("address", ["/", "/faq/", "/horari/", "/no-hi-es/"])
def test_every_page_has_the_search_in_its_header(client, address):
    question()
    assert 'id="top-q"' in client.get(address).text


# ---- searched for and not found ----


def test_what_is_not_found_is_counted_without_anybody(client):
    for text in ("Com   ES fa una Zebra?", "com es fa una zebra?"):
        client.get("/cerca/", {"q": text})
    line = FailedSearch.objects.get()
    assert (line.text, line.language, line.times) == ("com es fa una zebra?", "ca", 2)


def test_only_a_plain_question_that_found_nothing_is_counted(client, notes):
    notes.write("1", "El logotip")
    for asked in ({"q": "logotip"}, {"q": "zebra", "quan": "mes"}, {"q": "zebra", "p": "2"}, {"q": ""}, {"q": "?!"}):
        client.get("/cerca/", asked)
    client.head("/cerca/", {"q": "zebra"})
    assert not FailedSearch.objects.exists()


def test_numbers_and_addresses_of_people_are_not_kept(client):
    client.get("/cerca/", {"q": "zebra 12345678Z de anna@exemple.test al 600 123 456"})
    assert FailedSearch.objects.get().text.startswith("zebra")
    assert not re.search(r"12345678|anna|exemple|600|456", FailedSearch.objects.get().text)


def test_a_line_is_never_longer_than_it_may_be_and_goes_after_a_year():
    note_failed(text="zebra " * 3000, language="ca")
    FailedSearch.objects.update(last_at=timezone.now() - KEPT - timedelta(days=1))
    note_failed(text="drac", language="ca")
    assert [line.text for line in FailedSearch.objects.all()] == ["drac"]


@pytest.mark.parametrize("role", [Role.EDITOR, Role.COORDINATOR])
def test_editors_and_coordinators_see_what_is_missing_and_say_when_it_is_done(client, role):
    question()  # and with it the editors' room
    note_failed(text="drac", language="ca")
    note_failed(text="zebra", language="es")
    note_failed(text="zebra", language="es")
    client.force_login(UserFactory(roles=[role]))
    page = client.get("/gestio/buscat/")
    assert page.text.index("zebra") < page.text.index("drac")
    done = re.search(r'action="(/gestio/buscat/\d+/fet/)"', page.text)[1]
    client.post(done)
    client.post(done)
    assert [line.text for line in FailedSearch.objects.all()] == ["drac"]
    if role == Role.EDITOR:
        assert "/gestio/buscat/" in client.get("/gestio/reports/faq/ratings/").text, "the menu of the editors' room"


@pytest.mark.parametrize("roles", [[], [Role.AGENT_1], [Role.MODERATOR]])
def test_for_everybody_else_it_is_not_there(client, roles):
    note_failed(text="drac", language="ca")
    client.force_login(UserFactory(roles=roles))
    assert client.get("/gestio/buscat/").status_code == 404
    assert client.post(f"/gestio/buscat/{FailedSearch.objects.get().pk}/fet/").status_code == 404
    assert FailedSearch.objects.exists()


def test_an_editor_says_which_answer_a_failed_search_asks_for_and_it_is_found_by_it(client):
    """Also by who has a draft of it open: publishing that loses nothing."""
    page = question("He oblidat la contrasenya", audience=Audience.PUBLIC)
    question("El logotip", audience=Audience.PUBLIC)
    page.title = "He perdut la contrasenya"
    page.save_revision()  # somebody writes on it
    deliver()
    note_failed(text="no em deixa entrar", language="ca")
    editor = UserFactory(roles=[Role.EDITOR])
    client.force_login(editor)
    there = f"/gestio/buscat/{FailedSearch.objects.get().pk}/"
    assert there in client.get("/gestio/buscat/").text
    assert "Cap resposta no té aquestes paraules" in client.get(there).text
    offered = client.get(there, {"q": "contrasenya"})
    assert "He oblidat la contrasenya" in offered.text
    assert "El logotip" not in offered.text
    for nothing in ("", "x", "٣", "9" * 30, "999999"):
        refused = client.post(there, {"answer": nothing})
        assert refused.status_code == 422, nothing
        assert "Trieu una resposta" in refused.text
    assert client.post(there, {"answer": page.pk}).status_code == 302
    deliver()
    assert not FailedSearch.objects.exists()
    assert [hit.title for hit in find("no em deixa entrar", viewer=editor)] == ["He oblidat la contrasenya"]
    QuestionPage.objects.get(pk=page.pk).get_latest_revision().publish()
    deliver()
    assert [hit.title for hit in find("no em deixa entrar", viewer=editor)] == ["He perdut la contrasenya"]
    assert client.post(there, {"answer": page.pk}).status_code == 404


def test_nobody_else_says_which_answer_a_failed_search_asks_for(client):
    page = question("El logotip", audience=Audience.PUBLIC)
    note_failed(text="drac", language="ca")
    there = f"/gestio/buscat/{FailedSearch.objects.get().pk}/"
    for roles in ([], [Role.AGENT_1], [Role.MODERATOR]):
        client.force_login(UserFactory(roles=roles))
        assert client.get(there).status_code == client.post(there, {"answer": page.pk}).status_code == 404
    page.refresh_from_db()
    assert not page.wordings


def test_the_same_words_twice_are_one_way_to_ask_and_there_is_room_for_so_many():
    page, editor = question("El logotip"), UserFactory(roles=[Role.EDITOR])
    page.wordings = "la imatge"
    draft = page.save_revision()  # somebody is writing the same
    add_wording(actor=editor, question=page, text=" La  imatge ")
    assert add_wording(actor=editor, question=page, text="la imatge").wordings == "La imatge"
    draft.refresh_from_db()
    assert draft.content["wordings"] == "la imatge"
    QuestionPage.objects.filter(pk=page.pk).update(wordings="x" * LONGEST_WORDINGS)
    with pytest.raises(Refusal):
        add_wording(actor=editor, question=page, text="el dibuix")
    with pytest.raises(Refusal):
        add_wording(actor=UserFactory(roles=[Role.AGENT_1]), question=page, text="el dibuix")
