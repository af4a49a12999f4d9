"""Questions inside a lesson: shown without what is right, and judged here. Nothing of them is kept.

The options stand in an order of each reader's own that nobody can work out, so that no answer has to be kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from .questions import PREFIX, Asked, Question, TamperedError, draw, judge, questions_in, read, reasons, right_answer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from platform_core.accounts.roles import Someone

    from .models import LessonPage, LessonVersion

BLOCK = "question"
"""The name of the block in a lesson."""


@dataclass(frozen=True)
class Shown:
    """A question as the page shows it. All but `asked` is empty until it has been answered."""

    asked: Asked
    language: str
    is_answered: bool = False
    is_right: bool = False
    reasons: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    explanation: str = ""
    refusal: str = ""


def shown_in(lesson: LessonPage | LessonVersion, *, viewer: Someone) -> dict[str, Shown]:
    """The questions of a lesson, by their id. No query."""
    return {
        question.id: Shown(_asked(question, viewer), lesson.language)
        for block in lesson.body.raw_data
        if block["type"] == BLOCK
        for question in questions_in(block["value"])
    }


def answered(shown: Shown, posted: Mapping[str, Sequence[str]], *, show: bool = False) -> Shown:
    """What was answered, judged, with what the editor says of it; with `show` also what was right."""
    asked, question = replace(shown.asked, typed=posted), shown.asked.question
    try:
        _refuse_foreign(asked, posted)
        given = read(asked, posted)
    except TamperedError as refusal:
        return replace(shown, refusal=str(refusal.message))
    if given is None and not show:
        return replace(shown, asked=asked, refusal=_("It has no answer yet."))
    is_right = judge(question, given)
    return Shown(
        asked,
        shown.language,
        is_answered=True,
        is_right=is_right,
        reasons=tuple(reasons(question, given)),
        right=tuple(right_answer(question)) if show and not is_right else (),
        explanation=question.explanation if show or is_right else "",
    )


def _refuse_foreign(asked: Asked, posted: Mapping[str, Sequence[str]]) -> None:
    if any(name.startswith(PREFIX) and name not in asked.names() for name in posted):
        raise TamperedError(_("There is an answer to a question that was not asked. Load the page anew."))


def _asked(question: Question, viewer: Someone) -> Asked:
    seed = salted_hmac("training.inline", f"{question.id}:{viewer.pk or 0}").digest()
    (drawn,) = draw([question], most=0, lot=Random(seed))  # noqa: S311  the seed is what nobody knows
    return Asked(question, tuple(drawn["order"]))
