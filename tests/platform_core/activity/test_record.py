from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from platform_core.activity import domain, queries, reactions, triggers
from platform_core.activity.domain import OutsideTransactionError, record
from platform_core.activity.models import Activity, AppendOnlyError, Purge, StreamEntry
from platform_core.activity.tasks import activity_retention
from tests.factories.activity import Happened

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return get_user_model().objects.create_user("una@ens1.test", name="Una Persona")


@pytest.fixture
def heard() -> Iterator[list[tuple[str, int]]]:
    """What a live listener was told, as (stream, cursor)."""
    told: list[tuple[str, int]] = []

    @reactions.on_commit_live
    def listen(entries):
        told.extend((entry.stream_id, entry.cursor) for entry in entries)

    yield told
    reactions._live.remove(listen)


def test_what_was_done_can_be_read_back(person):
    activity = record(Happened(number=3), actor=person, subject=person, streams=["org:1", "desk"])
    row = Activity.objects.get(pk=activity.pk)
    assert row.event == Happened(number=3)
    assert (row.actor, row.actor_kind) == (person, "person")
    assert (row.subject_type, row.subject_id) == ("accounts.user", str(person.pk))
    assert [entry.stream_id for entry in row.entries.order_by("stream_id")] == ["desk", "org:1"]


@pytest.mark.parametrize("actor", [None, AnonymousUser()])
def test_what_nobody_in_person_did_is_the_systems(person, actor):
    assert record(Happened(), actor=actor, subject=person).actor_kind == "system"


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused(person):
    with pytest.raises(OutsideTransactionError):
        record(Happened(), actor=person, subject=person)
    assert not Activity.objects.exists()


def test_a_subject_that_is_not_saved_is_refused(person):
    with pytest.raises(ValueError, match="has no id"):
        record(Happened(), actor=person, subject=get_user_model()())


def test_the_cost_of_recording_does_not_grow_with_the_streams(person, django_assert_num_queries):
    for streams in (["a"], [f"org:{n}" for n in range(30)]):
        with django_assert_num_queries(3):
            record(Happened(), actor=person, subject=person, streams=streams)


def test_cursors_of_a_stream_have_no_gaps(person):
    for number in range(3):
        record(Happened(number=number), actor=person, subject=person, streams=["desk"])
        with transaction.atomic():
            record(Happened(number=100), actor=person, subject=person, streams=["desk"])
            transaction.set_rollback(True)
    assert [(entry.cursor, entry.activity.event.number) for entry in queries.since("desk", 0)] == [
        (1, 0),
        (2, 1),
        (3, 2),
    ]
    assert queries.head("desk") == 3
    assert queries.heads(["desk", "other"]) == {"desk": 3, "other": 0}


def test_since_pages_in_one_query_and_forgives_nonsense(person, django_assert_num_queries):
    for number in range(30):
        record(Happened(number=number), actor=person, subject=person, streams=["desk"])
    with django_assert_num_queries(1):
        assert [entry.activity.event.number for entry in queries.since("desk", 10, 3)] == [10, 11, 12]
    assert len(queries.since("desk", -5, 10**9)) == 30
    assert queries.since("desk", 10**18) == []
    assert queries.since("desk", 0, -1) == []
    assert queries.since("none", 0) == []


@pytest.mark.django_db(transaction=True)
def test_listeners_hear_after_the_commit_and_never_of_a_rollback(person, heard):
    with transaction.atomic():
        record(Happened(), actor=person, subject=person, streams=["desk", "a"])
        assert heard == []
    assert heard == [("a", 1), ("desk", 1)]
    with transaction.atomic():
        record(Happened(), actor=person, subject=person, streams=["desk"])
        transaction.set_rollback(True)
    assert len(heard) == 2


@pytest.mark.django_db(transaction=True)
def test_a_listener_that_fails_disturbs_nobody(person, heard, caplog):
    @reactions.on_commit_live
    def fail(entries):
        raise RuntimeError("the layer is away")

    reactions._live.insert(0, reactions._live.pop())
    try:
        with transaction.atomic():
            record(Happened(), actor=person, subject=person, streams=["desk"])
    finally:
        reactions._live.remove(fail)
    assert heard == [("desk", 1)]
    assert "the layer is away" in caplog.text


def test_the_model_refuses_changes(person):
    activity = record(Happened(), actor=person, subject=person)
    activity.type = "tests.other"
    for change in (
        activity.save,
        activity.delete,
        Activity.objects.all().delete,
        lambda: Activity.objects.update(type="x"),
        lambda: Activity.objects.bulk_update([activity], ["type"]),
    ):
        with pytest.raises(AppendOnlyError):
            change()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE activity_activity SET type = 'tests.other'",
        "UPDATE activity_activity SET data = '{}', actor_id = NULL",
        "UPDATE activity_activity SET subject_id = '0'",
        "DELETE FROM activity_activity",
    ],
)
def test_the_database_refuses_changes_too(person, statement):
    record(Happened(number=1), actor=person, subject=person)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert triggers.installed(connection) == set(triggers.NAMES)


def test_an_actor_cannot_be_changed_to_another(person):
    other = get_user_model().objects.create_user("altra@ens1.test")
    record(Happened(), actor=person, subject=person)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Activity._base_manager.update(actor=other)


def test_a_person_who_is_erased_leaves_what_happened_and_no_name(person):
    activity = record(Happened(), actor=person, subject=person, streams=["desk"])
    person.delete()
    row = Activity.objects.get(pk=activity.pk)
    assert row.actor_id is None
    assert row.actor_erased
    assert len(queries.since("desk", 0)) == 1
    assert "Una" not in str(Activity.objects.values().get())


def test_retention_removes_what_is_old_and_leaves_a_note(person, settings):
    old = record(Happened(number=1), actor=person, subject=person, streams=["desk"])
    border = timezone.now()
    record(Happened(number=2), actor=person, subject=person, streams=["desk"])
    assert domain.purge(older_than=border) == 1
    assert not Activity.objects.filter(pk=old.pk).exists()
    assert [entry.cursor for entry in queries.since("desk", 0)] == [2]
    note = Purge.objects.get()
    assert (note.removed, note.is_open) == (1, False)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM activity_activity")


def test_retention_follows_the_setting(person, settings):
    record(Happened(), actor=person, subject=person)
    activity_retention()
    assert Activity.objects.count() == 1
    settings.ACTIVITY_RETENTION = timedelta(microseconds=1)
    activity_retention()
    assert Activity.objects.count() == 0


def test_a_purge_needs_a_time_zone():
    with pytest.raises(ValueError, match="time zone"):
        domain.purge(older_than=timezone.now().replace(tzinfo=None))


def in_threads(*works: Callable[[], None]) -> None:
    """Run each function in a thread of its own, and raise here what one of them raises."""

    def alone(work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        for future in [pool.submit(alone, work) for work in works]:
            future.result()


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_leave_no_gap_and_no_deadlock(person):
    """Four write to the same streams named in opposite orders; a reader never misses what is committed late."""
    streams, writers, each = ["a", "b", "c"], 4, 10
    expected = list(range(1, writers * each + 1))
    seen: list[int] = []

    def write(number: int) -> None:
        for turn in range(each):
            with transaction.atomic():
                order = streams if (number + turn) % 2 else streams[::-1]
                record(Happened(number=number), actor=None, subject=person, streams=order)

    def read() -> None:
        while len(seen) < len(expected):
            seen.extend(entry.cursor for entry in queries.since("b", seen[-1] if seen else 0))

    in_threads(read, *(partial(write, number) for number in range(writers)))
    assert seen == expected
    for stream in streams:
        cursors = StreamEntry.objects.filter(stream=stream).order_by("cursor").values_list("cursor", flat=True)
        assert list(cursors) == expected


@pytest.mark.django_db(transaction=True)
def test_transactions_that_record_twice_lock_their_streams_first(person):
    def write(first: str, second: str) -> None:
        for _ in range(10):
            with transaction.atomic():
                domain.lock_streams([first, second])
                record(Happened(), actor=None, subject=person, streams=[first])
                record(Happened(), actor=None, subject=person, streams=[second])

    in_threads(partial(write, "a", "b"), partial(write, "b", "a"))
    assert queries.heads(["a", "b"]) == {"a": 20, "b": 20}


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_an_entry_waits_for_the_one_before_it(person):
    """A transaction that took cursor 1 and is slow to commit holds cursor 2 back, so no reader sees 2 without 1."""
    took, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            record(Happened(number=1), actor=None, subject=person, streams=["desk"])
            took.set()
            may_commit.wait(10)
        connection.close()

    def quick() -> None:
        with transaction.atomic():
            record(Happened(number=2), actor=None, subject=person, streams=["desk"])
        connection.close()

    first = threading.Thread(target=slow)
    first.start()
    took.wait(10)
    second = threading.Thread(target=quick)
    second.start()
    second.join(0.3)
    assert second.is_alive()
    assert queries.since("desk", 0) == []
    may_commit.set()
    first.join()
    second.join()
    assert [entry.activity.event.number for entry in queries.since("desk", 0)] == [1, 2]
