"""What is new in a mail, told from what it quotes and from the signature.

The rule behind the rules: words that somebody wrote must not be lost. So a quote is taken away only by a sign that a
person does not write by hand; answers between quoted lines keep the quotes around them; a forwarded message stays, as
it is what the mail is about; and if nothing would be left, everything is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from helpdesk.desk.mailparse.lines import Line, Mark, to_text
from helpdesk.desk.mailparse.phrases import (
    ATTRIBUTION_STARTS,
    CITING,
    is_attribution_end,
    is_forward_rule,
    is_mobile_signature,
    is_original_rule,
    is_rule,
    plain,
    role_of,
)

_LONGEST_ATTRIBUTION = 600
_MOST_ATTRIBUTION_LINES = 4
_LONGEST_SIGNATURE = 30  # lines with text
_MOST_LINES = 20_000
_HEADER_WINDOW = 12  # lines
_LEAST_HEADERS = 3
_DATE_OR_TIME = re.compile(r"\b\d{4}\b|\b\d{1,2}[:.h]\d{2}|\b\d{1,2}/\d{1,2}/\d{2}")
_LABELLED = re.compile(r"\*?[^\W\d][^:]{0,24}:\s")


@dataclass(frozen=True)
class Separated:
    """`reply` and `quoted` as plain text; both keep the quote marks of what was quoted within them."""

    reply: str
    quoted: str


def separate(lines: list[Line], *, forwarded: bool = False) -> Separated:
    """The new words of a body and the quoted ones. `forwarded`: the subject says that the mail passes another one on.

    A body of more than 20,000 lines is a log or an attack, and stays as it is.
    """
    if forwarded or len(lines) > _MOST_LINES or not any(line.text.strip() for line in lines):
        return Separated(reply=to_text(lines), quoted="")
    end = _start_of_quoted_rest(lines)
    kept = _without_quotes(lines[:end])
    reply = to_text(kept)
    if not reply:
        return Separated(reply=to_text(lines), quoted="")
    return Separated(reply=reply, quoted=_quoted(lines, kept=set(map(id, kept))))


def _start_of_quoted_rest(lines: list[Line]) -> int:
    """The index from where on everything is quoted without quote marks; the number of lines if nothing is."""
    for at, line in enumerate(lines):
        if line.depth:
            continue
        if is_forward_rule(line.text):
            break
        if _begins_quoted_rest(lines, at):
            return at
    return len(lines)


def _begins_quoted_rest(lines: list[Line], at: int) -> bool:
    line = lines[at]
    if line.mark is Mark.QUOTE_BELOW or (line.mark is Mark.PERHAPS_QUOTE_BELOW and _looks_like_headers(lines, at)):
        return True
    if is_original_rule(line.text) or _is_header_block(lines, at):
        return True
    if is_rule(line.text):
        below = _next_text(lines, at + 1)
        return below is not None and _is_header_block(lines, below)
    return _attribution_length(lines, at) > 0 and not _is_quoted_at(lines, at + _attribution_length(lines, at))


def _is_header_block(lines: list[Line], at: int) -> bool:
    """Whether a message's header, as clients copy it above a quote, starts here (De:, Enviat:, Per a:, Assumpte:)."""
    first = role_of(lines[at].text)
    if first not in ("from", "date", "subject"):
        return False
    roles, sure = set(), False
    for line in lines[at : at + _HEADER_WINDOW]:
        role = role_of(line.text)
        if role:
            if role in roles:
                break
            roles.add(role)
            sure = (
                sure or (role == "from" and "@" in line.text) or (role == "date" and any(map(str.isdigit, line.text)))
            )
    return sure and "from" in roles and len(roles) >= _LEAST_HEADERS


def _looks_like_headers(lines: list[Line], at: int) -> bool:
    """The same in a language that we do not know, below a rule as Outlook draws it."""
    below = [line.text for line in lines[at : at + _HEADER_WINDOW] if line.text.strip()][:5]
    labelled = [text for text in below if _LABELLED.match(text)]
    return len(labelled) >= _LEAST_HEADERS and any(map(str.isdigit, "".join(labelled)))


def _attribution_length(lines: list[Line], at: int) -> int:
    """How many lines the "On …, X wrote:" that starts here takes; 0 if none does.

    It has a date or a time; and without quote marks below, which make it certain, it fills one paragraph of its own.
    """
    start = plain(lines[at].text[:_LONGEST_ATTRIBUTION])
    if not start.startswith(ATTRIBUTION_STARTS):
        return _undated_attribution(lines, at)
    joined = ""
    for taken in range(1, _MOST_ATTRIBUTION_LINES + 1):
        if at + taken > len(lines) or lines[at + taken - 1].depth:
            return 0
        text = plain(lines[at + taken - 1].text[:_LONGEST_ATTRIBUTION])
        if not text or len(joined) > _LONGEST_ATTRIBUTION:
            return 0
        joined = f"{joined} {text}".strip()
        if is_attribution_end(joined) and _DATE_OR_TIME.search(joined):
            certain = _is_quoted_at(lines, at + taken)
            return taken if certain or _stands_alone(lines, at, joined) else 0
    return 0


def _stands_alone(lines: list[Line], at: int, joined: str) -> bool:
    """Without quote marks below: only with an address in it or a full date and time, and after a blank line."""
    return (at == 0 or not lines[at - 1].text.strip()) and ("@" in joined or len(_DATE_OR_TIME.findall(joined)) > 1)


def _undated_attribution(lines: list[Line], at: int) -> int:
    """ "Citant X <x@y>:", "X <x@y> a écrit :", on one line or two; counts only directly above quote marks."""
    joined = ""
    for taken in (1, 2):
        if at + taken > len(lines) or lines[at + taken - 1].depth:
            return 0
        text = plain(lines[at + taken - 1].text[:_LONGEST_ATTRIBUTION])
        if not text:
            return 0
        joined = f"{joined} {text}".strip()
        citing = joined.endswith(":") and (joined.startswith(CITING) or "@" in joined)
        if (citing or is_attribution_end(joined)) and _is_quoted_at(lines, at + taken):
            return taken
    return 0


def _is_quoted_at(lines: list[Line], at: int) -> bool:
    below = _next_text(lines, at)
    return below is not None and lines[below].depth > 0


def _next_text(lines: list[Line], at: int) -> int | None:
    """The index of the next line with text, not far away."""
    return next((each for each in range(at, min(at + 6, len(lines))) if lines[each].text.strip()), None)


def _without_quotes(lines: list[Line]) -> list[Line]:
    """The lines of the person's own, and the quoted ones between them; attributions and signatures left out."""
    foreign = _foreign(lines)
    own = [at for at, line in enumerate(lines) if at not in foreign and line.text.strip()]
    if not own:
        return []
    first, last = own[0], own[-1]
    inside = lines[first : last + 1]
    quotes = [at for at in range(first, last + 1) if lines[at].depth]
    if not quotes:
        return [line for at, line in enumerate(inside, first) if at not in foreign or not line.text.strip()]
    # Answers between quoted lines: the quotes say what is answered. Signatures go all the same.
    signed = _signatures(lines)
    return [line for at, line in enumerate(inside, first) if at not in signed]


def _foreign(lines: list[Line]) -> set[int]:
    """Lines that are quoted, introduce a quote, or sign."""
    foreign = {at for at, line in enumerate(lines) if line.depth} | _signatures(lines)
    at = 0
    while at < len(lines):
        taken = 0 if at in foreign else _attribution_length(lines, at)
        foreign.update(range(at, at + taken))
        at += taken or 1
    return foreign


def _signatures(lines: list[Line]) -> set[int]:
    """Lines of signatures: framed by the client, below "-- ", or the line that a phone puts last."""
    found = {at for at, line in enumerate(lines) if line.is_signature and not line.depth}
    if all(at in found or line.depth or not line.text.strip() for at, line in enumerate(lines)):
        found = set()  # somebody wrote inside the frame
    for start, end in _own_stretches(lines):
        found |= _below_dashes(lines, start, end)
        found |= _last_mobile_lines(lines, start, end, found)
    return found


def _own_stretches(lines: list[Line]) -> list[tuple[int, int]]:
    """Where lines without quote marks are, from and up to."""
    stretches, start = [], -1
    for at, line in enumerate([*lines, Line("", depth=1)]):
        if line.depth and start >= 0:
            stretches.append((start, at))
            start = -1
        elif not line.depth and start < 0:
            start = at
    return stretches


def _below_dashes(lines: list[Line], start: int, end: int) -> set[int]:
    """What stands below the last "-- " (RFC 3676, 4.3), up to an attribution; nothing if that is too long to sign."""
    for at in range(end - 1, start - 1, -1):
        if lines[at].text in ("-- ", "--", "\u2014", "- --"):
            below = range(at, next((each for each in range(at + 1, end) if _attribution_length(lines, each)), end))
            with_text = sum(1 for each in below if lines[each].text.strip())
            return set(below) if with_text <= _LONGEST_SIGNATURE else set()
    return set()


def _last_mobile_lines(lines: list[Line], start: int, end: int, signed: set[int]) -> set[int]:
    found: set[int] = set()
    at = end - 1
    while at >= start:
        text = lines[at].text
        if is_mobile_signature(text):
            found.add(at)
        elif text.strip() and at not in signed and not _is_in_attribution(lines, at, start):
            break
        at -= 1
    return found


def _is_in_attribution(lines: list[Line], at: int, start: int) -> bool:
    return any(
        _attribution_length(lines, first) > at - first
        for first in range(max(start, at - _MOST_ATTRIBUTION_LINES), at + 1)
    )


def _quoted(lines: list[Line], *, kept: set[int]) -> str:
    """What is left, but for signatures: without quote marks, as `quoted` says by itself that it is."""
    signed = _signatures(lines)
    rest = [line for at, line in enumerate(lines) if id(line) not in kept and at not in signed]
    if rest and not any(line.depth for line in rest if line.text.strip()):
        return to_text(rest)
    return to_text([Line(line.text, depth=max(0, line.depth - 1)) for line in rest])
