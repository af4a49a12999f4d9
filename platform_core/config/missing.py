"""`/gestio/buscat/`: what was searched for and not found, for the editors, who say which answer it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from knowledge_base.public import (
    answer_failed,
    can_see_failed,
    failed_searches,
    questions_for,
    reading_language,
    settle_failed,
)
from platform_core.base.errors import Refusal
from platform_core.search.public import find

from .asked import clean

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from knowledge_base.models import FailedSearch
    from platform_core.accounts.models import User

LINES = 50
MOST_OFFERED = 8
"""Answers that are offered for what was searched for."""
KIND = "faq.question"
LONGEST_NUMBER = 18
"""More digits than an id has."""


@never_cache
@require_safe
def failed(request: HttpRequest) -> HttpResponse:
    """The most asked first. 404 but for editors and coordinators."""
    _for_editors(request)
    lines = Paginator(failed_searches(), LINES).get_page(request.GET.get("p"))
    return render(request, "config/search/failed.html", {"lines": lines})


@require_POST
def settle(request: HttpRequest, pk: str) -> HttpResponse:
    _for_editors(request)
    settle_failed(actor=request.user, pk=int(pk))
    messages.success(request, _("Done: it comes back only if somebody searches for it again and finds nothing."))
    return redirect("failed_searches")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: str) -> HttpResponse:
    """`?q=`: the answers closest to other words for the same. Sent to it, the one that the line asks for."""
    _for_editors(request)
    line = get_object_or_404(failed_searches(), pk=pk)
    asked, problem = clean(request.GET.get("q", line.text)), ""
    if request.method == "POST":
        try:
            title = _answered(request, line)
        except Refusal as refusal:
            problem = str(refusal.message)
        else:
            words = _("Done: who searches for “%(words)s” finds “%(answer)s” from now on.")
            messages.success(request, words % {"words": line.text, "answer": title})
            return redirect("failed_searches")
    hits = find(asked, viewer=request.user, kinds=[KIND], language=reading_language(), limit=MOST_OFFERED)
    context = {"line": line, "asked": asked, "hits": hits, "problem": problem}
    return render(request, "config/search/answer_failed.html", context, status=422 if problem else 200)


def _answered(request: HttpRequest, line: FailedSearch) -> str:
    """The title of the chosen answer, which has the words now. Raises Refusal."""
    chosen = request.POST.get("answer", "")
    is_number = chosen.isascii() and chosen.isdigit() and len(chosen) < LONGEST_NUMBER
    question = questions_for(request.user).filter(pk=chosen).first() if is_number else None
    if question is None:
        raise Refusal(_("Choose an answer."))
    answer_failed(actor=cast("User", request.user), pk=line.pk, question=question)
    return question.title


def _for_editors(request: HttpRequest) -> None:
    if not can_see_failed(request.user):
        raise Http404
