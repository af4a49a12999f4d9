"""Personal data out of what a ticket says, before it becomes an answer that everybody may read.

What is taken out leaves a word in brackets, so that the sentence still reads and the agent sees where. Nothing is
certain (a name that the ticket does not know stays), hence the agent reads it, and then an editor.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from platform_core.base import identity_numbers
from platform_core.organisations.models import Organisation

from .models import EntryKind
from .queries import conversation, copies_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .models import Case
    from .queries import Line


class Datum(models.TextChoices):
    """What kind of thing was taken out; the label is the word that stands in its place."""

    SIGNATURE = "signature", _("signature")
    EMAIL = "email", _("e-mail address")
    ADDRESS = "address", _("address of the platform")
    IDENTITY = "identity", _("identity number")
    ACCOUNT = "account", _("account number")
    PHONE = "phone", _("phone number")
    TICKET = "ticket", _("ticket")
    PERSON = "person", _("name")
    ORGANISATION = "organisation", _("local body")


@dataclass(frozen=True)
class Piece:
    """A stretch of the text as it was; `taken` says what it was taken out as, None for what stays."""

    text: str
    taken: Datum | None = None


@dataclass(frozen=True)
class Stripped:
    """`text` is what is left; `pieces` make up what it was."""

    text: str
    pieces: list[Piece]

    @property
    def taken(self) -> list[tuple[str, str, int]]:
        """What was taken out: the label of its kind, how it was written, how many times."""
        counts = Counter((piece.taken, " ".join(piece.text.split())) for piece in self.pieces if piece.taken)
        return [(str(kind.label), words, count) for (kind, words), count in counts.items() if kind]


@dataclass(frozen=True)
class Known:
    """Who and what the ticket is about, and so must not be in the answer."""

    people: frozenset[str]
    organisations: frozenset[str]
    hosts: frozenset[str]


Span = tuple[int, int, Datum]

SHORTEST_NAME = 3  # characters of a name's part that is looked for alone: "de" and "i" are words
_ACCENTS = {"a": "aàáâä", "e": "eèéêë", "i": "iìíîï", "o": "oòóôö", "u": "uùúûü", "c": "cç", "n": "nñ"}
_BASE = {accented: base for base, family in _ACCENTS.items() for accented in family}
_EMAIL = re.compile(r"(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_PHONE = re.compile(r"(?<![\w+.])(?:(?:\+|00)\d{1,3}[ .-]?)?[6-9]\d{1,2}(?:[ .-]?\d){6,7}(?![\w])")
_ACCOUNT = re.compile(r"\bES\d{2}(?:[ -]?\d{4}){5}\b", re.IGNORECASE)
_COVERED = re.compile(r"•{5}\d{3}[A-Z]")
_TICKET = re.compile(r"\bS-\d{1,18}\b")
# How a post names a member: @nuria-serra-12.
_MENTION = re.compile(r"(?<![\w@])@[\w·-]{1,80}-\d{1,18}\b")
_PLATFORM = r"(?:participa311|decidim)-[a-z0-9-]{1,60}\.diba\.cat"
_REST_OF_ADDRESS = r"(?::\d+)?(?:/[^\s<>\"')\]]*)?"
# A greeting is a line of its own, with at most three words of a name and a comma after it.
_HELLO = re.compile(
    r"\A\s*(?:hola|bon dia|bona tarda|bones|benvolgu\w+|benvolgud\w+|apreciad\w+|estimad\w+|buenos d[ií]as|"
    r"buenas(?: tardes)?|hello|hi|dear|good (?:morning|afternoon))"
    r"(?:(?:[ ,]+[\w'’·-]{1,30}){1,3}[ ]*[,:!]+|[,.:!]*)[ ]*(?:\n+|\Z)",
    re.IGNORECASE,
)
# A farewell never begins a text, and under it stands who and where: a few short lines that are no sentences.
_GOODBYE = re.compile(
    r"\n(?:--[ ]?(?=\n)|[ ]*(?:(?:moltes )?gr[àa]cies(?: per (?:tot|avan[çc]at|endavant))?|"
    r"(?:una )?salutaci(?:ó|ons)(?: cordials?)?|salut|cordialment|atentament|atentamente|"
    r"(?:un )?(?:cordial )?saludos?(?: cordial(?:es)?)?|"
    r"(?:muchas )?gracias|kind regards|best regards|regards|many thanks|thanks)[ ]*[,.!]*[ ]*(?=\n|\Z))"
    r"(?:\n[^\n]{0,80}(?<![.?!:;])){0,8}\s*\Z",
    re.IGNORECASE,
)


def known_of(case: Case, lines: Iterable[Line]) -> Known:
    """What is to be taken out of the words of a case. Two queries: who is in copy, and all the local bodies."""
    copied = [copy.user for copy in copies_of(case)]
    people = {str(person) for person in (case.requester, case.assignee, *copied) if person} | {case.requester_name}
    people |= {line.author_name for line in lines}
    return known_about(people, hosts=[case.instance])


def parts_of(case: Case) -> dict[str, Stripped]:
    """The subject (`title`), the first message of who asked (`question`) and what the desk answered (`answer`), without
    personal data; for texts that leave the ticket.
    """
    lines = [line for line in conversation(case, internal=False) if line.entry.kind == EntryKind.MESSAGE]
    known = known_of(case, lines)
    asked = next((line.text for line in lines if not line.is_by_desk), "")
    answered = [strip(line.text, known) for line in lines if line.is_by_desk and line.text]
    return {"title": strip(case.ticket.title, known), "question": strip(asked, known), "answer": _joined(answered)}


def _joined(texts: list[Stripped]) -> Stripped:
    pieces: list[Piece] = []
    for text in texts:
        pieces += [Piece("\n\n")] * bool(pieces) + text.pieces
    return Stripped(text="\n\n".join(text.text for text in texts if text.text), pieces=pieces)


def known_about(people: Iterable[str], *, hosts: Iterable[str] = ()) -> Known:
    """What is to be taken out of words that these people wrote: their names, and all the local bodies. One query."""
    names, hosts = set(), set(hosts)
    for name, index_name, host in Organisation.objects.values_list("name", "index_name", "platform_host"):
        names |= {name, index_name}
        hosts.add(host)
    return Known(
        people=frozenset(filter(None, people)),
        organisations=frozenset(filter(None, names)),
        hosts=frozenset(host.casefold() for host in hosts if host),
    )


def strip(text: str, known: Known) -> Stripped:
    """The text without personal data, greeting and signature; the service's own e-mail and telephone stay."""
    text = text.replace("\r\n", "\n").strip()
    pieces, end, left = [], 0, []
    for start, stop, kind in _apart(_spans(text, known)):
        if start > end:
            pieces.append(Piece(text[end:start]))
            left.append(text[end:start])
        pieces.append(Piece(text[start:stop], kind))
        if kind != Datum.SIGNATURE:
            left.append(f"[{_said(kind)}]")
        end = stop
    if end < len(text):
        pieces.append(Piece(text[end:]))
        left.append(text[end:])
    return Stripped(text="".join(left).strip(), pieces=pieces)


def _said(kind: Datum) -> str:
    """In the language of the answers, whatever the agent's."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(kind.label)


def _spans(text: str, known: Known) -> Iterator[Span]:
    """Everything that is found, also one thing inside another."""
    for pattern in (_HELLO, _GOODBYE):
        yield from _found(pattern, text, Datum.SIGNATURE)
    yield from _found(_EMAIL, text, Datum.EMAIL, but=_is_ours)
    yield from _found(_hosts(known.hosts), text, Datum.ADDRESS)
    yield from _found(_COVERED, text, Datum.IDENTITY)
    yield from _found(identity_numbers.FOUND, text, Datum.IDENTITY, but=lambda words: not _is_identity(words))
    yield from _found(_ACCOUNT, text, Datum.ACCOUNT)
    yield from _found(_PHONE, text, Datum.PHONE, but=_is_ours)
    yield from _found(_TICKET, text, Datum.TICKET)
    yield from _found(_MENTION, text, Datum.PERSON)
    if known.organisations:
        yield from _found(_organisations(known.organisations), text, Datum.ORGANISATION)
    if names := _names(known.people):
        yield from _found(names, text, Datum.PERSON)


def _found(
    pattern: re.Pattern[str], text: str, kind: Datum, *, but: Callable[[str], bool] = lambda _words: False
) -> Iterator[Span]:
    for match in pattern.finditer(text):
        if match.end() > match.start() and not but(match[0]):
            yield match.start(), match.end(), kind


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Of spans that overlap the first and longest, in their order."""
    kept: list[Span] = []
    for start, stop, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, stop, kind))
        elif stop > kept[-1][1]:  # what sticks out goes with it
            kept[-1] = (kept[-1][0], stop, kept[-1][2])
    return kept


def _is_ours(words: str) -> bool:
    digits = "".join(char for char in words if char.isdigit())
    ours = "".join(char for char in settings.SERVICE_PHONE if char.isdigit())
    return words.casefold().removeprefix("mailto:") == settings.SERVICE_EMAIL.casefold() or (
        bool(ours) and digits.endswith(ours) and "@" not in words
    )


def _is_identity(words: str) -> bool:
    return identity_numbers.contains(words)


def _hosts(hosts: Iterable[str]) -> re.Pattern[str]:
    one_of = "|".join([_PLATFORM, *(re.escape(host) for host in sorted(hosts, key=len, reverse=True))])
    return re.compile(rf"(?<![\w.@-])(?:https?://)?(?:www\.)?(?:{one_of})(?![\w-]){_REST_OF_ADDRESS}", re.IGNORECASE)


def _organisations(names: Iterable[str]) -> re.Pattern[str]:
    """As names are written, capitals and all: «vic» is no municipality. The Diputació de Barcelona stays."""
    one_of = "|".join(_as_written(name) for name in sorted(names, key=len, reverse=True))
    council = r"(?:(?:l['’])?[Aa]juntament (?:de |d['’]|del |dels )?)?"
    return re.compile(rf"(?<!Diputació de )(?<!Diputación de )(?<!\w){council}(?:{one_of})(?!\w)")


def _names(people: Iterable[str]) -> re.Pattern[str] | None:
    """Whole names, and each part of them that has a capital."""
    wanted = set()
    for person in people:
        if "@" in person:
            continue
        words = person.split()
        wanted |= {person, *(word for word in words if len(word) >= SHORTEST_NAME and word[0].isupper())}
    if not wanted:
        return None
    one_of = "|".join(_as_written(name) for name in sorted(wanted, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{one_of})(?!\w)")


def _as_written(name: str) -> str:
    """A name as people write it: with and without accents, with either apostrophe, its first letter as it is."""
    parts = []
    for char in name:
        family = _ACCENTS.get(_BASE.get(char.casefold(), ""), "")
        if family:
            parts.append(f"[{family.upper() if char.isupper() else family}]")
        elif char in "'’":
            parts.append("['’]")
        elif char.isspace():
            parts.append(r"\s+")
        else:
            parts.append(re.escape(char))
    return "".join(parts)
