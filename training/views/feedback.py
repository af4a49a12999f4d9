"""Whether a lesson was clear: who takes it says so, and who writes it reads what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from platform_core.base.errors import Refusal

from .. import domain, opinions, queries
from ..forms import ClarityForm
from ..models import Clarity
from ..opinions import Asked
from ..permissions import manages_training
from .around import course_or_404, person_of
from .reading import lesson_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from ..models import LessonFeedback


@never_cache
@login_required
@require_POST
def say_clear(request: HttpRequest, key: UUID) -> HttpResponse:
    """The button, and then the comment. A fragment for htmx, the lesson again for the others. 404 for a lesson that
    the reader does not take."""
    course = course_or_404(request, key)
    learning = queries.learning_in(course, viewer=request.user)
    item = learning.outline.get(request.POST.get("lesson", "")) if learning else None
    if learning is None or item is None or item.is_quiz:
        raise Http404
    form = ClarityForm(request.POST)
    said: LessonFeedback | None = None
    if form.is_valid():
        try:
            _not_too_often(request)
            said = domain.say_clear(
                person=person_of(request),
                course_key=course.translation_key,
                key=item.key,
                clarity=Clarity(form.cleaned_data["clarity"]),
                comment=form.cleaned_data["comment"] if "comment" in request.POST else None,
            )
        except Refusal as refusal:
            form.add_error(refusal.field, str(refusal.message))
    is_htmx = request.htmx  # type: ignore[attr-defined]  # set by its middleware
    if said and not is_htmx:
        return HttpResponseRedirect(f"{course.get_absolute_url()}{item.path}/#opinio")
    said = said or queries.said_of(item.key, viewer=request.user)
    shown = form if form.errors else ClarityForm.of(said)
    if not is_htmx:
        return lesson_of(request, course, learning, item, status=422, said=said, clarity_form=shown)
    # 200 also with an error in it: htmx shows nothing of a refusal.
    context = {"page": course, "item": item, "said": said, "clarity_form": shown, "clarities": Clarity.choices}
    return render(request, "training/clear.html", context)


@never_cache
@login_required
@require_safe
def index(request: HttpRequest, key: UUID) -> HttpResponse:
    """What was said of each lesson of a course, and what people wrote: for who works for the service."""
    if not manages_training(request.user):
        raise Http404
    course = course_or_404(request, key)
    lessons, asked = opinions.lessons_said(course.translation_key), Asked.of(request.GET)
    titles = {lesson.key: lesson.title for lesson in lessons}
    context = {
        "page": course,
        "lessons": lessons,
        "asked": asked,
        "asked_title": titles.get(asked.lesson, ""),
        "said": sum(lesson.ever.total for lesson in lessons),
        "comments": opinions.comments(course.translation_key, asked=asked, titles=titles),
    }
    return render(request, "training/opinions.html", context)


def _not_too_often(request: HttpRequest) -> None:
    """So many an hour of one person (`rate_lesson` in the settings): each leaves a line in the activity log. Raises
    Refusal."""
    if not ratelimit.consume(request, action="rate_lesson", user=request.user):
        raise Refusal(_("You have said it too often in a short while. Try again later."))
