"""Search inside PostgreSQL: a tsvector of our terms beside the entry, ranked with the rarity of each term.

PostgreSQL's own ranking does not know which words are rare, which costs it most of its answers (docs/search.md). How
rare they are is counted in a small index, and in a large one read from what ANALYZE has found out.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import connection

from .database import answer, page, restriction, texts_of
from .question import MOST_RANKED, Answer, Counts
from .rarity import RELATED_WEIGHT, Frequency, Sought, sought
from .widening import related_terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from platform_core.search.models import SearchEntry

    from .question import Match, Query

#: Of the words (D), the body (C), the keywords (B) and the title (A), in PostgreSQL's order.
WEIGHTS = "{0.1, 0.25, 0.6, 1.0}"
BY_LENGTH = 1
"""ts_rank divides by 1 + the logarithm of the length."""

STEP = 0.2
"""Of rarity: each costs a look at every entry that is ranked."""

COUNTED_BELOW = 1000
"""Entries of an index in which each word is counted anew."""

STATISTICS_KEPT_SECONDS = 60


@dataclass(frozen=True)
class Statistics:
    """What ANALYZE knows of a large index: its size, and how often the frequent lexemes are there and in titles."""

    total: float = 0.0
    anywhere: dict[str, float] = field(default_factory=dict)
    in_titles: dict[str, float] = field(default_factory=dict)

    @property
    def is_of_use(self) -> bool:
        return self.total >= COUNTED_BELOW and bool(self.anywhere)


class PostgreSQLEngine:
    def store(self, entries: Sequence[SearchEntry]) -> None:
        if not entries:
            return
        weighed = " || ".join(f"setweight(to_tsvector('simple', told.{letter}), '{letter}')" for letter in "abcd")
        # One statement for all: PostgreSQL plans it once.
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE search_searchentry SET terms = {weighed}"  # noqa: S608  the letters are ours
                " FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[]) AS told (pk, a, b, c, d)"
                " WHERE id = told.pk",
                [[entry.pk for entry in entries], *map(list, zip(*map(texts_of, entries), strict=True))],
            )

    def forget(self, entry_ids: Iterable[int]) -> None:
        """The terms go with the row."""

    def find(self, query: Query) -> list[Match]:
        wanted, rarity = _sought(query)
        return page(*_answers(wanted, rarity, query), query) if wanted else []

    def answer(self, query: Query) -> Answer:
        wanted, rarity = _sought(query)
        if not wanted:
            return Answer([], Counts())
        return answer(query, lambda asked: _answers(wanted, rarity, asked))


def _answers(wanted: Sought, rarity: dict[str, float], query: Query) -> tuple[str, list[object]]:
    # ts_rank of several lexemes is their mean: one call for all that are as rare as each other.
    by_rarity: dict[float, list[str]] = defaultdict(list)
    for lexeme in _lexemes(wanted):
        by_rarity[rarity[lexeme]].append(lexeme)
    score = " + ".join(
        f"{weight * len(lexemes)} * ts_rank('{WEIGHTS}', entry.terms, %s::tsquery, {BY_LENGTH})"
        for weight, lexemes in by_rarity.items()
    )
    restricted, restricting = restriction(query)
    column = "title_terms" if wanted.in_titles else "terms"
    statement = f"""
        SELECT entry.id AS id, ({score}) * entry.boost AS score FROM search_searchentry AS entry
        WHERE entry.{column} @@ %s::tsquery AND {restricted} LIMIT {MOST_RANKED}"""  # noqa: S608  places for values
    ranked = [" | ".join(lexemes) for lexemes in by_rarity.values()]
    return statement, [*ranked, " | ".join(_lexemes(wanted)), *restricting]


def _lexemes(wanted: Sought) -> list[str]:
    """In PostgreSQL's language. Terms are a-z and 0-9 only."""
    found = [f"'{term}':ABC" for term in (*wanted.terms, *wanted.related)]
    return [*found, f"'{wanted.beginning}':*D"] if wanted.beginning else found


def _sought(query: Query) -> tuple[Sought, dict[str, float]]:
    """The words worth looking for, and how much each lexeme weighs."""
    question = query.question
    related = related_terms(question, query.tokens)
    terms = (*question.terms, *related)
    every = _lexemes(Sought(terms, question.beginning))
    total, numbers, known = _frequencies(terms, question.beginning, every)
    beginnings = numbers[every[-1]] if question.beginning else 0.0
    # The inverse document frequency, as BM25 has it, in steps: what is about as rare weighs the same.
    rarity = {
        lexeme: round(math.log(1 + (total - number + 0.5) / (number + 0.5)) / STEP) * STEP
        for lexeme, number in numbers.items()
    }
    for term in related:
        rarity[f"'{term}':ABC"] *= RELATED_WEIGHT
    return sought(question, known, beginnings=beginnings, related=related), rarity


def _frequencies(
    terms: Sequence[str], beginning: str, lexemes: list[str]
) -> tuple[float, dict[str, float], dict[str, Frequency]]:
    """How many entries there are, how many have each lexeme, and what is known of each term."""
    statistics = cache.get_or_set("search.statistics", _statistics, STATISTICS_KEPT_SECONDS) or Statistics()
    if not statistics.is_of_use:
        total, numbers = _counted(lexemes)
        known = {term: Frequency(numbers[f"'{term}':ABC"], 0.0) for term in terms}
        return total, numbers, {term: found for term, found in known.items() if found.anywhere}
    rare = min(statistics.anywhere.values()) / 2
    known = {
        term: Frequency(statistics.anywhere.get(term, rare), statistics.in_titles.get(term, 0.0)) for term in terms
    }
    numbers = {f"'{term}':ABC": found.anywhere for term, found in known.items()}
    if beginning:
        begun = (many for word, many in statistics.anywhere.items() if word.startswith(beginning))
        numbers[lexemes[-1]] = min(sum(begun) or rare, statistics.total)
    return statistics.total, numbers, known


def _counted(lexemes: list[str]) -> tuple[float, dict[str, float]]:
    """Each by the index, which knows words and not where in an entry they are: near enough."""
    table = "(SELECT count(*) FROM search_searchentry"
    parts = ", ".join([f"{table})", *[f"{table} WHERE terms @@ %s::tsquery)"] * len(lexemes)])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts}", [_anywhere(lexeme) for lexeme in lexemes])
        total, *numbers = cursor.fetchone()
    return float(total), dict(zip(lexemes, map(float, numbers), strict=True))


def _anywhere(lexeme: str) -> str:
    word, _colon, where = lexeme.rpartition(":")
    return f"{word}:*" if "*" in where else word


def _statistics() -> Statistics:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'search_searchentry'::regclass")
        (total,) = cursor.fetchone()
        if total < COUNTED_BELOW:
            return Statistics()
        cursor.execute(
            "SELECT attname, most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats"
            " WHERE schemaname = current_schema() AND tablename = 'search_searchentry'"
            " AND attname IN ('terms', 'title_terms')"
        )
        found = {name: (elements or [], shares or []) for name, elements, shares in cursor.fetchall()}
    # After the shares of the elements stand their least and greatest.
    numbers = {
        name: {element: share * total for element, share in zip(elements, shares, strict=False)}
        for name, (elements, shares) in found.items()
    }
    return Statistics(total, numbers.get("terms", {}), numbers.get("title_terms", {}))
