"""What the index holds of an entry, and how its words are read.

Each text is indexed five times: with the stems of Catalan, Spanish and English, as plain words without accents, and by
the beginnings of its words (titles and keywords). As in `analysis`, a word gives its stem, the stem of its form without
accents, and in Catalan what singular and plural share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from elasticsearch.dsl import (
    Date,
    Document,
    Float,
    Index,
    Keyword,
    Long,
    MetaField,
    Text,
    analyzer,
    char_filter,
    token_filter,
)

from platform_core.search import analysis

if TYPE_CHECKING:
    from collections.abc import Iterable

    from platform_core.search.models import SearchEntry

LONGEST_BEGINNING = 20
LANGUAGES = ("ca", "es", "en")

_ACCENTED = "això allò allà aquí és està més però perquè què són sóc qué cómo más sí está"
"""The little words that have accents: `STOP_WORDS` has them without."""


def _stop(language: str) -> Any:
    words = sorted({*analysis.STOP_WORDS[language], *_ACCENTED.split()})
    return token_filter(f"{language}_stop", "stop", stopwords=words)


def _without_number() -> list[Any]:
    """`analysis._without_number`, as filters one after the other."""
    rules = [("(.{2,})ssos", "$1s"), ("(.{2,})sos", "$1s"), ("(.{3,})s", "$1"), ("(.{3,})e", "$1"), ("(.{3,})a", "$1")]
    return [
        token_filter(f"ca_number_{place}", "pattern_replace", pattern=f"^{pattern}$", replacement=replacement)
        for place, (pattern, replacement) in enumerate(rules)
    ]


_apostrophes = char_filter("apostrophes", "mapping", mappings=["’ => '", "‘ => '", "` => '", "´ => '", "ʼ => '"])
_elision = token_filter("elision", "elision", articles=["l", "d", "s", "n", "m", "t"], articles_case=True)
_middle_dot = token_filter("middle_dot", "pattern_replace", pattern="·", replacement="")
_lost_accent = token_filter("lost_accent", "pattern_replace", pattern="(?<=[csxg])io$", replacement="ió")
_start = ["lowercase", _elision, _middle_dot]


def _stems(language: str, name: str) -> Any:
    stemmer = token_filter(f"{language}_stemmer", "stemmer", language=name)
    ways: list[list[Any]] = [[stemmer, "asciifolding"], ["asciifolding", stemmer]]
    if language == "ca":
        ways = [[_lost_accent, *ways[0]], ways[1], ["asciifolding", *_without_number()]]
    return token_filter(f"{language}_stems", "multiplexer", preserve_original=False, filters=ways)


def _words(name: str, *filters: Any) -> Any:
    return analyzer(name, tokenizer="standard", char_filter=[_apostrophes], filter=[*_start, *filters])


_plain = _words("plain_words", "asciifolding")
_edges = token_filter("beginnings", "edge_ngram", min_gram=3, max_gram=LONGEST_BEGINNING)
_stemmed = {
    language: _words(f"{language}_words", _stop(language), _stems(language, name))
    for language, name in zip(LANGUAGES, ("catalan", "spanish", "english"), strict=True)
}


def _text(*, edge: bool) -> Text:
    fields: dict[str, Any] = {language: Text(analyzer=found) for language, found in _stemmed.items()}
    if edge:
        fields["edge"] = Text(analyzer=_words("word_beginnings", "asciifolding", _edges), search_analyzer=_plain)
    # Its own reading is the words as they are, for the beginning of one that is still being typed.
    return Text(analyzer=_plain, fields=fields)


class Entry(Document):
    """The document of an entry. Its id is the entry's own, its version is the entry's."""

    entry = Long(required=True)
    kind = Keyword(required=True)
    language = Keyword(required=True)
    group = Keyword()
    organisation = Long()
    audience = Keyword(required=True)
    boost = Float()
    updated_at = Date()
    title = _text(edge=True)
    keywords = _text(edge=True)
    body = _text(edge=False)

    class Meta:
        dynamic = MetaField("strict")


def definition() -> dict[str, Any]:
    """The settings and the mapping of a new index."""
    index = Index("any")
    index.document(Entry)
    index.settings(
        number_of_shards=1,
        auto_expand_replicas="0-1",
        refresh_interval="500ms",
        # How long a deletion is remembered: longer than any older state may be on its way.
        gc_deletes="1h",
    )
    return dict(index.to_dict())


def document_of(entry: SearchEntry, audience: Iterable[str]) -> dict[str, Any]:
    def read(text: str) -> str:
        return analysis.join_geminates(text[: analysis.LONGEST_TEXT])

    return {
        "entry": entry.pk,
        "kind": entry.kind,
        "language": entry.language,
        "group": entry.group,
        "organisation": entry.organisation_id,
        "audience": sorted(audience),
        "boost": entry.boost,
        "updated_at": entry.updated_at,
        "title": read(entry.title),
        "keywords": read(f"{entry.keywords} {entry.group}"),
        "body": read(f"{entry.body} {entry.wordings}"),
    }
