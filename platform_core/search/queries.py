"""Asking. What comes back was let through twice: by the tokens in the index and by the app that owns the thing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from platform_core.base.errors import Refusal

from .audience import PUBLIC, tokens_of
from .engines import MOST_RANKED, Filters, Query, Question, engine
from .highlight import excerpt, marked
from .projectors import projector_of
from .spelling import corrected

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from django.utils.safestring import SafeString

    from platform_core.accounts.roles import Someone

    from .engines import Match
    from .models import SearchEntry

SPARE = 2
"""How many times the asked number an engine gives, so that the second gate leaves enough."""

PAGE_SIZE = 10
MOST_PAGES = 20
FEW = 3
"""With fewer results than these, a better spelling is looked for."""


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
        updated_at: when the thing changed last.
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
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class Results:
    """One page of answers.

    Attributes:
        total: how many there are in all; MOST_COUNTED stands for that many or more.
        facets: "kinds", "groups", "languages", "organisations" (its id) and "periods" (its name) → (value, how many),
            the most first. Each is narrowed by what is chosen in the others, and not by what is chosen in it.
        did_you_mean: the question in better known words, or "".
        has_next: whether another page may be asked for.
        is_degraded: the engine that was wanted does not answer, and the database does instead.
    """

    hits: list[Hit]
    total: int = 0
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    did_you_mean: str = ""
    has_next: bool = False
    is_degraded: bool = False


MOST_COUNTED = MOST_RANKED


def find(
    text: str, *, viewer: Someone, kinds: Collection[str] | None = None, language: str = "ca", limit: int = 10
) -> list[Hit]:
    """What the viewer may see and fits `text` best, best first. Any string is a good question; an empty one or
    one without a word finds nothing. `kinds`: only these; None means all. `language` is the reader's.

    A fixed number of queries, and one more for each kind among what it found.
    """
    question = Question.of(text, language=language)
    if not question or limit < 1 or (kinds is not None and not kinds):
        return []
    filters = Filters(kinds=tuple(kinds or ()))
    query = Query(question=question, tokens=tokens_of(viewer), filters=filters, limit=limit * SPARE)
    return _hits(engine().find(query), question, viewer=viewer, language=language)[:limit]


def search(
    text: str,
    *,
    viewer: Someone,
    language: str = "ca",
    filters: Filters | None = None,
    organisations: Collection[int] = (),
    periods: Mapping[str, datetime] | None = None,
    newest_first: bool = False,
    page: int = 1,
) -> Results:
    """A page of results with counts, also of those of these organisations and of those that changed since each of the
    periods began. Raises Refusal for a page after MOST_PAGES, or before the first.

    As `find`, with at most a few queries more: one for each facet in which something is chosen.
    """
    if not 1 <= page <= MOST_PAGES:
        raise Refusal(_("We show %(most)s pages of results. Ask for something narrower.") % {"most": MOST_PAGES})
    question = Question.of(text, language=language)
    if not question:
        return Results(hits=[])
    query = Query(
        question=question,
        tokens=tokens_of(viewer),
        filters=filters or Filters(),
        organisations=tuple(sorted(organisations)),
        periods=tuple((periods or {}).items()),
        newest_first=newest_first,
        offset=(page - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
    )
    answer = engine().answer(query)
    total = answer.counts.total
    return Results(
        hits=_hits(answer.matches, question, viewer=viewer, language=language),
        total=total,
        facets=answer.counts.facets,
        did_you_mean=corrected(text) if total < FEW else "",
        has_next=page < MOST_PAGES and total > page * PAGE_SIZE,
        is_degraded=answer.is_degraded,
    )


def suggest(text: str, *, language: str = "ca", limit: int = 6) -> list[Hit]:
    """What anybody may read and fits what is being typed, best first."""
    question = Question.of(text, language=language)
    if not question:
        return []
    query = Query(question=question, tokens=frozenset({PUBLIC}), limit=limit)
    return _hits(engine().find(query), question, viewer=AnonymousUser(), language=language)


def localised(path: str, language: str) -> str:
    """A path of ours under the prefix of a language; the first language has none."""
    return path if language == settings.LANGUAGE_CODE else f"/{language}{path}"


def _hits(matches: Iterable[Match], question: Question, *, viewer: Someone, language: str) -> list[Hit]:
    matches = list(matches)
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
            updated_at=entry.updated_at,
        )
        for match in matches
        if (entry := match.entry).object_id in visible[entry.kind]
    ]


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
