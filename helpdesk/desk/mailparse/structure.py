"""A mail's bytes cut into parts. Nothing is copied or decoded here, and nothing is lost: what is too deep or too much
to take apart stays one part, and becomes a file.

The standard library's own `email.feedparser` recurses once per level and holds every line against the boundary of every
level above it: ten thousand nested parts stop it, a hundred make it crawl. Hence this scanner, which looks for one
boundary at a time, within limits.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field

from helpdesk.desk.mailparse.headers import Fields, parameters, raw_text

MAX_DEPTH = 50
MAX_PARTS = 1000
# Places that look like a delimiter, in the whole mail. Only somebody who means harm writes more.
_MAX_CANDIDATES = 100_000
_MAX_HEADER_BYTES = 2_000_000
_MAX_FIELDS = 5_000
_LONGEST_TYPE = 127

_BLANK_LINE = re.compile(rb"\n\r?\n|\r\r")
_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")
_GUESSED_BOUNDARY = re.compile(rb"^--([^\s][^\r\n]{0,69}?)[ \t]*\r?$", re.MULTILINE)
_GUESS_WITHIN = 65_536


@dataclass
class Part:
    """One part of a mail: its header fields, and where its body is in `raw`.

    `raw[start:end]` is the part whole, `raw[body:end]` without its header. `parts` are its parts if it is a multipart
    that was taken apart. `kept_whole` says that it is one that was not: too deep, or too many;
    `is_text_after_all` that it has no parts, though it says that it is a multipart.
    """

    raw: bytes = field(repr=False)
    start: int
    body: int
    end: int
    fields: Fields
    content_type: str
    params: dict[str, str]
    parts: list[Part] = field(default_factory=list)
    kept_whole: bool = False
    is_text_after_all: bool = False

    @property
    def content(self) -> bytes:
        """The body as it stands, still in its transfer encoding."""
        return self.raw[self.body : self.end]

    @property
    def main_type(self) -> str:
        return self.content_type.partition("/")[0]


@dataclass
class _Budget:
    """What may still be taken apart, in the whole mail."""

    parts: int = MAX_PARTS
    candidates: int = _MAX_CANDIDATES

    @property
    def is_spent(self) -> bool:
        return self.parts <= 0 or self.candidates <= 0


def take_apart(raw: bytes) -> Part:
    """The tree of parts of a mail. Never raises; a mail without any header is a text/plain part without fields."""
    return _part(raw, 0, len(raw), depth=0, budget=_Budget(), default="text/plain")


def _part(raw: bytes, start: int, end: int, *, depth: int, budget: _Budget, default: str) -> Part:
    fields, body = _header(raw, start, end)
    content_type, params = _content_type(fields, default)
    part = Part(raw=raw, start=start, body=body, end=end, fields=fields, content_type=content_type, params=params)
    if part.main_type != "multipart":
        return part
    if depth >= MAX_DEPTH:
        part.kept_whole = True
        return part
    spans = _spans(raw, body, end, _boundary(part), budget)
    if spans is None:
        part.kept_whole = True
    elif not spans:
        # A multipart that has no parts is text that somebody labelled wrongly.
        part.is_text_after_all = True
    else:
        inner = "message/rfc822" if content_type == "multipart/digest" else "text/plain"
        part.parts = [_part(raw, a, b, depth=depth + 1, budget=budget, default=inner) for a, b in spans]
    return part


def _content_type(fields: Fields, default: str) -> tuple[str, dict[str, str]]:
    value = fields.get("content-type")
    kind, params = parameters(value)
    kind = kind.lower().replace(" ", "")
    main, slash, sub = kind.partition("/")
    if kind == "text":
        return "text/plain", params
    if not (main and slash and sub) or len(kind) > _LONGEST_TYPE or not kind.isascii():
        # RFC 2045, 5.2: what cannot be read is text; but a part that names a file is a file.
        return ("application/octet-stream" if value and "name" in params else default), params
    return kind, params


def _boundary(part: Part) -> bytes:
    boundary = part.params.get("boundary", "").rstrip()
    if boundary:
        with suppress(UnicodeError):
            return boundary.encode("ascii")
        return boundary.encode("utf-8", "surrogateescape")
    guess = _GUESSED_BOUNDARY.search(part.raw, part.body, min(part.end, part.body + _GUESS_WITHIN))
    return guess.group(1) if guess else b""


def _spans(raw: bytes, start: int, end: int, boundary: bytes, budget: _Budget) -> list[tuple[int, int]] | None:
    """Where the parts between the delimiters are; empty when there is no delimiter, None when there are too many."""
    if not boundary:
        return []
    delimiter = b"--" + boundary
    spans: list[tuple[int, int]] = []
    opened = -1  # where the part that is being read starts
    at = start
    while (found := raw.find(delimiter, at, end)) >= 0:
        if budget.is_spent:
            return None
        budget.candidates -= 1
        at = found + len(delimiter)
        closing, after = _rest_of_line(raw, at, end)
        if after < 0 or not (found == start or raw[found - 1 : found] in (b"\n", b"\r")):
            continue
        if opened >= 0:
            spans.append((opened, max(opened, _before_line_end(raw, found))))
        budget.parts -= 1
        at = opened = after
        if closing:
            return spans
    if opened >= 0:
        spans.append((opened, end))
    return spans


def _rest_of_line(raw: bytes, at: int, end: int) -> tuple[bool, int]:
    """After a boundary: whether it is the closing one, and where the next line starts (-1: it was no delimiter)."""
    closing = raw[at : at + 2] == b"--"
    if closing:
        at += 2
    rest = raw[at : min(end, at + 100)].lstrip(b" \t")
    at = min(end, at + 100) - len(rest)
    if at >= end or not rest:
        return closing, end
    if raw.startswith(b"\r\n", at):
        return closing, at + 2
    if raw[at : at + 1] in (b"\n", b"\r"):
        return closing, at + 1
    # Text behind the closing delimiter is an epilogue in the wrong place; behind an opening one it is another boundary.
    return closing, at if closing else -1


def _before_line_end(raw: bytes, at: int) -> int:
    """The line end before a delimiter belongs to the delimiter (RFC 2046, 5.1.1)."""
    if raw[at - 2 : at] == b"\r\n":
        return at - 2
    return at - 1


def _header(raw: bytes, start: int, end: int) -> tuple[Fields, int]:
    """The header fields of the part `raw[start:end]`, and where its body starts.

    Broken headers are common: a line that is neither a field nor folded is passed over when a field follows it;
    otherwise the body starts there, as the blank line before it was forgotten.
    """
    if raw[start : start + 1] in (b"\r", b"\n"):
        return Fields([]), start + (2 if raw.startswith(b"\r\n", start) else 1)
    blank = _BLANK_LINE.search(raw, start, end)
    header_end, body = (blank.start(), blank.end()) if blank else (end, end)
    lines = raw[start : min(header_end, start + _MAX_HEADER_BYTES)].splitlines(keepends=True)
    found: list[tuple[bytes, list[bytes]]] = []
    at = start
    for number, line in enumerate(lines):
        name = _FIELD.match(line)
        if line[:1] in (b" ", b"\t"):
            if found:
                found[-1][1].append(line)
        elif name:
            if len(found) < _MAX_FIELDS:
                found.append((name.group(1), [line[name.end() :]]))
        elif not (_goes_on(lines, number + 1) or _is_envelope(line, number)):
            body = at
            break
        at += len(line)
    return Fields([(name.decode("ascii").lower(), raw_text(b"".join(value))) for name, value in found]), body


def _is_envelope(line: bytes, number: int) -> bool:
    """The first line of a mail taken from an mbox file."""
    return number == 0 and line.startswith((b"From ", b">From "))


def _goes_on(lines: list[bytes], number: int) -> bool:
    """Whether the header goes on at this line, after one that is no field."""
    return number < len(lines) and _FIELD.match(lines[number]) is not None
