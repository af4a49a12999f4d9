"""The requester's pages: filing, reading, answering, and what nobody else may reach."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpdesk.desk import domain, listing, queries
from helpdesk.desk.models import Case, Kind, Rating, State
from platform_core.officehours.promise import short_moment
from tests.factories.accounts import UserFactory
from tests.factories.desk import agent, open_case, referent_of, seed_desk
from tests.factories.organisations import MembershipFactory

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
NONSENSE = [
    "",
    "x",
    "-1",
    "9" * 40,
    "'\"><script>",
    "%00",
    "\0",
    "1~1",
    "2026-13-45~1",
    "2026-01-01T00:00:00~²",
    "ç" * 500,
]


@pytest.fixture
def laia(client):
    person = referent_of()
    client.force_login(person)
    return person


def sent(**facts):
    return {
        "kind": "incident",
        "subject": "No arriben els correus",
        "text": "Des d'aquest matí **no** arriben.",
        "submission": str(uuid4()),
        **facts,
    }


def test_a_referent_files_a_ticket_with_a_picture_in_the_name_of_their_organisation(client, laia):
    seed_desk()
    ens = laia.memberships.get().organisation
    type(ens).objects.filter(pk=ens.pk).update(platform_host="participa311-vila.diba.cat")
    page = client.get("/suport/nova/").content.decode()
    assert f'<option value="{ens.pk}" selected>' in page
    assert 'name="instance" value="participa311-vila.diba.cat"' in page
    assert "answer in 2 h" in page or "resposta en 2 h" in page
    picture = SimpleUploadedFile("captura.png", PNG, "image/png")
    answer = client.post(
        "/suport/nova/", sent(organisation=ens.pk, instance="participa311-vila.diba.cat", files=[picture]), follow=True
    )
    case = Case.objects.get()
    assert answer.redirect_chain == [(f"/suport/{case.reference}/", 302)]
    assert (case.organisation, case.kind, case.instance) == (ens, Kind.INCIDENT, "participa311-vila.diba.cat")
    page = answer.content.decode()
    assert "<strong>no</strong> arriben" in page
    assert "captura.png" in page


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        (" Participa.Vila.CAT ", "participa.vila.cat"),
        ("https://participa.vila.cat:8443/processes/pam?x=1#y", "participa.vila.cat"),
        ("participa.vila.cat/admin", "participa.vila.cat"),
        ("participació.vila.cat.", "participació.vila.cat"),
    ],
)
def test_the_platform_is_a_host_that_may_be_left_out_or_pasted_whole(client, laia, typed, kept):
    client.post("/suport/nova/", sent(instance=typed))
    assert Case.objects.get().instance == kept


@pytest.mark.parametrize(
    "typed", ["vila", "participa vila.cat", "https://", "-a.cat", "a..cat", "x" * 250 + ".cat", "'\"><b>"]
)
def test_what_is_no_host_is_said_beside_the_field_and_kept(client, laia, typed):
    response = client.post("/suport/nova/", sent(instance=typed))
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"instance"}
    assert 'id="id_instance_error"' in response.text
    assert response.context["form"]["instance"].value() == typed
    assert not Case.objects.exists()


def test_each_kind_tells_the_moments_of_its_promise_without_a_script(client, laia):
    seed_desk()
    response = client.get("/suport/nova/")
    promised = queries.promised_by_kind()
    assert len(promised) == len(Kind)
    for kind in Kind:
        for promise in promised[kind].values():
            assert short_moment(promise.due, now=timezone.now()) in response.text


def test_sending_the_same_form_twice_makes_one_ticket(client, laia):
    form = sent()
    assert client.post("/suport/nova/", form).url == client.post("/suport/nova/", form).url
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "x"}, "id_kind"),
        ({"subject": " "}, "id_subject"),
        ({"text": ""}, "id_text"),
        ({"text": "x" * 50_001}, "id_text"),
        ({"subject": "x" * 201}, "id_subject"),
        ({"organisation": "999999"}, "id_organisation"),
        ({"files": [SimpleUploadedFile("buit.txt", b"")]}, "id_files"),
        ({"files": [SimpleUploadedFile("foto.png", b"MZ\x90\x00 this is a program")]}, "id_files"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_keeps_what_was_typed(client, laia, wrong, field):
    answer = client.post("/suport/nova/", sent(**wrong))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{field}' in page
    assert "No arriben els correus" in page or "subject" in wrong
    assert not Case.objects.exists()


def test_an_organisation_that_is_not_theirs_cannot_be_chosen(client, laia):
    other = referent_of().memberships.get().organisation
    assert client.post("/suport/nova/", sent(organisation=other.pk)).status_code == 422


def test_html_in_every_field_is_shown_as_text(client, laia):
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    client.post("/suport/nova/", sent(subject=attack, text=attack))
    for address in (Case.objects.get().get_absolute_url(), "/suport/", "/"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_a_number_of_an_identity_document_is_covered_and_the_person_is_told(client, laia):
    answer = client.post("/suport/nova/", sent(text="La veïna 12345678Z."), follow=True).content.decode()
    assert "12345678" not in answer
    assert "•••••678Z" in answer


def test_the_conversation_shows_what_is_public_and_nothing_of_the_desk(client, laia):
    case, biel = open_case(laia), agent()
    domain.add_note(actor=biel, case=case, text="Nota molt interna")
    domain.escalate(actor=biel, case=case, level=2, reason="Raó molt interna")
    domain.reply(actor=biel, case=case, text="Bon dia, Laia!", then=State.WAITING)
    for address in (case.get_absolute_url(), f"{case.get_absolute_url()}novetats/?des=0"):
        page = client.get(address).content.decode()
        assert "Bon dia, Laia!" in page
        assert "intern" not in page.replace("interna311", "")


def test_an_answer_with_files_alone_is_an_answer_and_with_nothing_is_not(client, laia):
    case = open_case(laia)
    assert client.post(case.get_absolute_url(), {"text": " "}).status_code == 422
    answer = client.post(case.get_absolute_url(), {"text": "", "files": [SimpleUploadedFile("a.txt", b"hola")]})
    assert answer.status_code == 302


def test_an_answer_after_the_time_for_reopening_leads_to_the_new_ticket(client, laia):
    long_ago = timezone.now() - timedelta(days=40)
    case = open_case(laia, at=long_ago)
    domain.change_state(actor=agent(), case=case, to=State.RESOLVED, at=long_ago)
    client.get(case.get_absolute_url())
    answer = client.post(case.get_absolute_url(), {"text": "Torna a passar."})
    assert answer.url == Case.objects.get(follows=case).get_absolute_url()


def test_a_ticket_is_closed_opened_again_and_rated(client, laia):
    case = open_case(laia)
    url = case.get_absolute_url()
    client.post(f"{url}estat/", {"to": "closed"})
    assert client.post(f"{url}valora/", {"rating": "3", "comment": "Molt bé"}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.rating, case.rating_comment) == (State.CLOSED, Rating.GOOD, "Molt bé")
    assert client.post(f"{url}valora/", {"rating": "9"}).status_code == 422
    client.post(f"{url}estat/", {"to": "open"})
    case.refresh_from_db()
    assert case.state == State.OPEN
    assert client.post(f"{url}estat/", {"to": "resolved"}).status_code == 422


def test_a_colleague_in_copy_is_added_sees_it_and_leaves(client, laia):
    case, colleague = open_case(laia), UserFactory()
    url = case.get_absolute_url()
    assert client.post(f"{url}copia/", {"email": "no és una adreça"}).status_code == 422
    assert client.post(f"{url}copia/", {"email": colleague.email}).status_code == 302
    client.force_login(colleague)
    page = client.get(url)
    assert page.status_code == 200
    assert "S-" in client.get("/suport/?de=copia").content.decode()
    copy = page.context["copies"][0]
    assert client.post(f"{url}copia/", {"remove": copy.pk}).url == "/suport/"
    assert client.get(url).status_code == 404


def test_nobody_else_learns_even_that_a_ticket_exists(client):
    case = open_case()
    biel = agent()
    entry = domain.reply(actor=case.requester, case=case, text="Amb fitxer", files=[_upload()])
    hidden = domain.add_note(actor=biel, case=case, text="Amb fitxer", files=[_upload()])
    [file], [secret] = (one.followup.followupattachment_set.all() for one in (entry, hidden))
    url = case.get_absolute_url()
    technician = MembershipFactory(organisation=case.organisation).person
    for stranger in (UserFactory(), referent_of(), technician):
        client.force_login(stranger)
        for address in (url, f"{url}novetats/", f"/suport/fitxer/{file.pk}/a.txt", f"/suport/taula/{case.reference}/"):
            assert client.get(address).status_code == 404, address
        for address in (url, f"{url}copia/", f"{url}estat/", f"{url}valora/"):
            assert client.post(address, {"text": "x", "to": "closed", "rating": 3}).status_code == 404, address
        assert case.reference not in client.get("/suport/?estat=tots").content.decode()
        assert case.reference not in b"".join(client.get("/suport/exporta/?estat=tots")).decode()
    client.force_login(case.requester)
    assert client.get(f"/suport/fitxer/{file.pk}/a.txt").status_code == 200
    assert client.get(f"/suport/fitxer/{secret.pk}/a.txt").status_code == 404
    client.force_login(biel)
    assert client.get(f"/suport/fitxer/{secret.pk}/a.txt").status_code == 200


def test_a_visitor_is_asked_to_sign_in_for_every_page(client):
    case = open_case()
    for address in ("/suport/", "/suport/nova/", case.get_absolute_url(), "/suport/exporta/", "/suport/fitxer/1/a"):
        assert client.get(address).url.startswith("/compte/login/")


def test_a_file_is_saved_and_never_run(client, laia):
    case = open_case(laia)
    page = SimpleUploadedFile("pagina.html", b"<html><script>alert(1)</script></html>", "text/html")
    client.post(case.get_absolute_url(), {"text": "Mireu", "files": [page]})
    [line] = [one for one in client.get(case.get_absolute_url()).context["lines"] if one[0].files]
    answer = client.get(f"/suport/fitxer/{line[0].files[0].pk}/pagina.html?mostra")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "html" not in answer["Content-Type"]


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_in_an_address_is_as_if_it_were_not_there(client, laia, nonsense):
    open_case(laia)
    for name in ("de", "estat", "q", "despres"):
        assert client.get("/suport/", {name: nonsense}).status_code == 200
    assert client.get("/suport/nova/promesa/", {"kind": nonsense}).status_code == 200


def test_the_pages_of_a_list_follow_each_other_without_gaps(client, laia, monkeypatch):
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)
    now = timezone.now()
    cases = [open_case(laia, at=now - timedelta(minutes=number // 2)) for number in range(5)]
    seen, address = [], "/suport/"
    while address:
        page = client.get(address)
        seen += [case for case, _promise in page.context["rows"]]
        address = page.context["next_address"] and f"/suport/{page.context['next_address']}"
    assert len(seen) == len(cases)
    assert set(seen) == set(cases)


def test_what_the_desk_does_among_itself_moves_nothing_in_the_lists_of_who_asked(client, laia, monkeypatch):
    monkeypatch.setattr(listing, "PAGE_SIZE", 1)
    now, biel = timezone.now(), agent()
    older = open_case(laia, at=now - timedelta(days=3))
    newer = open_case(laia, at=now - timedelta(days=2))
    addresses = ("/suport/", "/suport/?de=ens", "/suport/exporta/", "/", older.get_absolute_url())

    def shown():
        pages = [client.get(address) for address in addresses]
        told = ("next_address", "seen")
        return [
            (
                b"".join(page) if page.streaming else page.context and [page.context.get(key) for key in told],
                _order(page),
            )
            for page in pages
        ]

    before = shown()
    domain.add_note(actor=biel, case=older, text="Nota interna", at=now - timedelta(hours=2))
    domain.escalate(actor=biel, case=older, level=2, reason="Raó interna", at=now - timedelta(hours=1))
    assert shown() == before
    domain.reply(actor=biel, case=older, text="Bon dia", at=now)
    assert [case.pk for case, _promise in client.get("/suport/").context["rows"]] == [older.pk]
    assert newer.pk


def test_lists_and_conversations_cost_the_same_with_one_and_with_thirty(client, laia):
    def cost(address):
        client.get(address)  # what is kept for a while is read
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    from django.db import connection  # noqa: PLC0415

    case, biel = open_case(laia), agent()
    domain.reply(actor=biel, case=case, text="…")
    addresses = ("/suport/", "/suport/?de=ens", case.get_absolute_url(), "/")
    before = [cost(address) for address in addresses]
    for _more in range(24):
        open_case(laia)
        domain.reply(actor=biel, case=case, text="…")
    assert [cost(address) for address in addresses] == before


def _order(page):
    """The rows of a page, each with the moment that it tells."""
    if not page.context:
        return []
    rows = page.context.get("rows") or page.context.get("tickets") or []
    return [(case.pk, case.heard_at) for case, _promise in rows]


def _upload():
    from platform_core.files.public import accept  # noqa: PLC0415

    [upload] = accept([SimpleUploadedFile("a.txt", b"hola")])
    return upload
