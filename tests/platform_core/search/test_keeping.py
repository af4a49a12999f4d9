from dataclasses import replace
from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from platform_core.search.models import EntryAudience, SearchEntry
from platform_core.search.public import PUBLIC, STAFF, Draft, find, rebuild, refresh, register, unregister
from tests.factories.search import Notes

pytestmark = pytest.mark.django_db


def found(text):
    return [hit.object_id for hit in find(text, viewer=AnonymousUser())]


def test_what_changed_is_found_by_its_new_words_only(notes):
    notes.write("n", "El cens", body="Un fitxer", keywords="csv")
    notes.write("n", "El logotip", body="Un dibuix", keywords="svg")
    assert found("logotip") == found("dibuix") == found("svg") == ["n"]
    assert found("cens") == found("fitxers") == found("csv") == []


def test_telling_twice_changes_nothing(notes):
    notes.write("n", "El cens")
    first = find("cens", viewer=AnonymousUser())
    refresh(kind=notes.kind, object_id="n")
    assert find("cens", viewer=AnonymousUser()) == first
    assert SearchEntry.objects.get().version == 1
    assert EntryAudience.objects.count() == 1


def test_another_audience_alone_is_a_change(notes):
    notes.write("n", "El cens")
    notes.write("n", "El cens", audience=frozenset({STAFF}))
    assert found("cens") == []
    assert [row.token for row in EntryAudience.objects.all()] == [STAFF]


def test_what_is_gone_is_forgotten_and_may_be_forgotten_twice(notes):
    notes.write("n", "El cens")
    notes.remove("n")
    notes.remove("n")
    assert found("cens") == []
    assert not SearchEntry.objects.exists()
    assert not EntryAudience.objects.exists()


def test_what_comes_back_is_found_again(notes):
    notes.write("n", "El cens")
    notes.remove("n")
    notes.write("n", "El cens")
    assert found("cens") == ["n"]


def test_a_rollback_takes_the_words_with_it(notes):
    notes.write("n", "El cens")
    with transaction.atomic():
        notes.drafts["n"] = replace(notes.drafts["n"], title="El logotip")
        refresh(kind=notes.kind, object_id="n")
        transaction.set_rollback(True)
    notes.settle()
    assert found("cens") == ["n"]
    assert found("logotip") == []


def test_a_changed_language_stays_one_entry(notes):
    notes.write("n", "El cens")
    notes.write("n", "El censo", language="es")
    assert SearchEntry.objects.get().language == "es"


def test_the_database_keeps_one_entry_a_thing(notes):
    notes.write("n", "El cens")
    with pytest.raises(IntegrityError), transaction.atomic():
        SearchEntry.objects.create(
            kind=notes.kind, object_id="n", language="es", title="x", path="/", updated_at=timezone.now()
        )


def test_who_comes_second_with_the_first_entry_updates_it(notes):
    """Another worker writes the first entry after we looked for it: its app is asked in between."""
    others = Notes(kind=notes.kind, drafts=notes.drafts)
    asked = []

    def project(object_id):
        asked.append(object_id)
        if len(asked) == 1:
            SearchEntry.objects.create(
                kind=notes.kind, object_id="n", language="ca", title="Vell", path="/", updated_at=timezone.now()
            )
        return Draft(title="El cens", body="", path="/n/", audience=frozenset({PUBLIC}), updated_at=timezone.now())

    projector = others.projector()
    register(type(projector)(kind=notes.kind, project=project, ids=list, visible=lambda _viewer, ids: set(ids)))
    refresh(kind=notes.kind, object_id="n")
    notes.settle()
    assert SearchEntry.objects.get().title == "El cens"
    assert found("cens") == ["n"]


def test_a_kind_that_nobody_registered_is_an_error():
    with pytest.raises(LookupError, match=r"tests\.unknown"):
        refresh(kind="tests.unknown", object_id="1")
    with pytest.raises(LookupError, match=r"tests\.unknown"):
        rebuild(only=["tests.unknown"])


def test_a_rebuild_tells_what_was_never_told_and_forgets_what_is_gone(notes):
    notes.write("gone", "El cens vell")
    notes.drafts["new"] = notes.drafts.pop("gone")
    assert rebuild(only=[notes.kind]) == {notes.kind: 1}
    notes.settle()
    assert found("cens") == ["new"]


def test_a_rebuild_of_everything_forgets_the_kinds_of_nobody(notes):
    notes.write("n", "El cens")
    other = Notes(kind="tests.other")
    register(other.projector())
    other.write("o", "El cens d'una altra app")
    unregister(other.kind)
    rebuild()
    assert list(SearchEntry.objects.values_list("kind", flat=True)) == [notes.kind]


def test_the_command_counts_what_it_told(notes):
    notes.write("a", "El cens")
    notes.write("b", "El logotip")
    out = StringIO()
    call_command("search_rebuild", "--kind", notes.kind, stdout=out)
    assert out.getvalue() == f"{notes.kind}: 2\n"


def test_the_command_names_a_kind_that_it_does_not_know():
    with pytest.raises(CommandError, match=r"tests\.unknown"):
        call_command("search_rebuild", "--kind", "tests.unknown")
