"""Quizzes: what stands before one, an attempt, and its result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ..models import CoursePage, QuizPage
    from ..outline import Item, Outline
    from ..queries import Learning


def intro(
    request: HttpRequest, page: CoursePage, outline: Outline, item: Item, learning: Learning | None
) -> HttpResponse:
    from .reading import around  # noqa: PLC0415

    return render(request, "training/quiz.html", {**around(page, outline, item, learning)})


def preview(request: HttpRequest, page: QuizPage) -> HttpResponse:
    return render(request, "training/quiz.html", {"is_preview": True, "page": page})
