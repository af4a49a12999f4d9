"""From text to terms: the same for what is indexed and for what is asked, and the same on every database.

A word gives its stem (Snowball), the stem of its form without accents, and in Catalan what singular and plural share,
all folded to a-z and 0-9: `renovacio` finds «renovació», `votaran` finds «votar», `fase` finds «fases». Elided articles
and pronouns (`l'`, `d'`, `n'hi`), the typographic apostrophe, and `l·l` in all the ways people type it are handled
before (docs/search.md).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import snowballstemmer

from .stopwords import STOP_WORDS

LONGEST_QUESTION = 400
"""Characters of a question that are read."""
MOST_WORDS = 24
"""Different words of a question that are searched for."""
LONGEST_WORD = 40
SHORTEST_ROOT = 3
LONGEST_TEXT = 100_000
"""Characters of a text that are indexed; PostgreSQL refuses terms of more than a megabyte."""

_STEMMERS = {"ca": "catalan", "es": "spanish", "en": "english"}
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'"})
# Spaces only around what is never between two sentences: «hotel. Les» is two words.
_GEMINATE = re.compile(r"l(?:\s?[·•∙⋅‧]\s?|[.\-])l", re.IGNORECASE)
_ELIDED = {"l", "d", "s", "n", "m", "t"}
_WORD = re.compile(r"[^\W_]+(?:[·'][^\W_]+)*")
# Nobody's keyboard has an accent in a hurry: no Catalan or Spanish word ends so without one.
_LOST_ACCENT = re.compile(r"(?<=[csxg])io$")


@cache
def _stemmer(language: str) -> object:
    return snowballstemmer.stemmer(_STEMMERS.get(language, "catalan"))


def fold(text: str) -> str:
    """Lower case without accents: «Adreça» is `adreca`."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """The words of a text in their order, as written, without elided articles: «L'adreça» is `adreça`."""
    return [text[start:end] for start, end in spans_of(text)]


def spans_of(text: str) -> list[tuple[int, int]]:
    """Where each word begins and ends in the text."""
    plain = text.translate(_APOSTROPHES)  # one character for one: the places stay
    found = []
    for match in _WORD.finditer(plain):
        start = match.start()
        if "'" not in match.group():
            found.append(match.span())
            continue
        for part in match.group().split("'"):
            if part and part.lower() not in _ELIDED:
                found.append((start, start + len(part)))
            start += len(part) + 1
    return found


@lru_cache(maxsize=50_000)
def terms_of_word(word: str, language: str) -> tuple[str, ...]:
    """What the index holds for a word: nothing for a stop word, else one or two stems."""
    lower = word.casefold().replace("·", "")
    folded = fold(lower)
    if not folded or folded in STOP_WORDS.get(language, ()):
        return ()
    lower, folded = lower[:LONGEST_WORD], folded[:LONGEST_WORD]
    stemmer = _stemmer(language)
    whole = _LOST_ACCENT.sub("ió", lower) if language == "ca" else lower
    stems = [fold(stemmer.stemWord(form)) for form in (whole, folded)]  # type: ignore[attr-defined]
    if _STEMMERS.get(language, "catalan") == "catalan":
        stems.append(_without_number(folded))
    return tuple(dict.fromkeys(term for stem in stems if (term := re.sub(r"[^a-z0-9]", "", stem))))


def _without_number(folded: str) -> str:
    """What singular and plural have in common, where Snowball leaves two stems of a short word: «fase» and «fases»,
    «dada» and «dades», «procés» and «processos», «òrgan» and «òrgans» are `fas`, `dad`, `proc` and `organ`.
    """
    word = folded
    for ending, rest in (("ssos", "s"), ("sos", "s"), ("s", ""), ("e", ""), ("a", "")):
        if word.endswith(ending) and len(word) - len(ending) + len(rest) >= SHORTEST_ROOT:
            word = word.removesuffix(ending) + rest
    return word


def terms_of(text: str, language: str) -> list[str]:
    """The terms of a text in its order."""
    return [term for word in _read(text) for term in terms_of_word(word, language)]


def plain_words_of(text: str) -> list[str]:
    """The words without accents and unstemmed, for the word that is still being typed."""
    return [plain for word in _read(text) if (plain := _plain_word(word))]


def terms_and_plain_words_of(text: str, language: str) -> tuple[list[str], list[str]]:
    """Both, with the text read once, for an index."""
    words = _read(text)
    terms = [term for word in words for term in terms_of_word(word, language)]
    return terms, [plain for word in words if (plain := _plain_word(word))]


@lru_cache(maxsize=50_000)
def _plain_word(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(word))[:LONGEST_WORD]


def _read(text: str) -> list[str]:
    return words_of(join_geminates(text[:LONGEST_TEXT]))


def join_geminates(text: str) -> str:
    """«sol·licitud», «sol.licitud» and «sol-licitud» are one word, that people also write «sollicitud»."""
    return _GEMINATE.sub("ll", text)
