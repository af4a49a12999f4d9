"""The catalogue, a course, and a lesson: as somebody takes it, or as it is published for who does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Page

from knowledge_base.public import questions_for, reading_language

from .. import domain, inline, pages, queries
from ..forms import ClarityForm
from ..models import Clarity, CourseIndexPage, CoursePage, LessonPage, ModulePage, QuizPage, course_called
from ..outline import Item, ItemKind, Outline, Section
from ..packages.shown import shown_in
from ..permissions import can_read, teaches_somebody
from . import quizzes
from .around import around, course_or_404
from .sessions import coming_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest

    from ..models import LessonVersion
    from ..models.pages import TrainingPage
    from ..queries import Learning

_in_a_frame: Callable[[Any], Any] = csp_replace({"frame-ancestors": [SELF]})


@never_cache
@require_safe
def serve(request: HttpRequest, page: TrainingPage, inside: str = "") -> HttpResponse:
    """A page of the tree, as Wagtail found it. 404 for what the reader may not read."""
    if isinstance(page, CourseIndexPage):
        return _catalogue(request, page)
    if not isinstance(page, CoursePage) or not can_read(request.user, page):
        raise Http404
    if request.path != page.get_absolute_url() + (f"{inside}/" if inside else ""):  # its address in another language
        return HttpResponseRedirect(page.get_absolute_url() + (f"{inside}/" if inside else ""))
    learning = queries.learning_in(page, viewer=request.user)
    return _item(request, page, learning, inside) if inside else course(request, page, learning)


def inside(request: HttpRequest, slug: str, inside: str = "") -> HttpResponse:
    """A course and what is in it, without the walk from the site's root that Wagtail makes for each page: it finds the
    same (`CourseIndexPage.route`) with six queries more."""
    page = course_called(slug)
    if page is None:
        raise Http404
    return page.serve(request, inside=inside.rstrip("/"))


@_in_a_frame
def preview(request: HttpRequest, page: TrainingPage) -> HttpResponse:
    """A draft inside the editors' room, in a frame, as a trainee sees it; Wagtail has asked whether this editor may."""
    request.is_preview = True  # type: ignore[attr-defined]  # the name that Wagtail's own templates ask for
    match page:
        case CourseIndexPage():
            return _catalogue(request, page)
        case LessonPage():
            return _previewed_lesson(request, page)
        case QuizPage():
            return quizzes.preview(request, page)
        case ModulePage():
            above = pages.course_of(page) if page.path else None
            return course(request, above, None) if above else _previewed_module(request, page)
        case CoursePage():
            return course(request, page, None)
    raise Http404


def _catalogue(request: HttpRequest, page: CourseIndexPage) -> HttpResponse:
    cards = queries.catalogue(viewer=request.user, language=reading_language())
    context = {
        "page": page,
        "cards": [card for card in cards if card.learning is None],
        "mine": [card for card in cards if card.learning is not None],
        "teaches": teaches_somebody(request.user),
    }
    return render(request, "training/catalogue.html", context)


def course(
    request: HttpRequest, page: CoursePage, learning: Learning | None, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The page of a course, with what its reader may do; also the answer to what was refused there (`refusal`)."""
    outline = learning.outline if learning else pages.outline_of(page) if page.path else _nothing(page)
    user = request.user
    context: dict[str, Any] = {
        "page": page,
        "outline": outline,
        "learning": learning,
        "parts": queries.parts_of(outline, base=page.get_absolute_url() if page.path else "", learning=learning),
        "lessons": sum(item.kind == ItemKind.LESSON for item in outline.items),
        "teaches": teaches_somebody(user),
        **more,
    }
    if page.path:
        context["required"] = [row.course for row in page.source.prerequisites.select_related("course")]
        context["sessions"] = list(coming_of(page.translation_key)) if user.is_authenticated else []
    if learning:
        context["behind"] = queries.is_behind(learning.enrolment, page)
        context["certificate"] = certificate = queries.last_certificate(learning.enrolment)
        context["may_renew"] = bool(certificate and learning.is_complete and certificate.may_be_renewed)
    return render(request, "training/course.html", context, status=status)


def _item(request: HttpRequest, page: CoursePage, learning: Learning | None, inside: str) -> HttpResponse:
    """A lesson or a quiz of what somebody takes, or else of what is published."""
    outline = learning.outline if learning else pages.outline_of(page)
    item = outline.at(inside)
    if item is None and learning:
        return _moved_or_new(request, page, learning, inside)
    if item is None:
        return _by_translated_address(page, outline, inside)
    if learning:
        _note_opened(request, learning, item)
    if item.is_quiz:
        return quizzes.intro(request, page, outline, item, learning)
    if learning:
        said = queries.said_of(item.key, viewer=request.user)
        return lesson_of(request, page, learning, item, said=said, clarity_form=ClarityForm.of(said))
    lesson = queries.published_lesson(item.key, language=item.language)
    if lesson is None:
        raise Http404
    return _lesson(request, page, outline, item, learning, lesson)


def lesson_of(
    request: HttpRequest, page: CoursePage, learning: Learning, item: Item, *, status: int = 200, **more: Any
) -> HttpResponse:
    """A lesson of what somebody takes; also the answer to what was refused in it (`said`, `clarity_form`)."""
    lesson = queries.kept_lesson(item) or queries.published_lesson(item.key, language=item.language)
    if lesson is None:
        raise Http404
    return _lesson(request, page, learning.outline, item, learning, lesson, status=status, **more)


def _note_opened(request: HttpRequest, learning: Learning, item: Item) -> None:
    """A GET that writes, once for each lesson: without it nobody could go on where they were."""
    if item.key not in learning.seen and request.method == "GET":
        domain.see(enrolment=learning.enrolment, key=item.key)


def _moved_or_new(request: HttpRequest, page: CoursePage, learning: Learning, inside: str) -> HttpResponse:
    """An address that the version somebody takes does not have: the lesson is elsewhere in it, or newer than it."""
    published = pages.outline_of(page)
    item = published.at(inside)
    if item is None:
        return _by_translated_address(page, learning.outline, inside)
    same = learning.outline.get(item.key)
    if same:
        return HttpResponseRedirect(f"{page.get_absolute_url()}{same.path}/")
    lesson = queries.published_lesson(item.key, language=item.language)
    if lesson is None:  # a quiz that is newer than what they take
        return HttpResponseRedirect(page.get_absolute_url())
    return _lesson(request, page, published, item, None, lesson, is_newer=True)


def _by_translated_address(page: CoursePage, outline: Outline, inside: str) -> HttpResponse:
    """A translation of a lesson may be called otherwise in addresses, and Wagtail leads editors there."""
    found = Page.objects.live().filter(url_path__endswith=f"/{page.slug}/{inside}/", alias_of=None).first()
    item = outline.get(str(found.translation_key)) if found else None
    if item is None or item.path == inside:
        raise Http404
    return HttpResponseRedirect(f"{page.get_absolute_url()}{item.path}/")


def _lesson(  # noqa: PLR0917  what a page is drawn from, in the order that it was found
    request: HttpRequest,
    page: CoursePage,
    outline: Outline,
    item: Item,
    learning: Learning | None,
    lesson: LessonVersion | LessonPage,
    *,
    is_newer: bool = False,
    questions: dict[str, inline.Shown] | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {**around(page, outline, item, learning), "lesson": lesson, "faqs": _faqs(request, lesson)}
    context["questions"] = questions or inline.shown_in(lesson, viewer=request.user)
    context["ask_url"] = reverse("training:ask", args=[page.translation_key])
    context |= {"is_newer": is_newer, "clarities": Clarity.choices, **more}
    return _drawn(request, context, item, learning, status=status)


def _drawn(
    request: HttpRequest, context: dict[str, Any], item: Item | None, learning: Learning | None, *, status: int = 200
) -> HttpResponse:
    """The page of a lesson. One with a package lets that package into its frame, and nothing else."""
    context["package"] = package = shown_in(request, context["lesson"], item=item, learning=learning)
    response = render(request, "training/lesson.html", context, status=status)
    if package and package.src:
        let_in: Callable[[Any], Any] = csp_update({"frame-src": [package.base]})
        return cast("HttpResponse", let_in(lambda: response)())
    return response


@never_cache
@require_POST
def ask(request: HttpRequest, key: UUID) -> HttpResponse:
    """A question inside a lesson, answered: the lesson again with what is said of it, or for a script that question
    alone. 404 for a lesson, or a question in it, that the reader does not have."""
    page = course_or_404(request, key)
    learning = queries.learning_in(page, viewer=request.user)
    wanted, question = request.POST.get("lesson", ""), request.POST.get("question", "")
    outlines = [learning.outline] if learning else []
    for outline in [*outlines, pages.outline_of(page)]:
        item = outline.get(wanted)
        if item is None or item.is_quiz:
            continue
        theirs = learning if learning and outline is learning.outline else None
        lesson = (queries.kept_lesson(item) if theirs else None) or queries.published_lesson(
            item.key, language=item.language
        )
        questions = inline.shown_in(lesson, viewer=request.user) if lesson else {}
        if lesson is None or question not in questions:
            continue
        posted = {name: request.POST.getlist(name) for name in request.POST}
        questions[question] = inline.answered(questions[question], posted, show="show" in request.POST)
        if request.headers.get("X-Fragment") == "1":
            context = {"shown": questions[question], "item": item, "ask_url": request.path}
            return render(request, "training/blocks/question.html", context)
        return _lesson(request, page, outline, item, theirs, lesson, questions=questions)
    raise Http404


def _faqs(request: HttpRequest, lesson: LessonVersion | LessonPage) -> dict[int, Any]:
    """The questions that a lesson refers to and its reader may read, by id. No query for a lesson without any."""
    ids = [block["value"] for block in lesson.body.raw_data if block["type"] == "faq" and block["value"]]
    if not ids:
        return {}
    return {question.pk: question for question in questions_for(request.user).filter(pk__in=ids)}


def _previewed_lesson(request: HttpRequest, lesson: LessonPage) -> HttpResponse:
    """A draft may have no place yet, so what is around it is left out."""
    context = {"lesson": lesson, "faqs": _faqs(request, lesson), "is_preview": True}
    context["questions"] = inline.shown_in(lesson, viewer=request.user)
    return _drawn(request, context, None, None)


def _previewed_module(request: HttpRequest, module: ModulePage) -> HttpResponse:
    section = Section(key="", titles={module.language: module.title}, summaries={"ca": module.summary}, items=())
    context = {"page": module, "outline": _nothing(module), "parts": [queries.Part(section, [])], "lessons": 0}
    return render(request, "training/course.html", context)


def _nothing(page: Any) -> Outline:
    return Outline(titles={page.language: page.title}, slug=page.slug or "", sections=())
