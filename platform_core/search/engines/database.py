"""What the engines of both databases share: the same four texts of terms, the filters, and how answers are read."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from platform_core.search import analysis
from platform_core.search.models import SearchEntry

from .question import Answer, Counts, Match

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .question import Query

COLUMNS = ", ".join(f'entry."{field.column}"' for field in SearchEntry._meta.concrete_fields)
"""What Django needs to make an entry of a row called `entry`."""

COLUMN_OF = {"kinds": "kind", "groups": "group", "languages": "language"}


class Row(NamedTuple):
    """What is known of an entry that answers, and whether it changed since each of the periods began."""

    id: int
    score: float
    kind: str
    group: str
    language: str
    organisation: int | None
    is_later: tuple[bool, ...]


OWN = len(Row._fields) - 1
"""Columns before those of the periods."""


class Texts(NamedTuple):
    """Terms with a space between: stems of the title, the keywords and the body, and every word as it is, for the word
    that is still being typed: those of the title three times and the keywords' twice, so that they come first."""

    title: str
    keywords: str
    body: str
    words: str


def texts_of(entry: SearchEntry) -> Texts:
    title, title_words = analysis.terms_and_plain_words_of(entry.title, entry.language)
    keywords, keyword_words = analysis.terms_and_plain_words_of(f"{entry.keywords} {entry.group}", entry.language)
    body, body_words = analysis.terms_and_plain_words_of(f"{entry.body} {entry.wordings}", entry.language)
    words = title_words * 3 + keyword_words * 2 + body_words
    return Texts(" ".join(title), " ".join(keywords), " ".join(body), " ".join(words))


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
    """The wanted part of `answers`, a statement that selects id and score, best first."""
    # Cut before the rest of an entry is read: two thousand may answer, and twenty are wanted.
    statement = f"""
        WITH best AS (SELECT id, score FROM ({answers}) AS answer ORDER BY score DESC, id LIMIT %s OFFSET %s)
        SELECT {COLUMNS}, best.score AS score FROM best JOIN search_searchentry AS entry ON entry.id = best.id
        ORDER BY best.score DESC, entry.id"""  # noqa: S608  only places for values are put in
    entries = SearchEntry.objects.raw(statement, [*values, query.limit, query.offset])
    return [Match(entry, entry.score) for entry in entries]  # type: ignore[attr-defined]  # raw() adds the score


def answer(query: Query, answers: Callable[[Query], tuple[str, Sequence[Any]]]) -> Answer:
    """The wanted part of what `answers` gives for a query, and the counts. Two queries, and one more for each facet
    in which something is chosen."""
    found = _found(query, answers)
    facets = {}
    for facet, asked in query.for_facets().items():
        rows = found if asked is query else _found(asked, answers)
        facets[facet] = _counted(facet, rows, query)
    wanted = found[query.offset : query.offset + query.limit]
    entries = SearchEntry.objects.in_bulk([row.id for row in wanted])
    matches = [Match(entries[row.id], row.score) for row in wanted if row.id in entries]
    return Answer(matches, Counts(len(found), facets))


def _found(query: Query, answers: Callable[[Query], tuple[str, Sequence[Any]]]) -> list[Row]:
    """All that answer, in the order that is wanted."""
    statement, values = answers(query)
    order = "entry.updated_at DESC" if query.newest_first else "answer.score DESC"
    later = "".join(", entry.updated_at >= %s" for _period in query.periods)
    moments = [connection.ops.adapt_datetimefield_value(moment) for _name, moment in query.periods]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH answer AS ({statement})
            SELECT entry.id, answer.score, entry.kind, entry."group", entry.language, entry.organisation_id{later}
            FROM answer JOIN search_searchentry AS entry ON entry.id = answer.id
            ORDER BY {order}, entry.id""",  # noqa: S608  only places for values are put in
            [*values, *moments],
        )
        return [Row._make([*columns[:OWN], columns[OWN:]]) for columns in cursor.fetchall()]


def _counted(facet: str, rows: Iterable[Row], query: Query) -> list[tuple[str, int]]:
    counts: Counter[str] = Counter()
    if facet == "periods":
        for place, (name, _moment) in enumerate(query.periods):
            counts[name] = sum(bool(row.is_later[place]) for row in rows)
    elif facet == "organisations":
        counts.update(str(row.organisation) for row in rows if row.organisation in query.organisations)
    else:
        counts.update(getattr(row, COLUMN_OF[facet]) for row in rows)
    return sorted(((value, count) for value, count in counts.items() if value and count), key=by_count)


def by_count(pair: tuple[str, int]) -> tuple[int, str]:
    """The most first, then by their name."""
    return -pair[1], pair[0]


def _places(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))
