"""Words that say the same: a Spanish word in Catalan, and the field's own words for a thing (`data/`)."""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache
from pathlib import Path

from . import analysis

DATA = Path(__file__).parent / "data"
KEPT = 0.6
"""The least share of a word's letters in a term that stands for it."""


def in_catalan(word: str) -> tuple[str, ...]:
    """What a Spanish word, as written, is in Catalan; nothing when the stems find it anyway, or it is not known."""
    return _spanish().get(analysis.fold(word), ())


def alike(word: str) -> tuple[str, ...]:
    """The field's words for the same as a word, which may be of any language."""
    groups = (group for term in strong_terms(word) for group in _groups().get(term, ()))
    return tuple(dict.fromkeys(other for group in groups for other in group))


@lru_cache(maxsize=20_000)
def strong_terms(word: str) -> tuple[str, ...]:
    """The terms that keep enough of a word to stand for it: Snowball leaves `aut` of «autoritzat» and of «autor»."""
    joined = analysis.join_geminates(word)
    return tuple(term for term in analysis.terms_of_word(joined, "ca") if len(term) >= KEPT * len(joined))


@cache
def _spanish() -> dict[str, tuple[str, ...]]:
    pairs = (line.partition("\t") for line in _lines("spanish_catalan.tsv"))
    return {word: tuple(others.split()) for word, _tab, others in pairs}


@cache
def _groups() -> dict[str, list[tuple[str, ...]]]:
    """The groups that each term is in."""
    found: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for line in _lines("field_terms.txt"):
        group = tuple(line.split())
        for term in dict.fromkeys(term for word in group for term in strong_terms(word)):
            found[term].append(group)
    return dict(found)


def _lines(name: str) -> list[str]:
    return [line for line in (DATA / name).read_text().splitlines() if line and not line.startswith("#")]
