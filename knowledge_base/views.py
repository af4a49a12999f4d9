"""The pages that readers see. Wagtail finds the page of an address; what it shows depends on who looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from platform_core.base.errors import Refusal

from . import domain
from .domain import Reader
from .forms import RatingForm
from .models import FaqIndexPage, QuestionPage, TopicPage
from .permissions import can_read, visible_to
from .queries import questions_of, rating_of, related_to, search, suggest, topics_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from .models import OurPage, Rating

RESULTS = 20
_in_a_frame: Callable[[Any], Any] = csp_replace({"frame-ancestors": [SELF]})

BROWSER = "knowledge_base.reader"
"""Where the session keeps the name of a browser that said something."""


@never_cache
@require_safe
def serve(request: HttpRequest, page: OurPage) -> HttpResponse:
    """A page of the tree, as Wagtail found it. 404 for what the reader may not read."""
    match page:
        case FaqIndexPage():
            return _index(request, page)
        case TopicPage():
            return _topic(request, page)
        case QuestionPage():
            return _question(request, page)
    raise Http404


@_in_a_frame
def preview(request: HttpRequest, page: OurPage) -> HttpResponse:
    """A draft inside the editors' room, in a frame; Wagtail has asked already whether this editor may."""
    request.is_preview = True  # type: ignore[attr-defined]  # the name that Wagtail's own templates ask for
    return serve(request, page)


def _index(request: HttpRequest, page: FaqIndexPage) -> HttpResponse:
    asked = _clean(request.GET.get("q", ""))
    context: dict[str, Any] = {"page": page, "asked": asked}
    if asked:
        context["hits"] = search(asked, viewer=request.user, language=_language(), limit=RESULTS)
    if not context.get("hits"):
        context["topics"] = topics_of(page, viewer=request.user)
    return render(request, "knowledge_base/index.html", context)


def _topic(request: HttpRequest, page: TopicPage) -> HttpResponse:
    questions = questions_of(page, viewer=request.user) if page.path else []
    if not questions and not _previews(request):
        raise Http404
    return render(request, "knowledge_base/topic.html", {"page": page, "questions": questions})


def _question(request: HttpRequest, page: QuestionPage) -> HttpResponse:
    context: dict[str, Any] = {"page": page, "related": related_to(page, viewer=request.user)}
    if not _previews(request):
        if not can_read(request.user, page):
            raise Http404
        rating = rating_of(page, reader=_reader(request))
        context |= _of_rating(rating)
    return render(request, "knowledge_base/question.html", context)


@never_cache
@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """The three answers closest to `q`, as a fragment for the page where somebody writes."""
    asked = _clean(request.GET.get("q", ""))
    hits = suggest(asked, viewer=request.user, language=_language())
    return render(request, "knowledge_base/suggested.html", {"hits": hits, "asked": asked})


@never_cache
@require_POST
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    """«Has it helped?»: the button, and then the comment. A fragment for htmx, the page again for the others."""
    question = get_object_or_404(visible_to(request.user), pk=pk)
    form = RatingForm(request.POST)
    rating: Rating | None = None
    if form.is_valid():
        comment = form.cleaned_data["comment"] if "comment" in request.POST else None
        try:
            rating = domain.rate(
                question=question,
                reader=_reader(request, name=True),
                helped=form.cleaned_data["helped"],
                comment=comment,
            )
        except Refusal as refusal:
            form.add_error(refusal.field, str(refusal))
    if form.is_valid() and not request.htmx:  # type: ignore[attr-defined]  # set by its middleware
        return HttpResponseRedirect(f"{question.get_absolute_url()}#valoracio")
    context = {"page": question, **_of_rating(rating or rating_of(question, reader=_reader(request)))}
    if not form.is_valid():
        context["form"] = form
    if request.htmx:  # type: ignore[attr-defined]
        # 200 also with an error in it: htmx shows nothing of a refusal.
        return render(request, "knowledge_base/rating.html", context)
    context["related"] = related_to(question, viewer=request.user)
    return render(request, "knowledge_base/question.html", context, status=422)


def _of_rating(rating: Rating | None) -> dict[str, Any]:
    initial = {"helped": "yes" if rating.helped else "no", "comment": rating.comment} if rating else None
    return {"rating": rating, "form": RatingForm(initial=initial), "can_rate": True}


def _reader(request: HttpRequest, *, name: bool = False) -> Reader:
    """Who reads. A browser gets a name of its own when it has something to say, and not before."""
    browser = request.session.get(BROWSER, "")
    if name and not browser and not request.user.is_authenticated:
        browser = request.session[BROWSER] = str(uuid4())
    return Reader(request.user, browser)


def _previews(request: HttpRequest) -> bool:
    """Whether an editor looks at a draft: Wagtail has asked already whether they may."""
    return bool(getattr(request, "is_preview", False))


def _clean(asked: str) -> str:
    """What was asked, on one line and without what is no text."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in asked[:400]).split())


def _language() -> str:
    return (get_language() or "ca")[:2]
