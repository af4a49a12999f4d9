"""What the engines of both databases share: the same four texts of terms, the filters, and how answers are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from platform_core.search import analysis
from platform_core.search.models import SearchEntry

from .question import Counts, Match

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .question import Query

COLUMNS = ", ".join(f'entry."{field.column}"' for field in SearchEntry._meta.concrete_fields)
"""What Django needs to make an entry of a row called `entry`."""

FACETS = {"kinds": "kind", "groups": '"group"', "languages": "language"}


class Texts(NamedTuple):
    """Terms with a space between: stems of the title, the keywords and the body, and every word as it is, for the word
    that is still being typed: those of the title three times and the keywords' twice, so that they come first."""

    title: str
    keywords: str
    body: str
    words: str


def texts_of(entry: SearchEntry) -> Texts:
    keywords = f"{entry.keywords} {entry.group}"
    return Texts(
        title=" ".join(analysis.terms_of(entry.title, entry.language)),
        keywords=" ".join(analysis.terms_of(keywords, entry.language)),
        body=" ".join(analysis.terms_of(entry.body, entry.language)),
        words=" ".join(analysis.plain_words_of(f"{f'{entry.title} ' * 3}{f'{keywords} ' * 2}{entry.body}")),
    )


def restriction(query: Query) -> tuple[str, list[Any]]:
    """What an entry must be besides fitting the words, as SQL about `entry`, and its values."""
    filters = query.filters
    parts: list[str] = []
    values: list[Any] = []
    for column, wanted in (("kind", filters.kinds), ('"group"', filters.groups), ("language", filters.languages)):
        if wanted:
            parts.append(f"entry.{column} IN ({_places(wanted)})")
            values += wanted
    if filters.organisation is not None:
        parts.append("entry.organisation_id = %s")
        values.append(filters.organisation)
    if filters.since is not None:
        parts.append("entry.updated_at >= %s")
        values.append(connection.ops.adapt_datetimefield_value(filters.since))
    tokens = sorted(query.tokens)
    parts.append(
        "EXISTS (SELECT 1 FROM search_entryaudience AS held"  # noqa: S608  only places for values
        f" WHERE held.entry_id = entry.id AND held.token IN ({_places(tokens)}))"
    )
    return " AND ".join(parts), [*values, *tokens]


def page(answers: str, values: Sequence[Any], query: Query) -> list[Match]:
    """The wanted part of `answers`, a statement that selects id and score."""
    order = "entry.updated_at DESC" if query.newest_first else "answer.score DESC"
    statement = f"""
        WITH answer AS ({answers})
        SELECT {COLUMNS}, answer.score AS score FROM answer JOIN search_searchentry AS entry ON entry.id = answer.id
        ORDER BY {order}, entry.id LIMIT %s OFFSET %s"""  # noqa: S608  only places for values are put in
    entries = SearchEntry.objects.raw(statement, [*values, query.limit, query.offset])
    return [Match(entry, entry.score) for entry in entries]  # type: ignore[attr-defined]  # raw() adds the score


def counted(answers: str, values: Sequence[Any]) -> Counts:
    """How many `answers` (a statement that selects ids) there are, and of what. One query."""
    parts = [
        f"SELECT '{name}', {column}, count(*) FROM known GROUP BY {column}"  # noqa: S608  the names are ours
        for name, column in FACETS.items()
    ]
    statement = f"""
        WITH answer AS ({answers}), known AS (
            SELECT entry.kind, entry."group", entry.language
            FROM answer JOIN search_searchentry AS entry ON entry.id = answer.id)
        {" UNION ALL ".join(parts)}"""  # noqa: S608
    facets: dict[str, list[tuple[str, int]]] = {name: [] for name in FACETS}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        for name, value, count in cursor.fetchall():
            facets[name].append((value, count))
    for found in facets.values():
        found.sort(key=lambda pair: (-pair[1], pair[0]))
    total = sum(count for _kind, count in facets["kinds"])
    facets["groups"] = [pair for pair in facets["groups"] if pair[0]]
    return Counts(total, facets)


def _places(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))
