"""Questions as they are asked and judged: plain Python, from what an editor's blocks are stored as.

A page shows a question by `Asked`, which carries no right answer: options stand in an order of that attempt's own, and
what a browser sends back are places in that order.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from platform_core.base.errors import Refusal

if TYPE_CHECKING:
    from random import Random

PREFIX = "q-"
"""How the fields of an answer are called: `q-<id>`, and `q-<id>-<place>` where there is one for each thing."""
LONGEST_ANSWER = 300  # characters
TRUE, FALSE = "true", "false"

Sent = Mapping[str, Sequence[str]]
Given = list[int] | str | bool
"""What somebody answered, as it is kept: places in the editor's order, a text, or whether it is true."""


class Kind(StrEnum):
    """The names of the blocks of `question_blocks.QuestionsBlock`."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    ORDERING = "ordering"
    MATCHING = "matching"
    SHORT = "short"


class TamperedError(Refusal):
    """What was sent cannot have come from the page that was shown."""


def fold(text: str) -> str:
    """`text` without accents, capitals, signs and spaces that are too many: «La  Fase activa.» is "la fase activa"."""
    decomposed = unicodedata.normalize("NFKD", text.replace("·", ""))
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()
    return " ".join("".join(letter if letter.isalnum() else " " for letter in plain).split())


@dataclass(frozen=True)
class Option:
    text: str
    is_right: bool = False
    why: str = ""


@dataclass(frozen=True)
class Question:
    """As the editor wrote it. `options` are answers, or what is to be ordered (in the right order), or the right halves
    of the pairs, whose left halves are `lefts`; `accepted` are the folded texts of a short answer."""

    id: str
    kind: Kind
    prompt: str
    explanation: str = ""
    options: tuple[Option, ...] = ()
    lefts: tuple[str, ...] = ()
    accepted: frozenset[str] = frozenset()
    accepted_as_written: tuple[str, ...] = ()
    is_true: bool = False


@dataclass(frozen=True)
class Asked:
    """A question as one attempt shows it. `order` are places in the editor's order; `typed` what was sent."""

    question: Question
    order: tuple[int, ...]
    number: int = 1
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    error: str = ""

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.question.id}"

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """(value, text, whether it was chosen) of each option, in this attempt's order."""
        chosen = self.typed.get(self.name, [])
        return [
            (str(place), self.question.options[index].text, str(place) in chosen)
            for place, index in enumerate(self.order)
        ]

    @property
    def typed_text(self) -> str:
        return next(iter(self.typed.get(self.name, [])), "")

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """(name of the field, text, value typed) of each thing to order or to match."""
        texts = (
            self.question.lefts
            if self.question.kind is Kind.MATCHING
            else [self.question.options[index].text for index in self.order]
        )
        names = [f"{self.name}-{place}" for place in range(len(texts))]
        return [(name, text, next(iter(self.typed.get(name, [])), "")) for name, text in zip(names, texts, strict=True)]

    @property
    def ranks(self) -> list[str]:
        return [str(rank) for rank in range(1, len(self.order) + 1)]

    def names(self) -> set[str]:
        """The fields that an answer to it may have."""
        if self.question.kind in (Kind.ORDERING, Kind.MATCHING):
            return {name for name, _text, _typed in self.lines}
        return {self.name}


def questions_in(raw: Sequence[Mapping[str, Any]]) -> list[Question]:
    """The questions of a stream of blocks, as it is stored."""
    return [_question(block) for block in raw]


def draw(questions: Sequence[Question], *, most: int, lot: Random) -> list[dict[str, Any]]:
    """Which questions an attempt asks, and in which order their options stand: what the attempt keeps.

    `most` 0 asks all of them. The questions keep the editor's order.
    """
    drawn = set(lot.sample(range(len(questions)), most)) if 0 < most < len(questions) else set(range(len(questions)))
    return [
        {"id": question.id, "order": _shuffled(question, lot)}
        for place, question in enumerate(questions)
        if place in drawn
    ]


def read(asked: Asked, posted: Mapping[str, Sequence[str]]) -> Given | None:
    """What was answered, None for nothing. Raises TamperedError for what the page cannot have sent."""
    sent = {name: [value for value in posted.get(name, []) if value] for name in asked.names()}
    if not any(sent.values()):
        return None
    return _READERS[asked.question.kind](asked, sent)


def judge(question: Question, given: Given | None) -> bool:
    """Whether it is right, all of it."""
    if given is None:
        return False
    match question.kind:
        case Kind.SHORT:
            return isinstance(given, str) and fold(given) in question.accepted
        case Kind.TRUE_FALSE:
            return given is question.is_true
        case Kind.SINGLE | Kind.MULTIPLE:
            return given == [place for place, option in enumerate(question.options) if option.is_right]
        case Kind.ORDERING | Kind.MATCHING:
            return given == list(range(len(question.options)))


def in_words(question: Question, given: Given | None) -> list[str]:
    """What somebody answered, to be read again."""
    match given:
        case None:
            return []
        case bool():
            return [_("True") if given else _("False")]
        case str():
            return [given]
    texts = [question.options[place].text for place in given if 0 <= place < len(question.options)]
    if question.kind is Kind.MATCHING:
        return [f"{left} → {right}" for left, right in zip(question.lefts, texts, strict=False)]
    return texts


def right_answer(question: Question) -> list[str]:
    match question.kind:
        case Kind.SHORT:
            return list(question.accepted_as_written[:1])
        case Kind.TRUE_FALSE:
            return in_words(question, question.is_true)
        case Kind.SINGLE | Kind.MULTIPLE:
            return [option.text for option in question.options if option.is_right]
        case Kind.ORDERING | Kind.MATCHING:
            return in_words(question, list(range(len(question.options))))


def reasons(question: Question, given: Given | None) -> list[str]:
    """What the editor says of the options that were chosen, where they say something."""
    if question.kind not in (Kind.SINGLE, Kind.MULTIPLE) or not isinstance(given, list):
        return []
    return [why for place in given if place < len(question.options) and (why := question.options[place].why)]


# ---- from the blocks ----


def _question(block: Mapping[str, Any]) -> Question:
    value = block["value"]
    kind = Kind(block["type"])
    accepted = tuple(line.strip() for line in value.get("accepted", "").splitlines() if fold(line))
    pairs = _items(value.get("pairs", []))
    return Question(
        id=str(block["id"]),
        kind=kind,
        prompt=value["prompt"],
        explanation=value.get("explanation") or "",
        options=tuple(_options(kind, value, pairs)),
        lefts=tuple(pair["left"] for pair in pairs),
        accepted=frozenset(fold(line) for line in accepted),
        accepted_as_written=accepted,
        is_true=bool(value.get("is_true")),
    )


def _options(kind: Kind, value: Mapping[str, Any], pairs: list[Any]) -> list[Option]:
    match kind:
        case Kind.SINGLE | Kind.MULTIPLE:
            found = _items(value.get("options", []))
            return [Option(item["text"], bool(item.get("is_right")), item.get("why") or "") for item in found]
        case Kind.ORDERING:
            return [Option(text) for text in _items(value.get("items", []))]
        case Kind.MATCHING:
            return [Option(pair["right"]) for pair in pairs]
    return []


def _items(stored: Sequence[Any]) -> list[Any]:
    """The values of a list of blocks, which Wagtail stores with an id each, or plain."""
    return [item["value"] if isinstance(item, dict) and item.get("type") == "item" else item for item in stored]


# ---- from the browser ----


def _shuffled(question: Question, lot: Random) -> list[int]:
    order = list(range(len(question.options)))
    lot.shuffle(order)
    if question.kind is Kind.ORDERING and order == sorted(order) and len(order) > 1:
        order.reverse()  # shown in the right order it would ask nothing
    return order


def _one(values: Sequence[str]) -> str:
    if len(values) != 1:
        raise _tampered()
    return values[0]


def _place(value: str, *, of: int) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < len(str(of)) + 1 and int(value) < of):
        raise _tampered()
    return int(value)


def _index(asked: Asked, value: str) -> int:
    return asked.order[_place(value, of=len(asked.order))]


def _ordered(asked: Asked, sent: Sent) -> list[int] | None:
    """The options by the rank that was given to each. None while some have no rank, or two the same."""
    ranks: dict[int, int] = {}
    for place, (name, _text, _typed) in enumerate(asked.lines):
        if sent[name]:
            ranks[_place(_one(list(sent[name])), of=len(asked.order) + 1)] = asked.order[place]
    if sorted(ranks) != list(range(1, len(asked.order) + 1)):
        return None
    return [ranks[rank] for rank in sorted(ranks)]


def _matched(asked: Asked, sent: Sent) -> list[int] | None:
    """The right half that was given to each left one. None while one has none."""
    values = [sent[name] for name, _text, _typed in asked.lines]
    if not all(values):
        return None
    return [_index(asked, _one(list(value))) for value in values]


def _said_short(asked: Asked, sent: Sent) -> str | None:
    typed = "".join(letter if letter.isprintable() else " " for letter in _one(sent[asked.name])[:LONGEST_ANSWER])
    return typed.strip() or None


def _said_true(asked: Asked, sent: Sent) -> bool:
    word = _one(sent[asked.name])
    if word not in (TRUE, FALSE):
        raise _tampered()
    return word == TRUE


def _chosen_one(asked: Asked, sent: Sent) -> list[int]:
    return [_index(asked, _one(sent[asked.name]))]


def _chosen(asked: Asked, sent: Sent) -> list[int]:
    places = [_index(asked, value) for value in sent[asked.name]]
    if len(set(places)) < len(places):
        raise _tampered()
    return sorted(places)


_READERS: dict[Kind, Callable[[Asked, Sent], Given | None]] = {
    Kind.SHORT: _said_short,
    Kind.TRUE_FALSE: _said_true,
    Kind.SINGLE: _chosen_one,
    Kind.MULTIPLE: _chosen,
    Kind.ORDERING: _ordered,
    Kind.MATCHING: _matched,
}


def _tampered() -> TamperedError:
    return TamperedError(_("This is not an answer that the page offers. Load the page anew and answer again."))
