"""Search inside SQLite: an FTS5 table of our terms, ranked by its bm25."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from .database import COLUMNS, matches, texts_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from platform_core.search.models import SearchEntry

    from .question import Match, Question

TABLE = "search_terms"

#: Of title, keywords, body, words, in the order of the columns.
WEIGHTS = "4.0, 2.5, 1.0, 0.5"


class SQLiteEngine:
    def store(self, entry: SearchEntry) -> None:
        self.forget([entry.pk])
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {TABLE} (rowid, title, keywords, body, words) VALUES (%s, %s, %s, %s, %s)",  # noqa: S608
                [entry.pk, *texts_of(entry)],
            )

    def forget(self, entry_ids: Iterable[int]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"DELETE FROM {TABLE} WHERE rowid = %s",  # noqa: S608  the table is ours
                [(pk,) for pk in entry_ids],
            )

    def find(self, question: Question, *, tokens: Collection[str], kinds: Collection[str], limit: int) -> list[Match]:
        held = ", ".join(["%s"] * len(tokens))
        of_kind = f"AND entry.kind IN ({', '.join(['%s'] * len(kinds))})" if kinds else ""
        statement = f"""
            SELECT {COLUMNS}, -bm25({TABLE}, {WEIGHTS}) * entry.boost AS score
            FROM {TABLE} JOIN search_searchentry AS entry ON entry.id = {TABLE}.rowid
            WHERE {TABLE} MATCH %s {of_kind} AND EXISTS (
                SELECT 1 FROM search_entryaudience AS held WHERE held.entry_id = entry.id AND held.token IN ({held}))
            ORDER BY score DESC, entry.id LIMIT %s"""  # noqa: S608  only places for values are put in
        values = [_match(question), *kinds, *tokens, limit]
        return matches(statement, values)


def _match(question: Question) -> str:
    """The question in FTS5's language. Terms are a-z and 0-9 only; the quotes keep OR and NOT plain words."""
    parts = []
    if question.terms:
        terms = " OR ".join(f'"{term}"' for term in question.terms)
        parts.append(f"{{title keywords body}} : ({terms})")
    if question.beginning:
        parts.append(f'words : "{question.beginning}" *')
    return " OR ".join(parts)
