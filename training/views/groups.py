"""The groups that take a course at the same time: their names and days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from platform_core.base.errors import Refusal

from .. import domain
from ..forms import GroupForm
from ..models import Cohort
from ..permissions import manages_training
from .around import course_or_404, person_of

if TYPE_CHECKING:
    from django.http import HttpRequest


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """For who works for the service."""
    if not manages_training(request.user):
        raise Http404
    cohort = get_object_or_404(Cohort, pk=pk)
    course = course_or_404(request, cohort.course_key)
    now = {"name": cohort.name, "starts_on": cohort.starts_on, "ends_on": cohort.ends_on}
    form = GroupForm(request.POST if request.method == "POST" else None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            domain.change_group(actor=person_of(request), cohort=cohort, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field, str(refusal.message))
        else:
            messages.success(request, _("The group is saved."))
            return HttpResponseRedirect(f"{reverse('training:board')}?curs={cohort.course_key}&grup={cohort.pk}")
    context = {"cohort": cohort, "course": course, "form": form}
    return render(request, "training/group.html", context, status=422 if form.errors else 200)
