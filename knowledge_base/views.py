"""The pages that readers see. Wagtail finds the page of an address; what it shows depends on who looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from allauth.core import ratelimit
from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from platform_core.base.context import site_address
from platform_core.base.errors import Refusal

from . import caching, deflection, domain, pdf, structured
from .domain import Reader
from .forms import RatingForm
from .models import FaqIndexPage, NewsIndexPage, NewsPage, QuestionPage, TopicPage
from .news import views as news
from .permissions import can_read, visible_to
from .queries import questions_of, rating_of, related_to, search, suggest, topics_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

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
        case NewsIndexPage():
            return news.index(request, page)
        case NewsPage():
            return news.page(request, page, is_preview=_previews(request))
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
    return caching.keep(render(request, "knowledge_base/index.html", context))


def _topic(request: HttpRequest, page: TopicPage) -> HttpResponse:
    questions = questions_of(page, viewer=request.user) if page.path else []
    if not questions and not _previews(request):
        raise Http404
    context = {
        "page": page,
        "questions": questions,
        "has_pdf": bool(page.path) and pdf.is_available(),
        "structured": structured.faq_page(questions, language=_language()),
    }
    return caching.keep(render(request, "knowledge_base/topic.html", context))


def _question(request: HttpRequest, page: QuestionPage) -> HttpResponse:
    context: dict[str, Any] = {"page": page, "related": related_to(page, viewer=request.user)}
    if not _previews(request):
        context["structured"] = structured.faq_page([page], language=_language())
        if not can_read(request.user, page):
            raise Http404
        if caching.is_anybody(request):
            context["can_rate"] = context["asks_later"] = True
        else:
            context |= _of_rating(rating_of(page, reader=_reader(request)))
    return caching.keep(render(request, "knowledge_base/question.html", context))


@never_cache
@require_safe
def topic_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """A topic with the answers that the reader may read. 404 as the topic's page, and where no PDF can be made."""
    topic = get_object_or_404(TopicPage.objects.live().select_related("locale"), pk=pk)
    questions = questions_of(topic, viewer=request.user)
    if not questions or not pdf.is_available():
        raise Http404
    content = pdf.of_topic(topic, questions, viewer=request.user, site=site_address(request))
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{topic.slug}.pdf"'
    return answer


@never_cache
@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """The three answers closest to `q`, as a fragment for the page where somebody writes."""
    asked = _clean(request.GET.get("q", ""))
    hits = suggest(asked, viewer=request.user, language=_language())
    return render(request, "knowledge_base/suggested.html", {"hits": hits, "asked": asked})


@require_POST
def offered(request: HttpRequest) -> HttpResponse:
    """What became of the suggestions: `moment` is "shown" or "opened", `answers` which. Nothing else is kept."""
    moments = {str(moment): moment for moment in (deflection.Moment.SHOWN, deflection.Moment.OPENED)}
    moment = moments.get(request.POST.get("moment", ""))
    if not request.user.is_authenticated or moment is None:
        raise Http404
    names = deflection.names_in(request.POST.get("answers", ""))
    deflection.count(names, moment, viewer=request.user, language=_language())
    return HttpResponse(status=204)


@never_cache
@login_required
def solved(request: HttpRequest) -> HttpResponse:
    """«This solved it»: counted, and the page that thanks. What was being written never comes here."""
    if request.method == "POST":
        names = deflection.names_in(request.POST.get("answer", ""))[:1]
        deflection.count(names, deflection.Moment.SOLVED, viewer=request.user, language=_language())
        return redirect("knowledge_base:solved")
    return render(request, "knowledge_base/solved.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    """«Has it helped?»: the button, and then the comment. A fragment for htmx, the page again for the others.

    A kept page has no form, which needs a token of one browser: it asks for it here.
    """
    question = get_object_or_404(visible_to(request.user), pk=pk)
    if request.method != "POST":
        return _rating(request, question, _of_rating(rating_of(question, reader=_reader(request))))
    form = RatingForm(request.POST)
    rating: Rating | None = None
    if form.is_valid():
        comment = form.cleaned_data["comment"] if "comment" in request.POST else None
        try:
            _not_too_often(request)
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
    # 200 for htmx also with an error in it: it shows nothing of a refusal.
    return _rating(request, question, context, status=422)


def _not_too_often(request: HttpRequest) -> None:
    """A browser that forgets who it is could vote for ever: so many an hour from one address (`rate_answer` in the
    settings); a person has one vote anyway. Raises Refusal."""
    if not request.user.is_authenticated and not ratelimit.consume(request, action="rate_answer"):
        raise Refusal(_("You have said it too often in a short while. Try again later."))


def _rating(
    request: HttpRequest, question: QuestionPage, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]  # set by its middleware
        return render(request, "knowledge_base/rating.html", {"page": question, **context})
    context = {"page": question, "related": related_to(question, viewer=request.user), **context}
    answer = render(request, "knowledge_base/question.html", context, status=status)
    answer["X-Robots-Tag"] = "noindex"  # the question has its own address
    return answer


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
