"""Where the link of the letter leads, with or without an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from knowledge_base.public import nearest_first, reading_language

from .. import domain
from ..invited import invitation_of
from ..models import CoursePage

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation of the service. Who signs up from here need not prove the address again: they read that mailbox."""
    found = invitation_of(token)
    if found is None:
        raise Http404
    courses = CoursePage.objects.live().filter(translation_key=found.course_key, alias_of=None)
    course = nearest_first(courses, language=reading_language()).first()
    user = request.user
    is_theirs = user.is_authenticated and domain.has_proved(user, found.email)
    if request.method == "POST" and is_theirs:
        # The worker does the same a moment after they signed up: whichever comes first.
        domain.accept_for(person=user, at=timezone.now())  # type: ignore[arg-type]  # signed in
        return redirect(course.get_absolute_url() if course else "training:catalogue")
    if found.is_pending and not user.is_authenticated:
        get_adapter(request).stash_verified_email(request, found.email)
    context = {"invitation": found, "course": course, "is_theirs": is_theirs}
    return render(request, "training/invitation.html", context)
