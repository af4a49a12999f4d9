"""Elasticsearch is killed, hangs, or has lost everything: people search all the same, and it heals by itself."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command

from platform_core.search.engines import breaker, remote_breaker
from platform_core.search.engines.elastic import building, client, feeding, indexes
from platform_core.search.models import IndexChange
from platform_core.search.public import find, remote_health, search
from platform_core.search.tasks import feed
from tests.harness import elasticsearch

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch, pytest.mark.xdist_group("elasticsearch_away")]
NOBODY = AnonymousUser()


@pytest.fixture(scope="module")
def own_node() -> Iterator[elasticsearch.Node]:
    """A node that only these tests have, so that it may be killed."""
    if not elasticsearch.is_installed():
        pytest.skip("a node to kill: get it by `make elasticsearch`")
    with elasticsearch.node() as node:
        yield node


@pytest.fixture
def notes(own_node, settings, plain_notes, monkeypatch):
    settings.SEARCH_ES_URL, settings.SEARCH_ES_PREFIX = own_node.url, "agora-away"
    monkeypatch.setattr(breaker, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(breaker, "LONGEST_PAUSE", 0.1)
    remote_breaker.succeeded()
    wait_until(answers)
    building.build()
    yield plain_notes
    remote_breaker.succeeded()


def answers():
    """Whether the node answers what is asked; a node that has just started says that it is not ready."""
    try:
        client.connect().cluster.health(wait_for_status="yellow", timeout="30s")
    except client.FAILURES:
        return False
    return True


def wait_until(condition, limit=120.0):
    end = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def found(text):
    return [hit.object_id for hit in find(text, viewer=NOBODY)]


def tell():
    feed.call()
    indexes.refresh()


def is_degraded():
    return search("cens", viewer=NOBODY).is_degraded


def test_while_it_is_killed_the_database_answers_and_what_changes_is_told_afterwards(notes, own_node, client):
    notes.write("a", "El cens")
    tell()
    assert (found("cens"), is_degraded()) == (["a"], False)
    own_node.kill()
    notes.write("b", "El cens")
    notes.remove("a")
    assert (found("cens"), is_degraded()) == (["b"], True)
    assert b"half its strength" in client.get("/en/cerca/", {"q": "cens"}).content
    assert remote_health(limit=1.0) == {"ok": False, "waiting": 2, "parked": 0}
    assert not json.loads(client.get("/readyz").content)["search"]["ok"]
    feed.call()  # nobody hears an error
    assert IndexChange.objects.count() == 2
    own_node.start()
    wait_until(answers)
    tell()
    wait_until(lambda: not is_degraded())
    assert found("cens") == ["b"]
    assert not IndexChange.objects.exists()
    assert json.loads(client.get("/readyz").content)["search"]["ok"]


def test_while_it_hangs_only_the_first_question_waits_and_not_for_long(notes, own_node, monkeypatch):
    notes.write("a", "El cens")
    tell()
    monkeypatch.setattr(breaker, "FIRST_PAUSE", 60.0)
    monkeypatch.setattr(breaker, "LONGEST_PAUSE", 60.0)
    own_node.pause()
    try:
        assert found("cens") == ["a"]  # after the time that it may take
        began = time.monotonic()
        for _ in range(20):
            assert found("cens") == ["a"]
        assert time.monotonic() - began < client.ANSWER_LIMIT  # twenty that waited would take twenty times as long
        assert remote_breaker.is_open
    finally:
        own_node.resume()
    remote_breaker.succeeded()
    wait_until(lambda: not is_degraded())


def test_killed_in_the_middle_of_a_rebuild_the_old_index_is_read_and_the_next_rebuild_ends(notes, own_node):
    notes.write("a", "El cens")
    tell()

    def kill(_done, _of):
        own_node.kill()

    with pytest.raises(feeding.Away):
        building.build(told=kill)
    own_node.start()
    wait_until(answers)
    wait_until(lambda: not is_degraded())
    assert found("cens") == ["a"]
    call_command("search_rebuild", "--index-only")
    assert (found("cens"), indexes.unfinished()) == (["a"], [])


def test_what_it_has_lost_altogether_is_made_again_by_the_next_look(notes, own_node):
    notes.write("a", "El cens")
    tell()
    own_node.wipe()
    own_node.start()
    wait_until(answers)
    assert (found("cens"), is_degraded()) == (["a"], True)
    tell()
    wait_until(lambda: not is_degraded())
    assert found("cens") == ["a"]


def test_the_commands_say_that_it_is_away(notes, own_node):
    own_node.kill()
    try:
        with pytest.raises(CommandError, match="its old one is read as before"):
            call_command("search_rebuild", "--index-only")
        with pytest.raises(CommandError, match="does not answer"):
            call_command("search_check")
    finally:
        own_node.start()
