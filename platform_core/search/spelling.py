"""Did you mean: the nearest words that anybody may read, for words that nothing public has."""

from __future__ import annotations

from difflib import get_close_matches
from typing import cast

from django.core.cache import cache

from . import analysis
from .audience import PUBLIC
from .models import SearchEntry

MOST_ENTRIES = 5000
"""Public entries, the newest, whose titles and keywords are known words."""

KEPT_SECONDS = 600
NEAR = 0.75
"""Of difflib's ratio: one letter of four may differ."""

SHORTEST = 4
"""Letters of a word that is looked at; shorter ones are near to everything."""


def corrected(text: str) -> str:
    """The text with each unknown word changed for the nearest known one; "" when there is nothing better."""
    words = analysis.words_of(text[: analysis.LONGEST_QUESTION])[: analysis.MOST_WORDS]
    known = _known_words()
    changed = [_nearest(word, known) for word in words]
    return " ".join(changed) if any(new != word for new, word in zip(changed, words, strict=True)) else ""


def _nearest(word: str, known: dict[str, str]) -> str:
    folded = analysis.fold(word)
    if len(folded) < SHORTEST or folded in known or _is_form_of_known(word, known):
        return word
    alike = [other for other in known if other[0] == folded[0] and abs(len(other) - len(folded)) <= 2]  # noqa: PLR2004
    found = get_close_matches(folded, alike, n=1, cutoff=NEAR)
    return known[found[0]] if found else word


def _is_form_of_known(word: str, known: dict[str, str]) -> bool:
    return any(term in known for term in analysis.terms_of_word(word, "ca"))


def _known_words() -> dict[str, str]:
    """Folded → as written, and the stems of each. One query every ten minutes."""
    return cast("dict[str, str]", cache.get_or_set("search.known_words", _read, KEPT_SECONDS))


def _read() -> dict[str, str]:
    public = SearchEntry.objects.filter(audience__token=PUBLIC).order_by("-updated_at", "-pk")
    known: dict[str, str] = {}
    for title, keywords in public.values_list("title", "keywords")[:MOST_ENTRIES]:
        for word in analysis.words_of(f"{title} {keywords}"):
            if len(word) >= SHORTEST:
                known.setdefault(analysis.fold(word), word.casefold())
                for term in analysis.terms_of_word(word, "ca"):
                    known.setdefault(term, word.casefold())
    return known
