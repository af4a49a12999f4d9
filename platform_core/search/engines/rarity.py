"""Which words of a question are worth looking for: the rare ones, when the others are everywhere.

A word that half of the entries have says little of any, and comparing all of them takes long. So the rarest words are
taken until MOST_RANKED entries have one of them; a question of frequent words alone is looked for in titles first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .question import MOST_RANKED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .question import Question

ENOUGH_IN_TITLES = 50
"""Titles with a frequent word that make looking into texts needless."""

RELATED_WEIGHT = 0.4
ENOUGH = 500
"""Entries with a word of the question that make looking for what may have been meant needless."""


@dataclass(frozen=True)
class Frequency:
    """How many entries have a term, and how many have it in their title or keywords."""

    anywhere: float
    in_titles: float


@dataclass(frozen=True)
class Sought:
    """The terms of a question that are looked for, and the beginning, or ""; `in_titles`: there alone. `related` is
    what may have been meant besides (`widening`), which counts RELATED_WEIGHT times as much.
    """

    terms: tuple[str, ...]
    beginning: str
    in_titles: bool = False
    related: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms or self.beginning or self.related)


def sought(
    question: Question, known: Mapping[str, Frequency], *, beginnings: float, related: Iterable[str] = ()
) -> Sought:
    """`known` has each term of the question, and of `related`, that any entry has; `beginnings`: how many entries have
    its beginning. What is related is looked for as long as few entries answer.
    """
    by_rarity = sorted((term for term in question.terms if term in known), key=lambda term: known[term].anywhere)
    terms: list[str] = []
    many = 0.0
    for term in by_rarity:
        many += known[term].anywhere
        if terms and many > MOST_RANKED:
            break
        terms.append(term)
    if len(terms) == 1 and known[terms[0]].anywhere > MOST_RANKED:
        titled = tuple(term for term in by_rarity if known[term].in_titles >= ENOUGH_IN_TITLES)
        if titled:
            return Sought(titled, "", in_titles=True)
    fits = not terms or many + beginnings <= MOST_RANKED
    many += beginnings if fits else 0
    besides = []
    for term in sorted((term for term in related if term in known), key=lambda term: known[term].anywhere):
        many += known[term].anywhere
        if many > (ENOUGH if terms else MOST_RANKED):
            break
        besides.append(term)
    return Sought(tuple(terms), question.beginning if fits else "", related=tuple(besides))
