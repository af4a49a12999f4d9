"""Asking. What comes back was let through twice: by the tokens in the index and by the app that owns the thing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from .audience import tokens_of
from .engines import Question, engine
from .highlight import excerpt, marked
from .projectors import projector_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.utils.safestring import SafeString

    from platform_core.accounts.roles import Someone

    from .models import SearchEntry

SPARE = 2
"""How many times the asked number an engine gives, so that the second gate leaves enough."""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One result.

    Attributes:
        object_id: of the thing, in its own app.
        title: plain text; `marked_title` is the same as HTML with what was asked for in <mark>.
        url: an address for a reader of the language that was asked in.
        score: higher is better; scores of two questions do not compare.
        excerpt: HTML, safe, the part of the text that answers best, with <mark>.
        language: what it is written in.
        group: the topic or place it belongs to.
    """

    kind: str
    object_id: str
    title: str
    marked_title: SafeString
    url: str
    score: float
    excerpt: SafeString
    language: str
    group: str


def find(
    text: str, *, viewer: Someone, kinds: Collection[str] | None = None, language: str = "ca", limit: int = 10
) -> list[Hit]:
    """What the viewer may see and fits `text` best, best first. Any string is a good question; an empty one or
    one without a word finds nothing. `kinds`: only these; None means all. `language` is the reader's.

    One query, one more for each kind among what it found, and one for the viewer's roles if they were not read yet.
    """
    question = Question.of(text, language=language)
    if not question or limit < 1 or (kinds is not None and not kinds):
        return []
    matches = engine().find(question, tokens=tokens_of(viewer), kinds=kinds or (), limit=limit * SPARE)
    visible = _visible(viewer, [match.entry for match in matches])
    return [
        Hit(
            kind=entry.kind,
            object_id=entry.object_id,
            title=entry.title,
            marked_title=marked(entry.title, question, entry.language),
            url=localised(entry.path, language),
            score=match.score,
            excerpt=excerpt(entry.body, question, entry.language),
            language=entry.language,
            group=entry.group,
        )
        for match in matches
        if (entry := match.entry).object_id in visible[entry.kind]
    ][:limit]


def localised(path: str, language: str) -> str:
    """A path of ours under the prefix of a language; the first language has none."""
    return path if language == settings.LANGUAGE_CODE else f"/{language}{path}"


def _visible(viewer: Someone, entries: Iterable[SearchEntry]) -> defaultdict[str, set[str]]:
    """Of each kind, the ids that its app lets the viewer see. A kind that nobody owns (any more) shows nothing."""
    ids: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        ids[entry.kind].add(entry.object_id)
    visible: defaultdict[str, set[str]] = defaultdict(set)
    for kind, wanted in ids.items():
        if projector := projector_of(kind):
            visible[kind] = projector.visible(viewer, wanted)
    return visible
