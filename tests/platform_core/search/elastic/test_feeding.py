"""What changes in the database reaches Elasticsearch once, in the end, whatever happens in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from platform_core.background.worker import Worker
from platform_core.search.engines.elastic import building, feeding, indexes
from platform_core.search.engines.elastic.client import connect
from platform_core.search.models import IndexChange, SearchEntry
from platform_core.search.outbox import owe
from platform_core.search.public import find, refresh
from platform_core.search.tasks import feed

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]


def found(text):
    return [hit.object_id for hit in find(text, viewer=AnonymousUser())]


def documents():
    indexes.refresh()
    return connect().count(index=indexes.current())["count"]


def test_a_change_is_owed_in_its_transaction_and_only_then(elastic_notes):
    notes = elastic_notes
    notes.settle = lambda: None
    with transaction.atomic():
        notes.write("n", "El cens")
        transaction.set_rollback(True)
    assert not IndexChange.objects.exists()
    notes.write("n", "El cens")
    assert IndexChange.objects.get().entry_id == SearchEntry.objects.get().pk


def test_many_changes_of_one_thing_are_told_once(elastic_notes):
    elastic_notes.settle = lambda: None
    for word in ("cens", "logotip", "conveni"):
        elastic_notes.write("n", f"El {word}")
    assert IndexChange.objects.count() == 1
    assert feeding.push().told == 1
    indexes.refresh()
    assert (found("conveni"), found("cens")) == (["n"], [])


def test_what_did_not_change_is_not_told(elastic_notes):
    elastic_notes.write("n", "El cens")
    refresh(kind=elastic_notes.kind, object_id="n")
    assert not IndexChange.objects.exists()


def test_telling_twice_changes_nothing(elastic_notes):
    elastic_notes.write("n", "El cens")
    entry = SearchEntry.objects.get()
    owe({entry.pk: entry.version})
    assert (feeding.push().refused, documents()) == (0, 1)


def test_an_older_state_that_arrives_late_is_refused(elastic_notes):
    elastic_notes.write("n", "El cens")
    old = SearchEntry.objects.get()
    elastic_notes.write("n", "El logotip")
    late = feeding.action_of(old, {"public"})
    assert feeding.send([late], indexes.targets()) == {}
    indexes.refresh()
    assert (found("logotip"), found("cens")) == (["n"], [])


def test_an_older_state_that_arrives_after_the_deletion_is_refused(elastic_notes):
    elastic_notes.write("n", "El cens")
    old = SearchEntry.objects.get()
    elastic_notes.remove("n")
    feeding.send([feeding.action_of(old, {"public"})], indexes.targets())
    assert documents() == 0


def test_what_was_deleted_and_made_again_is_found(elastic_notes):
    elastic_notes.write("n", "El cens")
    elastic_notes.write("n", "El cens nou")
    elastic_notes.remove("n")
    elastic_notes.write("n", "El cens")
    assert (found("cens"), documents()) == (["n"], 1)


def test_a_change_that_comes_while_another_is_told_stays_owed(elastic_notes, monkeypatch):
    notes = elastic_notes
    notes.settle = lambda: None
    notes.write("n", "El cens")
    really = feeding.send

    def send_slowly(actions, targets):
        notes.write("n", "El logotip")
        monkeypatch.setattr(feeding, "send", really)
        return really(actions, targets)

    monkeypatch.setattr(feeding, "send", send_slowly)
    feeding.push()
    indexes.refresh()
    assert (found("logotip"), found("cens")) == (["n"], [])
    assert not IndexChange.objects.exists()


def test_a_poison_entry_is_tried_again_later_and_then_set_aside_and_the_others_are_told(elastic_notes):
    elastic_notes.settle = lambda: None
    elastic_notes.write("good", "El cens")
    elastic_notes.write("bad", "El logotip")
    # What no mapping takes: a version beyond what Elasticsearch can hold.
    SearchEntry.objects.filter(object_id="bad").update(boost=float("1e39"))
    seen = feeding.push()
    assert (seen.told, seen.refused) == (1, 1)
    change = IndexChange.objects.get()
    assert (change.tries, change.parked_at) == (1, None)
    assert change.due_at > timezone.now()
    assert "boost" in change.problem
    for _ in range(feeding.POLICY.tries):
        IndexChange.objects.update(due_at=timezone.now())
        feeding.push()
    assert IndexChange.objects.get().parked_at
    indexes.refresh()
    assert (found("cens"), found("logotip")) == (["good"], [])


def test_a_new_change_of_what_was_set_aside_is_told(elastic_notes):
    elastic_notes.settle = lambda: None
    elastic_notes.write("n", "El cens")
    IndexChange.objects.update(parked_at=timezone.now(), tries=6)
    feeding.push()
    assert IndexChange.objects.exists()
    elastic_notes.write("n", "El logotip")
    feeding.push()
    indexes.refresh()
    assert found("logotip") == ["n"]


def test_what_nobody_may_see_any_more_is_not_found_before_it_is_told(elastic_notes):
    elastic_notes.write("n", "El cens")
    elastic_notes.settle = lambda: None
    elastic_notes.write("n", "El cens", audience=frozenset({"staff"}))
    assert found("cens") == []


def test_the_first_feeding_makes_the_index(elastic_notes):
    elastic_notes.settle = lambda: None
    indexes.drop(indexes.targets())
    elastic_notes.write("n", "El cens")
    feed.call()
    indexes.refresh()
    assert indexes.current()
    assert found("cens") == ["n"]


def test_an_index_that_is_gone_is_not_made_by_a_write(elastic_notes):
    gone = indexes.current()
    indexes.drop([gone])
    elastic_notes.settle = lambda: None
    elastic_notes.write("n", "El cens")
    entry = SearchEntry.objects.get()
    feeding.send([feeding.action_of(entry, {"public"})], [gone])
    assert not connect().indices.exists(index=indexes.door(gone))


@pytest.mark.django_db(transaction=True)
def test_the_worker_tells_what_changed(elastic_notes):
    elastic_notes.settle = lambda: None
    elastic_notes.write("n", "El cens")
    Worker().drain()
    indexes.refresh()
    assert (found("cens"), IndexChange.objects.count()) == (["n"], 0)


def test_nothing_is_owed_where_the_database_alone_answers(plain_notes):
    plain_notes.write("n", "El cens")
    assert not IndexChange.objects.exists()


def test_a_change_waits_until_it_is_due(elastic_notes):
    elastic_notes.settle = lambda: None
    elastic_notes.write("n", "El cens")
    IndexChange.objects.update(due_at=timezone.now() + timedelta(minutes=1))
    assert feeding.push().told == 0


def test_feeding_costs_the_same_number_of_queries_for_one_entry_and_for_thirty(
    elastic_notes, django_assert_num_queries
):
    elastic_notes.settle = lambda: None
    for number in (1, 30):
        for place in range(number):
            elastic_notes.write(f"{number}-{place}", "El cens")
        with django_assert_num_queries(5):  # what is due, entries, audiences, told, what is due now
            feeding.push()


def test_a_rebuild_is_read_only_when_it_is_whole(elastic_notes):
    elastic_notes.write("a", "El cens")
    before = indexes.current()
    read_meanwhile = []
    building.build(told=lambda _done, _of: read_meanwhile.append((indexes.current(), found("cens"))))
    assert read_meanwhile == [(before, ["a"])]
    assert indexes.current() != before
    assert indexes.targets() == [indexes.current()]
    assert not connect().indices.exists(index=before)
    assert found("cens") == ["a"]


def test_what_changes_during_a_rebuild_is_in_the_new_index(elastic_notes, monkeypatch):
    monkeypatch.setattr(building, "BATCH", 2)
    notes = elastic_notes
    for name in "abcdef":
        notes.write(name, "El cens")

    def change(done, _of):
        if done == 2:
            notes.write("a", "El logotip")  # filled already
            notes.write("f", "El logotip")  # not filled yet
            notes.remove("b")
            notes.remove("e")
            notes.write("new", "El logotip")

    building.build(told=change)
    assert sorted(found("cens")) == ["c", "d"]
    assert sorted(found("logotip")) == ["a", "f", "new"]
    assert documents() == 5


def test_a_rebuild_that_was_killed_leaves_the_old_index_and_the_next_one_clears_up(elastic_notes):
    elastic_notes.write("a", "El cens")

    def die(_done, _of):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        building.build(told=die)
    assert found("cens") == ["a"]
    assert len(indexes.unfinished()) == 1
    elastic_notes.write("b", "El cens")
    assert sorted(found("cens")) == ["a", "b"]
    building.build()
    assert (indexes.unfinished(), sorted(found("cens"))) == ([], ["a", "b"])


def test_of_two_rebuilds_the_later_one_wins(elastic_notes):
    elastic_notes.write("a", "El cens")
    with pytest.raises(feeding.Away):
        building.build(told=lambda _done, _of: building.build())
    assert found("cens") == ["a"]
    assert indexes.unfinished() == []


def test_texts_as_long_as_anybody_may_write_are_told(elastic_notes):
    elastic_notes.write("n", "El cens", body="paraula " * 40_000)
    elastic_notes.drafts["n"] = replace(elastic_notes.drafts["n"], keywords="x" * 50_000)
    refresh(kind=elastic_notes.kind, object_id="n")
    elastic_notes.settle()
    assert (found("cens"), IndexChange.objects.count()) == (["n"], 0)
