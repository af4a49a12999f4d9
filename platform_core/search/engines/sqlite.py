"""Search inside SQLite: an FTS5 table of our terms, ranked by its bm25."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db import connection

from .database import answer, page, restriction, texts_of
from .question import MOST_RANKED, Answer, Counts
from .rarity import RELATED_WEIGHT, Frequency, sought
from .widening import related_terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from platform_core.search.models import SearchEntry

    from .question import Match, Query
    from .rarity import Sought

TABLE = "search_terms"
VOCABULARY = "search_vocabulary"

#: Of title, keywords, body, words, in the order of the columns.
WEIGHTS = "4.0, 2.5, 1.0, 0.5"
MOST_BEGINNINGS = 200
"""Words of the index with one beginning that are counted."""


class SQLiteEngine:
    def store(self, entries: Sequence[SearchEntry]) -> None:
        self.forget(entry.pk for entry in entries)
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {TABLE} (rowid, title, keywords, body, words) VALUES (%s, %s, %s, %s, %s)",  # noqa: S608
                [(entry.pk, *texts_of(entry)) for entry in entries],
            )

    def forget(self, entry_ids: Iterable[int]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"DELETE FROM {TABLE} WHERE rowid = %s",  # noqa: S608  the table is ours
                [(pk,) for pk in entry_ids],
            )

    def find(self, query: Query) -> list[Match]:
        wanted = _sought(query)
        return page(*_answers(wanted, query), query) if wanted else []

    def answer(self, query: Query) -> Answer:
        wanted = _sought(query)
        if not wanted:
            return Answer([], Counts())
        return answer(query, lambda asked: _answers(wanted, asked))


def _answers(wanted: Sought, query: Query) -> tuple[str, list[object]]:
    restricted, restricting = restriction(query)
    score = f"-bm25({TABLE}, {WEIGHTS}) * entry.boost"
    # What is related is asked apart, because FTS5 weighs columns and no words.
    parts, values = [], []
    for match, weight in ((_match(wanted), 1.0), (_related(wanted), RELATED_WEIGHT)):
        if match:
            parts.append(f"""
                SELECT * FROM (SELECT entry.id AS id, {weight} * ({score}) AS score
                FROM {TABLE} JOIN search_searchentry AS entry ON entry.id = {TABLE}.rowid
                WHERE {TABLE} MATCH %s AND {restricted} LIMIT {MOST_RANKED})""")  # noqa: S608  only places for values
            values += [match, *restricting]
    if len(parts) == 1:
        return parts[0], values
    together = f"SELECT id, sum(score) AS score FROM ({' UNION ALL '.join(parts)}) GROUP BY id"  # noqa: S608
    return f"{together} LIMIT {MOST_RANKED}", values


def _match(wanted: Sought) -> str:
    """What is looked for in FTS5's language. Terms are a-z and 0-9 only; the quotes keep OR and NOT plain words."""
    parts = []
    if wanted.terms:
        parts.append(f"{{title keywords{'' if wanted.in_titles else ' body'}}} : ({_any_of(wanted.terms)})")
    if wanted.beginning:
        parts.append(f'words : "{wanted.beginning}" *')
    return " OR ".join(parts)


def _related(wanted: Sought) -> str:
    return f"{{title keywords body}} : ({_any_of(wanted.related)})" if wanted.related else ""


def _any_of(terms: Iterable[str]) -> str:
    return " OR ".join(f'"{term}"' for term in terms)


def _sought(query: Query) -> Sought:
    """The words worth looking for, by what the index itself knows of them. Two quick queries."""
    question = query.question
    related = related_terms(question, query.tokens)
    terms = [*question.terms, *related]
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    beginnings = 0
    with connection.cursor() as cursor:
        if terms:
            places = ", ".join(["%s"] * len(terms))
            cursor.execute(
                f"SELECT term, col, doc FROM {VOCABULARY} WHERE term IN ({places}) AND col <> 'words'",  # noqa: S608
                terms,
            )
            for term, column, number in cursor.fetchall():
                counts[term][column] = number
        if question.beginning:
            cursor.execute(
                f"SELECT doc FROM {VOCABULARY} WHERE term >= %s AND term < %s AND col = 'words' LIMIT %s",  # noqa: S608
                [question.beginning, f"{question.beginning}{{", MOST_BEGINNINGS],
            )
            beginnings = sum(number for (number,) in cursor.fetchall())
    known = {
        term: Frequency(max(found.values()), max(found.get("title", 0), found.get("keywords", 0)))
        for term, found in counts.items()
    }
    return sought(question, known, beginnings=beginnings, related=related)
