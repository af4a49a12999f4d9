"""Attempts at quizzes: begun, sent once, and judged here. A page never knows what is right."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.activity.domain import record
from platform_core.base.errors import Refusal

from ..events import QuizJudged
from ..models import Attempt, AttemptAnswer, Enrolment, Progress, QuizVersion
from ..questions import PREFIX, Asked, Given, Question, TamperedError, draw, judge, questions_in, read
from . import completing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from platform_core.accounts.models import User

    from ..outline import Item

GRACE = timedelta(seconds=60)
"""After the time is up: what a slow connection takes to bring what the page sent by itself."""
MOST_FIELDS = 500


class UnansweredError(Refusal):
    """Some questions have no answer yet; `asked` are they."""

    def __init__(self, asked: list[Asked]) -> None:
        numbers = ", ".join(str(each.number) for each in asked)
        super().__init__(_("These questions have no answer yet: %(numbers)s.") % {"numbers": numbers})
        self.asked = asked


def start(*, person: User, course_key: UUID, key: str) -> Attempt:
    """Begin an attempt at a quiz of what somebody takes, or go on with the one that is open.

    Raises Refusal for who does not take the course, has passed the quiz, or has no attempt left.
    """
    with transaction.atomic():
        enrolment = _taken(person, course_key)
        item = enrolment.version.outline.get(key)
        quiz = kept_quiz(item)
        if quiz is None:
            raise Refusal(_("This quiz is not in the version of the course that you are taking."))
        before = list(enrolment.attempts.filter(key=quiz.key, started_at__gte=enrolment.began_at))
        for attempt in before:
            if attempt.sent_at is None and not _is_late(attempt):
                return attempt
            if attempt.sent_at is None:
                _close(attempt, enrolment, ran_out=True)
        if any(attempt.is_passed for attempt in before):
            raise Refusal(_("You have passed this quiz already."))
        if quiz.attempts and len(before) >= quiz.attempts:
            raise Refusal(_("You have no attempts left. Write to us and we will see how to go on."))
        now = timezone.now()
        return Attempt.objects.create(
            enrolment=enrolment,
            key=quiz.key,
            quiz=quiz,
            asked=draw(questions_in(quiz.questions.raw_data), most=quiz.draw, lot=secrets.SystemRandom()),
            started_at=now,
            deadline=now + time_allowed(quiz, enrolment) if quiz.time_limit else None,
        )


def send(
    *, person: User, attempt: Attempt, posted: Mapping[str, Sequence[str]], even_if_unanswered: bool = False
) -> Attempt:
    """Judge an attempt, once. After its deadline and GRACE nothing is judged: it is closed, and says so.

    Raises Refusal for one that was sent already, TamperedError for what its page cannot have sent, and
    UnansweredError while a question has no answer, unless that is what is wanted. Nothing is written then.
    """
    with transaction.atomic():
        enrolment = (
            Enrolment.objects.select_for_update(of=("self",))
            .select_related("version", "person")
            .get(pk=attempt.enrolment_id)
        )
        attempt = Attempt.objects.select_for_update(of=("self",)).select_related("quiz").get(pk=attempt.pk)
        if enrolment.person_id != person.pk or not enrolment.is_current:
            raise Refusal(_("This attempt is of a course that you are not taking."))
        if attempt.sent_at is not None:
            raise Refusal(_("You had already sent this attempt. Its result stays as it was."))
        if _is_late(attempt):
            return _close(attempt, enrolment, ran_out=True)
        asked = asked_in(attempt, typed=posted)
        _refuse_foreign(asked, posted)
        given = {each.question.id: read(each, posted) for each in asked}
        unanswered = [each for each in asked if given[each.question.id] is None]
        if unanswered and not even_if_unanswered:
            raise UnansweredError(unanswered)
        return _judge(attempt, enrolment, asked, given)


def asked_in(attempt: Attempt, *, typed: Mapping[str, Sequence[str]] | None = None) -> list[Asked]:
    """The questions of an attempt, as it shows them."""
    known: dict[str, Question] = {each.id: each for each in questions_in(attempt.quiz.questions.raw_data)}
    return [
        Asked(known[each["id"]], tuple(each["order"]), number=number, typed=typed or {})
        for number, each in enumerate(attempt.asked, start=1)
    ]


def kept_quiz(item: Item | None) -> QuizVersion | None:
    """A quiz as it is in a version, in the reader's language. One query."""
    if item is None or not item.is_quiz or item.kept_id is None:
        return None
    return QuizVersion.objects.filter(pk=item.kept_id).first()


def time_allowed(quiz: QuizVersion, enrolment: Enrolment) -> timedelta:
    """How long an attempt may take, with what somebody needs more; zero is no limit."""
    return timedelta(minutes=quiz.time_limit) * (100 + enrolment.extra_time) / 100


def _taken(person: User, course_key: UUID) -> Enrolment:
    rows = Enrolment.objects.current().select_for_update(of=("self",)).select_related("version", "person")
    enrolment = rows.filter(person=person, course_key=course_key).first()
    if enrolment is None:
        raise Refusal(_("You are not taking this course. What you do in it is not kept."))
    return enrolment


def _is_late(attempt: Attempt, now: datetime | None = None) -> bool:
    return attempt.deadline is not None and (now or timezone.now()) > attempt.deadline + GRACE


def _refuse_foreign(asked: list[Asked], posted: Mapping[str, Sequence[str]]) -> None:
    known = {name for each in asked for name in each.names()}
    if len(posted) > MOST_FIELDS or any(name.startswith(PREFIX) and name not in known for name in posted):
        raise TamperedError(_("There is an answer to a question that was not asked. Load the page anew."))


def _judge(attempt: Attempt, enrolment: Enrolment, asked: list[Asked], given: dict[str, Given | None]) -> Attempt:
    answers = [
        AttemptAnswer(
            attempt=attempt,
            question=each.question.id,
            given=given[each.question.id],
            is_right=judge(each.question, given[each.question.id]),
        )
        for each in asked
    ]
    AttemptAnswer.objects.bulk_create(answers)
    attempt.right = sum(answer.is_right for answer in answers)
    attempt.is_passed = bool(answers) and 100 * attempt.right >= attempt.quiz.pass_mark * len(answers)
    return _close(attempt, enrolment, ran_out=False)


def _close(attempt: Attempt, enrolment: Enrolment, *, ran_out: bool) -> Attempt:
    now = timezone.now()
    attempt.sent_at, attempt.ran_out = now, ran_out
    attempt.save(update_fields=["sent_at", "right", "is_passed", "ran_out"])
    if attempt.is_passed:
        row, _made = Progress.objects.get_or_create(enrolment=enrolment, key=attempt.key, defaults={"seen_at": now})
        row.done_at = row.done_at or now
        row.save(update_fields=["done_at"])
        completing.complete_if_done(enrolment=enrolment, actor=enrolment.person)
    event = QuizJudged(
        key=attempt.key, right=attempt.right, out_of=attempt.out_of, is_passed=attempt.is_passed, ran_out=ran_out
    )
    record(event, actor=enrolment.person, subject=enrolment)
    return attempt
