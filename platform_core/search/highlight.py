"""Showing why something was found: the words that match, and the part of the text where they are."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from . import analysis

if TYPE_CHECKING:
    from .engines.question import Question

LENGTH = 220
"""Characters of an excerpt, more or less."""
LONGEST_READ = 20_000
"""Characters of a text that are looked at for an excerpt."""

Spans = list[tuple[int, int]]


def marked(text: str, question: Question, language: str) -> SafeString:
    """The whole text as HTML, with what matches in <mark>."""
    return _mark(text, _matching(text, question, language), 0, len(text))


def excerpt(text: str, question: Question, language: str) -> SafeString:
    """The stretch of the text with most matches, cut between words, as HTML with <mark>."""
    text = " ".join(text[:LONGEST_READ].split())
    spans = _matching(text, question, language)
    start = 0 if len(text) <= LENGTH else _beginning_before(text, _best_start(spans))
    end = len(text) if len(text) - start <= LENGTH else text.rfind(" ", start, start + LENGTH)
    end = end if end > start else min(len(text), start + LENGTH)
    before, after = ("… " if start else ""), ("…" if end < len(text) else "")
    return mark_safe(before + _mark(text, spans, start, end) + after)  # noqa: S308  escaped by _mark


def _matching(text: str, question: Question, language: str) -> Spans:
    terms = set(question.terms)
    found = []
    for start, end in analysis.spans_of(text):
        word = analysis.join_geminates(text[start:end])
        matches = not terms.isdisjoint(analysis.terms_of_word(word, language))
        if matches or (question.beginning and analysis.fold(word).startswith(question.beginning)):
            found.append((start, end))
    return found


def _best_start(spans: Spans) -> int:
    """Where the stretch with most matches begins; 0 without any."""
    best, most = 0, 0
    starts = [start for start, _end in spans]
    for index, start in enumerate(starts):
        within = bisect_left(starts, start + LENGTH) - index
        if within > most:
            best, most = start, within
    return best


def _beginning_before(text: str, place: int) -> int:
    """Where the sentence of a place begins, if that is near, else the word."""
    sentence = text.rfind(". ", max(0, place - LENGTH // 3), place)
    return sentence + 2 if sentence >= 0 else text.rfind(" ", 0, place) + 1


def _mark(text: str, spans: Spans, start: int, end: int) -> SafeString:
    parts, place = [], start
    for first, last in spans:
        if first < place or last > end:
            continue
        parts += [escape(text[place:first]), "<mark>", escape(text[first:last]), "</mark>"]
        place = last
    parts.append(escape(text[place:end]))
    return mark_safe("".join(parts))  # noqa: S308  every piece of text went through escape
