"""The two pages that the law asks for: accessibility (RD 1112/2018, article 15) and privacy (RGPD, article 13)."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

REVIEWED = date(2026, 11, 23)  # the day of the last self-assessment; the statement is reviewed at least once a year


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "config/accessibility.html", {"reviewed": REVIEWED})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "config/privacy.html", {"reviewed": REVIEWED})
