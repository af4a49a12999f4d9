"""A body as lines: what plain text and HTML have in common, and what `reply` works on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Mark(Enum):
    """What the HTML before a line says about it and all that follow."""

    NONE = ""
    QUOTE_BELOW = "the client's own frame for the message that is answered"
    PERHAPS_QUOTE_BELOW = "a rule as Outlook draws one; others draw them too"


@dataclass(frozen=True)
class Line:
    """`text` without its quote marks; `depth` is how many there were. `is_signature`: the client framed it as one."""

    text: str
    depth: int = 0
    mark: Mark = Mark.NONE
    is_signature: bool = False


def from_text(text: str) -> list[Line]:
    """Lines of plain text: `> > as Outlook`, `>> as mutt`, `>as K-9`."""
    lines = []
    for row in text.split("\n"):
        depth, at = 0, 0
        while row[at : at + 1] == ">":
            depth += 1
            at += 1
            if row[at : at + 2] == " >":
                at += 1
        stripped = row[at + 1 :] if depth and row[at : at + 1] == " " else row[at:]
        lines.append(Line(stripped if stripped == "-- " else stripped.rstrip(), depth=depth))
    return lines


def from_flowed(text: str, *, delete_space: bool = False) -> list[Line]:
    """Lines of format=flowed, the soft breaks taken out (RFC 3676)."""
    lines: list[Line] = []
    pieces: list[str] = []
    before = 0
    for row in text.split("\n"):
        unquoted = row.lstrip(">")
        depth = len(row) - len(unquoted)
        unstuffed = unquoted[1:] if unquoted.startswith(" ") else unquoted
        if pieces and (depth != before or unstuffed == "-- "):
            lines.append(Line("".join(pieces).rstrip(), depth=before))
            pieces = []
        before = depth
        if unstuffed.endswith(" ") and unstuffed != "-- ":
            pieces.append(unstuffed[:-1] if delete_space else unstuffed)
            continue
        whole = "".join([*pieces, unstuffed])
        lines.append(Line(whole if whole == "-- " else whole.rstrip(), depth=depth))
        pieces = []
    if pieces:
        lines.append(Line("".join(pieces).rstrip(), depth=before))
    return lines


def to_text(lines: list[Line]) -> str:
    """Lines as plain text with their quote marks; no blank ones at the ends, at most two in a row."""
    rows: list[str] = []
    for line in lines:
        row = f"{'>' * line.depth} {line.text}".rstrip() if line.depth else line.text
        if row.strip() or (rows and rows[-2:] != ["", ""]):
            rows.append(row if row.strip() else "")
    while rows and not rows[-1]:
        rows.pop()
    return "\n".join(rows).strip()
