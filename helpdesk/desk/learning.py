"""What the training says about a ticket: the courses that its topic asks for, and what was prescribed in it. Reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge_base.public import reading_language
from training.public import required_for

if TYPE_CHECKING:
    from training.public import Required

    from .models import Case, Prescription


@dataclass(frozen=True)
class Learning:
    required: list[Required]
    prescribed: list[Prescription]

    @property
    def open(self) -> list[Prescription]:
        return [one for one in self.prescribed if one.done_at is None]


def learning_about(case: Case) -> Learning:
    """Four queries at most; one for a ticket without a topic."""
    required = []
    if case.topic:
        required = required_for(case.requester, language=reading_language()).get(case.topic, [])
    return Learning(required=required, prescribed=list(case.prescriptions.order_by("pk")))
