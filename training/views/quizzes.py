"""Quizzes: what stands before one, an attempt, its result, and how it goes for who writes it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from platform_core.base.errors import Refusal

from .. import queries
from ..domain import quizzes
from ..domain.quizzes import UnansweredError
from ..models import Attempt, QuizPage, QuizVersion
from ..permissions import manages_training
from ..questions import Asked, draw, in_words, questions_in, reasons, right_answer
from ..results import results_of
from .around import around, course_or_404, person_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ..models import CoursePage
    from ..outline import Item, Outline
    from ..queries import Learning

ANYWAY = "anyway"
"""The button that sends an attempt though some questions have no answer."""


@dataclass(frozen=True)
class Judged:
    """A question of an attempt that was sent, with what may be told of it now."""

    asked: Asked
    is_right: bool
    given: list[str]
    right: list[str]
    reasons: list[str]


def intro(
    request: HttpRequest,
    page: CoursePage,
    outline: Outline,
    item: Item,
    learning: Learning | None,
    *,
    refusal: str = "",
) -> HttpResponse:
    """What a quiz is like, the attempts that were made, and the button that begins one."""
    quiz = quizzes.kept_quiz(item) if learning else _published(item)
    if quiz is None:
        raise Http404
    context = {**around(page, outline, item, learning), "quiz": quiz, "refusal": refusal}
    context["asks"] = min(quiz.draw, len(quiz.questions)) if quiz.draw else len(quiz.questions)
    context["minutes"] = quiz.time_limit
    if learning:
        context |= _of_attempts(quiz, learning)
    return render(request, "training/quiz.html", context, status=422 if refusal else 200)


@login_required
@require_POST
def start(request: HttpRequest, key: UUID) -> HttpResponse:
    course = course_or_404(request, key)
    quiz = request.POST.get("quiz", "")
    try:
        attempt = quizzes.start(person=person_of(request), course_key=course.translation_key, key=quiz)
    except Refusal as refusal:
        learning = queries.learning_in(course, viewer=request.user)
        item = learning.outline.get(quiz) if learning else None
        if learning is None or item is None or not item.is_quiz:
            raise Http404 from None
        return intro(request, course, learning.outline, item, learning, refusal=str(refusal.message))
    return redirect("training:attempt", attempt.pk)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """An attempt while it is open, and its result afterwards. 404 for another person's."""
    rows = Attempt.objects.select_related("quiz", "enrolment", "enrolment__version")
    found = get_object_or_404(rows, pk=pk, enrolment__person=person_of(request))
    course = course_or_404(request, found.enrolment.course_key)
    if request.method != "POST":
        if found.sent_at is None and not found.enrolment.is_current:
            return redirect(course.get_absolute_url())
        return _open(request, course, found) if found.sent_at is None else _result(request, course, found)
    posted = {name: request.POST.getlist(name) for name in request.POST}
    try:
        quizzes.send(person=person_of(request), attempt=found, posted=posted, even_if_unanswered=ANYWAY in request.POST)
    except Refusal as refusal:
        found.refresh_from_db()
        if found.sent_at is not None:
            return _result(request, course, found, refusal=str(refusal.message), status=409)
        return _open(request, course, found, posted=posted, refusal=refusal)
    return redirect("training:attempt", found.pk)


def preview(request: HttpRequest, page: QuizPage) -> HttpResponse:
    """An editor's draft, as an attempt would show it."""
    questions = questions_in(page.questions.raw_data)
    known = {question.id: question for question in questions}
    drawn = draw(questions, most=0, lot=Random(1))  # noqa: S311  a preview, not an attempt
    asked = [
        Asked(known[each["id"]], tuple(each["order"]), number=number) for number, each in enumerate(drawn, start=1)
    ]
    return render(request, "training/attempt.html", {"quiz": page, "asked": asked, "is_preview": True})


@never_cache
@login_required
@require_safe
def results(request: HttpRequest, key: UUID) -> HttpResponse:
    """How the quizzes of a course go, question by question: for who works for the service."""
    if not manages_training(request.user):
        raise Http404
    course = course_or_404(request, key)
    return render(request, "training/results.html", {"page": course, "results": results_of(course.translation_key)})


def _open(
    request: HttpRequest,
    course: CoursePage,
    found: Attempt,
    *,
    posted: dict[str, list[str]] | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "page": course,
        "quiz": found.quiz,
        "attempt": found,
        "asked": quizzes.asked_in(found, typed=posted),
        "refusal": str(refusal.message) if refusal else "",
        "unanswered": {each.number for each in refusal.asked} if isinstance(refusal, UnansweredError) else set(),
        "anyway": ANYWAY,
        "course_url": course.get_absolute_url(),
    }
    if found.deadline:
        context["seconds_left"] = max(0, round((found.deadline - timezone.now()).total_seconds()))
    return render(request, "training/attempt.html", context, status=422 if refusal else 200)


def _result(
    request: HttpRequest, course: CoursePage, found: Attempt, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    learning = queries.learning_in(course, viewer=request.user)
    left = _attempts_left(found.quiz, _this_round(found.quiz, learning)) if learning else None
    tells = found.is_passed or left == 0
    answers = {answer.question: answer for answer in found.answers.all()}
    judged = []
    for each in quizzes.asked_in(found):
        if answer := answers.get(each.question.id):
            right = right_answer(each.question) if tells and not answer.is_right else []
            told = reasons(each.question, answer.given)
            judged.append(Judged(each, answer.is_right, in_words(each.question, answer.given), right, told))
    item = learning.outline.get(str(found.key)) if learning else None
    context = {
        "page": course,
        "quiz": found.quiz,
        "attempt": found,
        "judged": judged,
        "learning": learning,
        "quiz_url": f"{course.get_absolute_url()}{item.path}/" if item else "",
        "course_url": course.get_absolute_url(),
        "left": left,
        "refusal": refusal,
    }
    return render(request, "training/result.html", context, status=status)


def _published(item: Item) -> QuizPage | None:
    found = QuizPage.objects.live().filter(translation_key=item.key, alias_of=None)
    return found.filter(locale__language_code=item.language).first()


def _of_attempts(quiz: QuizVersion, learning: Learning) -> dict[str, Any]:
    attempts = _this_round(quiz, learning)
    is_open = [each for each in attempts if each.sent_at is None]
    return {
        "attempts": [each for each in attempts if each.sent_at is not None],
        "open_attempt": is_open[0] if is_open else None,
        "left": _attempts_left(quiz, attempts),
        "minutes": round(quizzes.time_allowed(quiz, learning.enrolment).total_seconds() / 60),
    }


def _this_round(quiz: QuizVersion, learning: Learning) -> list[Attempt]:
    enrolment = learning.enrolment
    return list(enrolment.attempts.filter(key=quiz.key, started_at__gte=enrolment.began_at).select_related("quiz"))


def _attempts_left(quiz: QuizVersion, attempts: list[Attempt]) -> int | None:
    """None for as many as one wants."""
    return max(0, quiz.attempts - len(attempts)) if quiz.attempts else None
