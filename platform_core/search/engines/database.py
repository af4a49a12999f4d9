"""What the engines of both databases share: the same four texts of terms, and entries read in the same query."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from platform_core.search import analysis
from platform_core.search.models import SearchEntry

from .question import Match

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = ", ".join(f'entry."{field.column}"' for field in SearchEntry._meta.concrete_fields)
"""What Django needs to make an entry of a row called `entry`."""


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


def matches(statement: str, values: Sequence[object]) -> list[Match]:
    """The rows of a statement that selects COLUMNS and a `score`."""
    entries = SearchEntry.objects.raw(statement, values)
    return [Match(entry, entry.score) for entry in entries]  # type: ignore[attr-defined]  # raw() adds the score
