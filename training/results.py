"""How a quiz goes, question by question: for who writes it. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from .models import Attempt, AttemptAnswer, CourseVersion, QuizVersion
from .questions import Question, questions_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID


@dataclass(frozen=True)
class QuestionResult:
    question: Question
    asked: int
    right: int

    @property
    def percent(self) -> int:
        return round(100 * self.right / self.asked) if self.asked else 0


@dataclass(frozen=True)
class QuizResult:
    """A quiz with its questions, the hardest first; `sent` are its attempts, of all versions."""

    title: str
    sent: int
    passed: int
    ran_out: int
    questions: list[QuestionResult]


def results_of(course_key: UUID) -> list[QuizResult]:
    """The quizzes of the newest version of a course. Four queries for each quiz at most."""
    version = CourseVersion.objects.filter(course_key=course_key).order_by("-number").first()
    if version is None:
        return []
    return [_result(item.key, item.kept_id) for item in version.outline.items if item.is_quiz and item.kept_id]


def _result(key: str, kept_id: int) -> QuizResult:
    quiz = QuizVersion.objects.get(pk=kept_id)
    totals = (
        Attempt.objects.filter(key=key)
        .exclude(sent_at=None)
        .aggregate(
            sent=Count("pk"), passed=Count("pk", filter=Q(is_passed=True)), ran_out=Count("pk", filter=Q(ran_out=True))
        )
    )
    answers = AttemptAnswer.objects.filter(attempt__key=key).values("question")
    counts = answers.annotate(asked=Count("pk"), right=Count("pk", filter=Q(is_right=True)))
    known = {row["question"]: (row["asked"], row["right"]) for row in counts}
    return QuizResult(title=quiz.title, questions=_sorted(questions_in(quiz.questions.raw_data), known), **totals)


def _sorted(questions: Iterable[Question], known: dict[str, tuple[int, int]]) -> list[QuestionResult]:
    found = [QuestionResult(question, *known.get(question.id, (0, 0))) for question in questions]
    return sorted(found, key=lambda result: (not result.asked, result.percent))
