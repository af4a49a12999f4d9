"""Which words of a question are looked for, when some of them are everywhere."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection

from platform_core.search.engines import MOST_RANKED, postgresql
from platform_core.search.engines.question import Question
from platform_core.search.engines.rarity import ENOUGH_IN_TITLES, Frequency, Sought, sought
from platform_core.search.public import find, search

FEW, MANY = Frequency(10, 2), Frequency(MOST_RANKED * 5, ENOUGH_IN_TITLES * 3)
NOBODY = AnonymousUser()


def asked(*terms: str, beginning: str = "") -> Question:
    return Question(terms, beginning)


def test_a_small_index_leaves_no_word_out():
    known = {"cens": FEW, "vot": Frequency(40, 5)}
    assert sought(asked("cens", "vot", beginning="vots"), known, beginnings=40) == Sought(("cens", "vot"), "vots")


def test_a_word_that_is_everywhere_is_left_out_when_there_are_rarer_ones():
    known = {"cens": FEW, "proc": MANY}
    assert sought(asked("proc", "cens"), known, beginnings=0) == Sought(("cens",), "")


def test_frequent_words_alone_are_looked_for_in_titles():
    known = {"proc": MANY, "vot": MANY, "rar": Frequency(MOST_RANKED * 2, 0)}
    assert sought(asked("vot", "proc"), known, beginnings=0) == Sought(("vot", "proc"), "", in_titles=True)
    assert sought(asked("rar"), known, beginnings=0) == Sought(("rar",), "")


def test_a_beginning_of_very_many_words_is_left_out_unless_it_is_all_there_is():
    many = MOST_RANKED * 2
    assert sought(asked("cens", beginning="par"), {"cens": FEW}, beginnings=many) == Sought(("cens",), "")
    assert sought(asked(beginning="par"), {}, beginnings=many) == Sought((), "par")


def test_words_that_nobody_wrote_are_not_looked_for():
    assert sought(asked("xyz"), {}, beginnings=0) == Sought((), "")


@pytest.mark.django_db
def test_what_is_asked_finds_the_same_when_words_are_frequent(plain_notes, monkeypatch):
    notes = plain_notes
    monkeypatch.setattr("platform_core.search.engines.rarity.MOST_RANKED", 5)
    monkeypatch.setattr("platform_core.search.engines.rarity.ENOUGH_IN_TITLES", 1)
    for number in range(8):
        notes.write(f"n{number}", "Una nota", body="El procés participatiu.")
    notes.write("census", "El cens", body="El procés.")
    notes.write("title", "El procés", body="Una nota.")
    assert [hit.object_id for hit in find("procés cens", viewer=NOBODY)] == ["census"]
    if connection.vendor == "sqlite":  # the other one does not count titles in a small index
        assert [hit.object_id for hit in find("processos", viewer=NOBODY)] == ["title"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_large_index_is_ranked_by_what_the_database_knows_of_its_words(notes, monkeypatch):
    monkeypatch.setattr(postgresql, "COUNTED_BELOW", 10)
    for number in range(30):
        notes.write(f"n{number:02}", "El procés participatiu", body="Una nota sobre el municipi.")
    notes.write("census", "El cens", body="Una nota sobre el procés.")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_searchentry")
    cache.delete("search.statistics")
    assert postgresql._statistics().is_of_use
    assert find("procés cens", viewer=NOBODY)[0].object_id == "census"
    assert search("procés", viewer=NOBODY).total == 31
    assert find("partici", viewer=NOBODY)
    cache.delete("search.statistics")
