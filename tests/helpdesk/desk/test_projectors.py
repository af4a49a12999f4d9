"""Tickets in the search: found by who may see them, as they are now, and by nobody else."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command

from helpdesk.desk import domain, projectors
from helpdesk.desk.library import TicketCC
from helpdesk.desk.models import Kind
from helpdesk.desk.permissions import visible_to
from platform_core.accounts.roles import Role
from platform_core.search.models import SearchEntry
from platform_core.search.public import find, findable_by, rebuild, search, suggest
from tests.factories.accounts import UserFactory
from tests.factories.desk import agent, open_case, referent_of
from tests.factories.organisations import OrganisationFactory, deliver_all, referent

pytestmark = pytest.mark.django_db


def found(viewer, text="publicar", **options):
    return {hit.object_id for hit in find(text, viewer=viewer, kinds=[projectors.TICKET], limit=50, **options)}


def test_everyone_finds_the_tickets_that_they_may_see_and_no_other():
    ens, other = OrganisationFactory(), OrganisationFactory()
    laia, nuria, stranger = referent_of(ens), UserFactory(), referent_of(other)
    copied = UserFactory()
    ours = open_case(laia)
    theirs = open_case(stranger)
    loose = open_case(requester_email="algu@fora.test", organisation=None)
    domain.add_copy(actor=laia, case=ours, email=copied.email)
    TicketCC.objects.filter(ticket_id=ours.pk).update(user=copied, can_view=True)
    deliver_all()
    rebuild(only=[projectors.TICKET])
    colleague = referent(ens).person
    everyone = [laia, nuria, stranger, copied, colleague, agent(), AnonymousUser()]
    everyone += [UserFactory(roles=[role]) for role in (Role.EDITOR, Role.MODERATOR, Role.COORDINATOR)]
    for viewer in everyone:
        may = {str(pk) for pk in visible_to(viewer).values_list("pk", flat=True)}
        assert found(viewer) == may, viewer
        held = findable_by(viewer).filter(kind=projectors.TICKET).values_list("object_id", flat=True)
        assert set(held) == may, viewer
    assert {str(case.pk) for case in (ours, theirs, loose)} == found(agent())


def test_who_leaves_an_organisation_finds_its_tickets_no_longer():
    laia = referent_of()
    case = open_case(laia)
    deliver_all()
    assert found(laia) == {str(case.pk)}
    laia.memberships.all().delete()
    assert found(laia) == set()


def test_an_internal_note_is_found_at_the_desk_alone_and_changes_nothing_for_others():
    laia, biel = referent_of(), agent()
    case = open_case(laia)
    deliver_all()
    before = SearchEntry.objects.get(kind=projectors.TICKET)
    domain.add_note(actor=biel, case=case, text="La cua de la impressora secreta")
    deliver_all()
    hits = find("impressora", viewer=biel)
    assert [(hit.kind, hit.object_id) for hit in hits] == [(projectors.NOTES, str(case.pk))]
    assert hits[0].url == case.get_bench_url()
    for viewer in (laia, UserFactory(roles=[Role.EDITOR]), AnonymousUser()):
        assert find("impressora", viewer=viewer) == []
        assert search("impressora", viewer=viewer).total == 0
    assert suggest("impressora") == suggest("publicar") == []
    after = SearchEntry.objects.get(kind=projectors.TICKET)
    assert (after.body, after.updated_at) == (before.body, before.updated_at)


def test_what_is_said_and_how_it_is_classified_is_found_a_moment_later():
    laia, biel = referent_of(), agent()
    case = open_case(laia)
    domain.reply(actor=biel, case=case, text="Reinicieu el **encaminador**.")
    domain.reclassify(actor=biel, case=case, kind=Kind.INCIDENT, topic="sense-nom")
    deliver_all()
    (hit,) = find("encaminadors", viewer=laia)
    assert hit.object_id == str(case.pk)
    assert hit.url == case.get_absolute_url()
    assert "**" not in hit.excerpt
    (hit,) = find(case.reference, viewer=laia)
    assert hit.object_id == str(case.pk)


def test_a_program_asks_as_somebody_and_reads_json():
    laia = referent_of()
    case = open_case(laia)
    deliver_all()

    def asked(*words):
        out = StringIO()
        call_command("search", *words, stdout=out)
        return out.getvalue()

    (row,) = json.loads(asked("botó publicar", "--as", laia.email, "--json"))
    assert row.keys() == {"kind", "id", "title", "url", "score"}
    assert (row["kind"], row["id"], row["url"]) == (projectors.TICKET, str(case.pk), case.get_absolute_url())
    assert case.ticket.title in asked("publicar", "--as", laia.email, "--lang", "en", "--limit", "1")
    assert json.loads(asked("publicar", "--json")) == []
    for wrong in (["--as", "ningu@ens.test"], ["--limit", "0"], ["--limit", "101"]):
        with pytest.raises(CommandError):
            asked("publicar", *wrong)
