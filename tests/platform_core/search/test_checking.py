"""The nightly comparison: what differs is found, told and put right."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from platform_core.search.checking import check
from platform_core.search.engines.elastic import feeding, indexes
from platform_core.search.engines.elastic.client import connect
from platform_core.search.models import IndexChange, SearchEntry
from platform_core.search.public import find
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def said(*arguments):
    out = StringIO()
    call_command("search_check", *arguments, stdout=out)
    return out.getvalue()


def test_when_all_is_well_it_says_so(notes):
    notes.write("a", "El cens")
    assert said() == "Everything is as it should be.\n"


def test_things_that_were_never_told_and_entries_of_what_is_gone_are_found_and_put_right(notes):
    notes.write("gone", "El cens")
    notes.drafts["new"] = notes.drafts.pop("gone")
    report = check()
    assert (report.missing, report.surplus) == ({notes.kind: ["new"]}, {notes.kind: ["gone"]})
    with pytest.raises(CommandError, match="--repair"):
        said()
    assert "tests.note: 1 missing: new\n" in said("--repair")
    notes.settle()
    assert check().differences == 0
    assert [hit.object_id for hit in find("cens", viewer=UserFactory())] == ["new"]


def test_what_says_that_it_should_not_be_found_is_not_missing(notes):
    notes.drafts["hidden"] = None
    assert check().differences == 0


@pytest.mark.elasticsearch
def test_documents_that_are_missing_outdated_foreign_or_ahead_are_put_right(elastic_notes):
    notes = elastic_notes
    for name in ("missing", "outdated", "ahead", "right"):
        notes.write(name, "El cens")
    pk = {entry.object_id: entry.pk for entry in SearchEntry.objects.all()}
    target = [indexes.current()]
    feeding.send(
        [
            {"_op_type": "delete", "_id": pk["missing"], "version": 1, "version_type": "external_gte"},
            feeding.action_of(SearchEntry(pk=987654, kind="x", language="ca", title="Aliena", version=3), {"public"}),
            feeding.action_of(
                SearchEntry(pk=pk["ahead"], kind="x", language="ca", title="Futura", version=9), {"auth"}
            ),
        ],
        target,
    )
    SearchEntry.objects.filter(pk=pk["outdated"]).update(version=5, title="El logotip")
    assert check().index == {"missing": 1, "outdated": 1, "foreign": 1, "ahead": 1}
    with pytest.raises(CommandError, match="--repair"):
        said()
    assert "Elasticsearch: 1 foreign\n" in said("--repair")
    indexes.refresh()
    assert check().index == {}
    assert sorted(hit.object_id for hit in find("cens", viewer=UserFactory())) == ["ahead", "missing", "right"]
    assert connect().count(index=indexes.current())["count"] == 4


@pytest.mark.elasticsearch
def test_what_is_on_its_way_is_no_difference(elastic_notes):
    elastic_notes.settle = lambda: None
    elastic_notes.write("a", "El cens")
    report = check()
    assert (report.index, report.waiting) == ({}, 1)
    assert said() == "Elasticsearch: 1 changes are on their way\nEverything is as it should be.\n"


@pytest.mark.elasticsearch
def test_what_was_refused_is_named(elastic_notes):
    elastic_notes.write("a", "El cens")
    IndexChange.objects.create(entry_id=1, version=1, parked_at="2026-11-02T10:00Z", problem="no")
    assert "1 changes were refused and set aside" in said()
