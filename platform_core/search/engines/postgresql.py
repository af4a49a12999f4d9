"""Search inside PostgreSQL: a tsvector of our terms beside the entry, ranked with the rarity of each term.

PostgreSQL's own ranking does not know which words are rare, which costs it most of its answers (docs/search.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from .database import COLUMNS, matches, texts_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from platform_core.search.models import SearchEntry

    from .question import Match, Question


#: Of the words (D), the body (C), the keywords (B) and the title (A), in PostgreSQL's order.
WEIGHTS = "{0.1, 0.25, 0.6, 1.0}"
BY_LENGTH = 1
"""ts_rank divides by 1 + the logarithm of the length."""


class PostgreSQLEngine:
    def store(self, entry: SearchEntry) -> None:
        weighed = " || ".join(f"setweight(to_tsvector('simple', %s), '{letter}')" for letter in "ABCD")
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE search_searchentry SET terms = {weighed} WHERE id = %s",  # noqa: S608  the letters are ours
                [*texts_of(entry), entry.pk],
            )

    def forget(self, entry_ids: Iterable[int]) -> None:
        """The terms go with the row."""

    def find(self, question: Question, *, tokens: Collection[str], kinds: Collection[str], limit: int) -> list[Match]:
        lexemes = [f"'{term}':ABC" for term in question.terms]
        if question.beginning:
            lexemes.append(f"'{question.beginning}':*D")
        counts = ", ".join(
            f"(SELECT count(*) FROM search_searchentry WHERE terms @@ %s::tsquery)::float AS n{index}"  # noqa: S608
            for index in range(len(lexemes))
        )
        # The inverse document frequency of each lexeme, as BM25 has it.
        score = " + ".join(
            f"ln(1 + (total - n{index} + 0.5) / (n{index} + 0.5))"
            f" * ts_rank('{WEIGHTS}', terms, %s::tsquery, {BY_LENGTH})"
            for index in range(len(lexemes))
        )
        of_kind = "AND entry.kind = ANY(%s)" if kinds else ""
        statement = f"""
            WITH known AS MATERIALIZED (SELECT (SELECT count(*) FROM search_searchentry)::float AS total, {counts})
            SELECT {COLUMNS}, ({score}) * entry.boost AS score FROM search_searchentry AS entry, known
            WHERE terms @@ %s::tsquery {of_kind} AND EXISTS (
                SELECT 1 FROM search_entryaudience AS held WHERE held.entry_id = entry.id AND held.token = ANY(%s))
            ORDER BY score DESC, entry.id LIMIT %s"""  # noqa: S608  only places for values are put in
        of_kinds = [list(kinds)] if kinds else []
        values = [*lexemes, *lexemes, " | ".join(lexemes), *of_kinds, list(tokens), limit]
        return matches(statement, values)
