"""`/gestio/estil/`: every component in every state, to look at and to test. For staff; nobody else knows it is there."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from platform_core.base import icons


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    if not request.user.is_staff:
        raise Http404
    return render(request, "config/styleguide.html", {"icons": icons.names()})


urlpatterns = [path("", styleguide, name="styleguide")]
