"""Did you mean: the nearest words that anybody may read, for words that nothing public has."""

from __future__ import annotations

from difflib import get_close_matches
from typing import NamedTuple, cast

from django.core.cache import cache

from . import analysis
from .audience import PUBLIC
from .models import SearchEntry

MOST_ENTRIES = 5000
"""Public entries, the newest, whose titles and keywords are known words."""

KEPT_SECONDS = 600
NEAR = 0.75
"""Of difflib's ratio: one letter of four may differ."""

MOST_LETTERS_APART = 2
SHORTEST = 4
"""Letters of a word that is looked at; shorter ones are near to everything."""


class Known(NamedTuple):
    """Folded word → as written, and the terms that the words give."""

    words: dict[str, str]
    terms: frozenset[str]


def corrected(text: str) -> str:
    """The text with each unknown word changed for the nearest known one; "" when there is nothing better."""
    words = analysis.words_of(text[: analysis.LONGEST_QUESTION])[: analysis.MOST_WORDS]
    known = cast("Known", cache.get_or_set("search.known_words", _read, KEPT_SECONDS))
    changed = [_nearest(word, known) for word in words]
    return " ".join(changed) if any(new != word for new, word in zip(changed, words, strict=True)) else ""


def _nearest(word: str, known: Known) -> str:
    folded = analysis.fold(word)
    if len(folded) < SHORTEST or not known.terms.isdisjoint(analysis.terms_of_word(word, "ca")):
        return word
    alike = [
        other for other in known.words if other[0] == folded[0] and abs(len(other) - len(folded)) <= MOST_LETTERS_APART
    ]
    found = get_close_matches(folded, alike, n=1, cutoff=NEAR)
    return known.words[found[0]] if found else word


def _read() -> Known:
    public = SearchEntry.objects.filter(audience__token=PUBLIC).order_by("-updated_at", "-pk")
    words: dict[str, str] = {}
    for title, keywords in public.values_list("title", "keywords")[:MOST_ENTRIES]:
        for word in analysis.words_of(f"{title} {keywords}"):
            if len(word) >= SHORTEST:
                words.setdefault(analysis.fold(word), word.casefold())
    terms = (term for word in words.values() for term in analysis.terms_of_word(word, "ca"))
    return Known(words, frozenset(terms))
