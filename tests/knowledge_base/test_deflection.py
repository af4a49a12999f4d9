"""Answers that are offered to who writes a ticket, and how often they spare it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from knowledge_base.models import Audience, Deflection
from platform_core.accounts.roles import Role
from platform_core.activity.models import Activity
from tests.factories.accounts import UserFactory
from tests.factories.desk import referent_of, seed_desk
from tests.factories.questions import deliver, question

pytestmark = pytest.mark.django_db

NUMBERS = ["", "-1", "9" * 400, "١٢", "1' OR '1'='1"]
NONSENSE = ["", "x", "\0", "desk.ticket:1", "a b " * 4000, *(f"faq.question:{number}" for number in NUMBERS)]


@pytest.fixture
def person(client):
    made = referent_of()
    client.force_login(made)
    return made


def counts():
    fields = ("shown", "opened", "solved", "asked_anyway")
    rows = Deflection.objects.values_list(*fields)
    return dict(zip(fields, map(sum, zip(*rows, strict=True)), strict=True)) if rows else dict.fromkeys(fields, 0)


def offer(client, moment, *pages):
    names = " ".join(f"faq.question:{page.pk}" for page in pages)
    return client.post("/faq/suggeriments/compta/", {"moment": moment, "answers": names})


def test_each_suggestion_opens_inside_the_page_and_says_how_it_is_called(client, person):
    page = question("On es canvia el logotip?")
    deliver()
    box = client.get("/faq/suggeriments/", {"q": "canviar el logotip"}).text
    assert f'data-answer="faq.question:{page.pk}"' in box
    assert f'data-open="{page.get_absolute_url()}"' in box
    assert f'form="solved" name="answer" value="faq.question:{page.pk}"' in box
    form = client.get("/suport/nova/").text
    assert 'id="solved"' in form
    assert 'data-offered="/faq/suggeriments/compta/"' in form


def test_what_was_shown_opened_and_solved_is_counted_without_a_name(client, person):
    one, other = question("Primera?"), question("Segona?")
    assert offer(client, "shown", one, other).status_code == 204
    offer(client, "opened", one)
    page = client.post("/faq/suggeriments/resolt/", {"answer": f"faq.question:{one.pk}"}, follow=True)
    assert page.redirect_chain == [("/faq/suggeriments/resolt/", 302)]
    assert "cap tiquet" in page.text
    assert counts() == {"shown": 2, "opened": 1, "solved": 1, "asked_anyway": 0}
    event = Activity.objects.get(type="knowledge_base.ticket_spared")
    assert (event.actor, event.data) == (None, {"kind": "faq.question", "object_id": str(one.pk)})
    assert str(person.pk) not in {str(value) for value in Deflection.objects.values_list("object_id", flat=True)}


def test_a_ticket_that_is_filed_all_the_same_is_counted_for_what_was_opened(client, person):
    seed_desk()
    page = question("Primera?")
    sent = {"kind": "question", "subject": "No surt", "text": "Res.", "opened": f"faq.question:{page.pk} x:1"}
    seat = person.memberships.current().first()
    answer = client.post("/suport/nova/", {**sent, "organisation": seat.organisation_id, "instance": ""})
    assert answer.status_code == 302, answer.context["form"].errors
    assert counts()["asked_anyway"] == 1


def test_each_language_has_its_own_counts(client, person):
    page = question("Primera?")
    for prefix in ("", "/es"):
        client.post(f"{prefix}/faq/suggeriments/compta/", {"moment": "shown", "answers": f"faq.question:{page.pk}"})
    assert set(Deflection.objects.values_list("language", "shown")) == {("ca", 1), ("es", 1)}


@pytest.mark.parametrize("name", NONSENSE)
def test_what_is_no_answer_is_not_counted(client, person, name):
    assert client.post("/faq/suggeriments/compta/", {"moment": "shown", "answers": name}).status_code == 204
    assert client.post("/faq/suggeriments/resolt/", {"answer": name}).status_code == 302
    assert not Deflection.objects.exists()


def test_what_one_may_not_read_or_nobody_who_is_signed_in_counts_nothing(client, person):
    hidden = question("Secreta?", audience=Audience.STAFF)
    offer(client, "shown", hidden)
    client.logout()
    assert offer(client, "shown", question("Pública?")).status_code == 404
    assert client.get("/faq/suggeriments/resolt/").status_code == 302
    assert not Deflection.objects.exists()


@pytest.mark.parametrize("moment", ["", "solved", "asked_anyway", "pk"])
def test_a_page_counts_only_what_it_may(client, person, moment):
    assert offer(client, moment, question("Primera?")).status_code == 404


def test_editors_see_which_answers_spare_tickets_and_which_do_not(client, person):
    good, bad = question("La bona?"), question("La dolenta?")
    deliver()
    for page in (good, bad):
        offer(client, "shown", page)
        offer(client, "opened", page)
    client.post("/faq/suggeriments/resolt/", {"answer": f"faq.question:{good.pk}"})
    client.force_login(UserFactory(roles=[Role.EDITOR]))
    report = client.get("/gestio/reports/faq/deflection/")
    assert report.status_code == 200
    assert report.text.index("La dolenta?") < report.text.index("La bona?")
    assert client.get("/gestio/reports/faq/deflection/?export=csv").status_code == 200

    def cost():
        with CaptureQueriesContext(connection) as made:
            client.get("/gestio/reports/faq/deflection/")
        return len(made)

    few = cost()
    for number in range(8):
        page = question(f"Una altra {number}?")
        Deflection.objects.create(kind="faq.question", object_id=page.pk, language="ca", day="2026-11-23", shown=1)
    assert cost() == few
    client.force_login(person)
    assert client.get("/gestio/reports/faq/deflection/").status_code in (302, 403, 404)
