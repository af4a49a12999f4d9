"""What somebody may have meant besides the words they wrote: the same in Catalan, the field's other words for it, and
the known word that is one slip of the fingers or of the ear away. All of it counts less than what was written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, cast

from django.core.cache import cache

from platform_core.search import analysis, lexicon
from platform_core.search.audience import PUBLIC, SIGNED_IN
from platform_core.search.models import SearchEntry

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from .question import Question

MOST_RELATED = 24
"""Terms that are added to a question."""
MOST_ENTRIES = 5000
"""Entries, the newest, whose titles, keywords and wordings are known words; none of what only some may read."""
KEPT_SECONDS = 600
SHORTEST_MISTYPED = 4
"""Letters of a word that is taken for a mistyped one; shorter ones are near to everything."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"

# Letters that sound alike in Catalan or Spanish, in this order: «renovasió», «cens» and «sens», «conte» and «compte».
_SOUNDS = [
    (re.compile(written), sounds)
    for written, sounds in (
        (r"[cç](?=[ei])|ç|ss|z|sc(?=[ei])", "s"),
        (r"g(?=[ei])|tj|tg|ix|x", "j"),
        (r"qu(?=[ei])|q|k", "c"),
        (r"gu(?=[ei])", "g"),
        (r"mpt", "nt"),
        (r"m(?=[fv])", "n"),
        (r"v", "b"),
        (r"h", ""),
        (r"ny", "ñ"),
        (r"e", "a"),
        (r"o", "u"),
        (r"(.)\1+", r"\1"),
        (r"r$", ""),
    )
]


class Known(NamedTuple):
    """Words of titles, keywords and wordings, without accents; the terms they give; and which words sound so."""

    words: frozenset[str]
    terms: frozenset[str]
    sounds: dict[str, tuple[str, ...]]


def related_terms(question: Question, tokens: Collection[str]) -> tuple[str, ...]:
    """`related_words` as terms, without those of the question."""
    terms = dict.fromkeys(term for word in related_words(question, tokens) for term in lexicon.strong_terms(word))
    return tuple(term for term in terms if term not in question.terms)[:MOST_RELATED]


def related_words(question: Question, tokens: Collection[str]) -> tuple[str, ...]:
    """Words to look for besides the question's own, for who holds these audience tokens: nobody is corrected by a title
    that they may not see. One query, every ten minutes.
    """
    audience = [token for token in (PUBLIC, SIGNED_IN) if token in tokens]
    found: list[str] = []
    in_spanish = question.language == "es" or _reads_as_spanish(question.text)
    for word in question.text.split():
        terms = analysis.terms_of_word(word, "ca") or analysis.terms_of_word(word, question.language)
        if not terms:
            continue
        known = _known_words(audience)
        is_known = not known.terms.isdisjoint(terms)
        meant = list(lexicon.in_catalan(word)) if in_spanish else []
        if not is_known and not meant and not lexicon.alike(word):
            meant = nearest(analysis.fold(word), known)
        found += meant
        found += [other for one in (word, *meant) for other in lexicon.alike(one)]
    return tuple(dict.fromkeys(found))


def _reads_as_spanish(text: str) -> bool:
    """Many words are of both languages and say other things: «arriba» is Catalan for «llega». Little words tell."""
    words = {analysis.fold(word) for word in text.split()}
    spanish, catalan = analysis.STOP_WORDS["es"], analysis.STOP_WORDS["ca"]
    return "ñ" in text.casefold() or len(words & (spanish - catalan)) > len(words & (catalan - spanish))


def _known_words(audience: list[str]) -> Known:
    key = f"search.widening.{'.'.join(audience)}"
    return cast("Known", cache.get_or_set(key, lambda: _read(audience), KEPT_SECONDS))


def nearest(folded: str, known: Known) -> list[str]:
    """The known words that sound like one without accents, or else are one slip away: a letter more, less, other, or
    two in the wrong order.
    """
    if len(folded) < SHORTEST_MISTYPED or folded in known.words or not folded.isalpha():
        return []
    return list(known.sounds.get(sound_of(folded), ())) or sorted(known.words.intersection(_slips(folded)))


def sound_of(folded: str) -> str:
    """How a word sounds, more or less, with unstressed vowels as they are said in the east."""
    for written, sounds in _SOUNDS:
        folded = written.sub(sounds, folded)
    return folded


def _slips(word: str) -> Iterator[str]:
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in LETTERS)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        yield from (before + letter + after for letter in LETTERS)


def _read(audience: list[str]) -> Known:
    entries = SearchEntry.objects.filter(audience__token__in=audience).order_by("-updated_at", "-pk")
    texts = entries.values_list("title", "keywords", "wordings")[:MOST_ENTRIES]
    return _known(" ".join(text) for text in texts)


def _known(texts: Iterable[str]) -> Known:
    words = {word for text in texts for word in analysis.plain_words_of(text) if len(word) >= SHORTEST_MISTYPED}
    terms = frozenset(term for word in words for term in analysis.terms_of_word(word, "ca"))
    sounds: dict[str, tuple[str, ...]] = {}
    for word in sorted(words):
        sounds[sound_of(word)] = (*sounds.get(sound_of(word), ()), word)
    return Known(frozenset(words), terms, sounds)
