"""The desk's page of its mail."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from helpdesk.desk.mail import intake
from helpdesk.desk.models import Arrival, Case, Letter
from helpdesk.desk.templatetags.mail import KEY
from platform_core.accounts.roles import Role
from tests.factories.accounts import UserFactory
from tests.factories.desk import agent, open_case, referent_of
from tests.factories.mail import mail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("desk")]
PAGE = "/suport/taula/correu/"
BAD = b"\xff\xfe no es cap correu"


@pytest.fixture
def as_agent(client):
    client.force_login(agent())
    return client


def given_up(number: int) -> None:
    for place in range(number):
        case = open_case()
        Letter.objects.create(
            case=case, name="answer", to=f"a{place}@fora.test", language="ca", subject="x", message_id=f"<{place}@x>",
            given_up_at=case.opened_at, last_error="550 no such user",
        )  # fmt: skip


def test_only_the_desk_knows_the_page(client):
    assert client.get(PAGE).status_code == 302
    arrival = Arrival.objects.get(pk=intake._keep(BAD, size=1, queue=None)[0].pk)
    for person in (referent_of(), UserFactory(roles=[Role.EDITOR])):
        client.force_login(person)
        for name, arguments in (("quarantine", []), ("arrival_original", [arrival.pk])):
            assert client.get(reverse(f"desk:{name}", args=arguments)).status_code == 404
        assert client.post(reverse("desk:arrival_again", args=[arrival.pk])).status_code == 404
        assert client.post(reverse("desk:send_again", args=[1])).status_code == 404


def test_what_could_not_be_read_is_listed_and_its_original_is_whole(as_agent):
    intake.receive(BAD)
    intake.receive(mail(subject="Aquest sí"))
    page = as_agent.get(PAGE).content.decode()
    assert "no s&#x27;hi pot llegir cap correu" in page
    assert "Aquest sí" not in page
    assert "Aquest sí" in as_agent.get(PAGE, {"mostra": "tots"}).content.decode()
    arrival = Arrival.objects.get(outcome="quarantined")
    answer = as_agent.get(reverse("desk:arrival_original", args=[arrival.pk]))
    assert b"".join(answer.streaming_content) == BAD
    assert answer["Content-Disposition"].startswith("attachment")
    assert ".eml" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_try_again_opens_the_ticket_and_shows_it(as_agent, settings):
    settings.MAIL_MOST_PER_HOUR = 0
    intake.receive(mail())
    answer = as_agent.post(reverse("desk:arrival_again", args=[Arrival.objects.get().pk]))
    assert answer["Location"] == Case.objects.get().get_bench_url()


def test_try_again_of_what_still_cannot_be_read_says_so_and_keeps_it(as_agent):
    intake.receive(BAD)
    page = as_agent.post(reverse("desk:arrival_again", args=[Arrival.objects.get().pk]), follow=True).content.decode()
    assert "El correu continua aquí" in page
    assert Arrival.objects.get().outcome == "quarantined"


def test_an_ignored_mail_becomes_a_ticket_when_somebody_says_so(as_agent):
    intake.receive(mail(headers={"List-Id": "<llista.fora.test>"}))
    page = as_agent.get(PAGE, {"mostra": "automatics"}).content.decode()
    assert "Fer-ne un tiquet" in page
    as_agent.post(reverse("desk:arrival_again", args=[Arrival.objects.get().pk]))
    assert Case.objects.count() == 1


def test_looking_never_tries_again(as_agent):
    intake.receive(mail(headers={"List-Id": "<llista.fora.test>"}))
    assert as_agent.get(reverse("desk:arrival_again", args=[Arrival.objects.get().pk])).status_code == 405


def test_letters_that_did_not_arrive_are_shown_with_a_way_to_send_them_again(as_agent):
    given_up(1)
    page = as_agent.get(PAGE).content.decode()
    assert "550 no such user" in page
    as_agent.post(reverse("desk:send_again", args=[Letter.objects.get(to="a0@fora.test").pk]))
    assert Letter.objects.get(to="a0@fora.test").given_up_at is None


def test_the_board_says_how_much_mail_waits_and_a_ticket_which_letters_did_not_arrive(as_agent):
    cache.delete(KEY)
    intake.receive(BAD)
    given_up(1)
    assert "per mirar" in as_agent.get("/suport/taula/").content.decode()
    letter = Letter.objects.get(to="a0@fora.test")
    page = as_agent.get(reverse("desk:bench_beside", args=[letter.case.reference])).content.decode()
    assert "550 no such user" in page
    assert reverse("desk:send_again", args=[letter.pk]) in page


def test_markup_in_a_subject_or_a_sender_stays_text(as_agent):
    intake.receive(mail(sender='"<b>x</b>" <>', subject="<script>alert(1)</script>"))
    page = as_agent.get(PAGE).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("query", ["abans=x", "abans=-1", f"abans={'9' * 40}", "mostra=%00", "abans=%C2%B2"])
def test_nonsense_in_the_address_is_as_if_it_were_not_there(as_agent, query):
    assert as_agent.get(f"{PAGE}?{query}").status_code == 200


def test_the_pages_go_on_by_key(as_agent):
    for number in range(51):
        intake.receive(BAD + str(number).encode())
    first = as_agent.get(PAGE)
    assert first.context["page"].before == Arrival.objects.order_by("-pk")[49].pk
    second = as_agent.get(PAGE, {"abans": first.context["page"].before})
    assert [row.pk for row in second.context["page"].rows] == [Arrival.objects.earliest("pk").pk]
    assert second.context["page"].before is None


def test_the_queries_do_not_grow_with_the_rows(as_agent, django_assert_num_queries):
    def fill(number: int) -> None:
        for _ in range(number):
            intake.receive(BAD + str(Arrival.objects.count()).encode())
        given_up(number)

    as_agent.get(PAGE)
    fill(1)
    with CaptureQueriesContext(connection) as one:
        as_agent.get(PAGE)
    Letter.objects.all().delete()
    fill(30)
    with django_assert_num_queries(len(one)):
        as_agent.get(PAGE)
