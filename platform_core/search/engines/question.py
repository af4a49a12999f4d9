"""What an engine is asked, what it answers, and what it must be able to do."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Protocol

from platform_core.search import analysis

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from platform_core.search.models import SearchEntry

SHORTEST_BEGINNING = 3
"""Letters of a word still being typed before it is searched for by its beginning."""

MOST_RANKED = 2000
"""Entries that are compared for one question. More fit only words that are everywhere."""


@dataclass(frozen=True)
class Question:
    """What somebody wrote, as terms (any of them may match) and the beginning of the word still being typed, or "".

    `text` is its words as they are, for an engine that reads words itself; `language` is the reader's.
    """

    terms: tuple[str, ...]
    beginning: str
    text: str = ""
    language: str = "ca"

    def __bool__(self) -> bool:
        return bool(self.terms or self.beginning)

    @classmethod
    def of(cls, text: str, *, language: str) -> Question:
        """The question in a text, however strange; what is beyond LONGEST_QUESTION is not read.

        The words are also read as Catalan, the language of most answers.
        """
        text = analysis.join_geminates(text[: analysis.LONGEST_QUESTION])
        written = analysis.words_of(text)
        words = list(dict.fromkeys(written))[: analysis.MOST_WORDS]
        terms = [
            term
            for word in words
            for code in dict.fromkeys(("ca", language))
            for term in analysis.terms_of_word(word, code)
        ]
        plain = analysis.plain_words_of(written[-1]) if written else []
        beginning = _beginning(plain[-1], language) if plain else ""
        return cls(tuple(dict.fromkeys(terms)), beginning, " ".join(words), language)


def _beginning(word: str, language: str) -> str:
    """A beginning of one or two letters, or a little word such as `per`, would match everything."""
    is_stop = any(word in analysis.STOP_WORDS.get(code, ()) for code in ("ca", language))
    return "" if is_stop or len(word) < SHORTEST_BEGINNING else word


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the answers must be; an empty field narrows nothing.

    Attributes:
        kinds, groups, languages: one of these each.
        organisation: its id.
        since: changed at this moment or after; aware.
    """

    kinds: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    organisation: int | None = None
    since: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self.active())

    def active(self) -> list[str]:
        """The fields that narrow something."""
        return [name for name in FACETS.values() if getattr(self, name)]

    def without(self, name: str) -> Filters:
        """The same, not narrowed by this field."""
        cleared: dict[str, Any] = {name: _NOTHING[name]}
        return replace(self, **cleared)


FACETS = {
    "kinds": "kinds",
    "groups": "groups",
    "languages": "languages",
    "organisations": "organisation",
    "periods": "since",
}
"""What is counted → the filter that chooses among it."""

_NOTHING = {field.name: field.default for field in fields(Filters)}


@dataclass(frozen=True, kw_only=True)
class Query:
    """A question of somebody who holds `tokens`, and the part of the answers that is wanted.

    Attributes:
        organisations: ids of those that are counted apart.
        periods: (name, first moment, aware) of those that are counted.
    """

    question: Question
    tokens: frozenset[str]
    filters: Filters = Filters()
    organisations: tuple[int, ...] = ()
    periods: tuple[tuple[str, datetime], ...] = ()
    newest_first: bool = False
    offset: int = 0
    limit: int = 10

    def for_facets(self) -> dict[str, Query]:
        """What is counted → the query whose answers are counted for it: the others' filters narrow it and not its own,
        so that one sees what another choice would give."""
        return {
            facet: replace(self, filters=self.filters.without(name)) if getattr(self.filters, name) else self
            for facet, name in FACETS.items()
        }


@dataclass(frozen=True)
class Match:
    """An entry and how well it fits: higher is better; scores of two questions do not compare."""

    entry: SearchEntry
    score: float


@dataclass(frozen=True)
class Counts:
    """How many entries answer, MOST_RANKED at most; and for each of FACETS (value, count), the most first. The value of
    an organisation is its id, of a period its name. What is chosen in a facet does not narrow that facet."""

    total: int = 0
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)


class Away(Exception):
    """An engine gives no answer: it cannot be reached, is too late, or has no index yet."""


@dataclass(frozen=True)
class Answer:
    """The wanted part of what answers, and the counts of all. `is_degraded`: another engine than the wanted one."""

    matches: list[Match]
    counts: Counts
    is_degraded: bool = False


class Engine(Protocol):
    """Who answers. `query.question` is never empty. Entries that fit equally well come by their id, so that a page
    follows the other."""

    def find(self, query: Query) -> list[Match]:
        """The wanted part of the entries that answer, best first."""

    def answer(self, query: Query) -> Answer:
        """The same, and all that answer counted before any page is cut."""


class Index(Engine, Protocol):
    """An engine within the database, which changes in the transaction of the entry."""

    def store(self, entries: Sequence[SearchEntry]) -> None:
        """Index the entries as they are now, instead of what was known of them."""

    def forget(self, entry_ids: Iterable[int]) -> None: ...
