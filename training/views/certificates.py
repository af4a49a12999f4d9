"""Certificates: the public page that verifies one, its PDF and its badge. Whoever has the code may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from knowledge_base.public import has_pdf, make_pdf
from platform_core.base.context import site_address

from ..badge import credential
from ..models import Certificate

if TYPE_CHECKING:
    from django.http import HttpRequest

STYLE = "css/certificate-pdf.css"
LONGEST_CODE = 40


@never_cache
@require_safe
def look_up(request: HttpRequest) -> HttpResponse:
    """The form that asks for a code; with one it leads to its page."""
    code = "".join(letter for letter in request.GET.get("codi", "") if letter.isalnum() or letter == "-")
    if code.isascii() and 0 < len(code) <= LONGEST_CODE:
        return redirect("training:certificate", code.upper())
    return render(request, "training/certificate.html", {"asked": request.GET.get("codi", "")[:LONGEST_CODE]})


@never_cache
@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    found = _found(code)
    if found is None:
        return render(request, "training/certificate.html", {"asked": code, "is_unknown": True}, status=404)
    if found.code != code:
        return HttpResponseRedirect(found.get_absolute_url())
    context = {
        "certificate": found,
        "is_mine": request.user.pk is not None and found.enrolment.person_id == request.user.pk,
        "has_pdf": has_pdf(),
    }
    answer = render(request, "training/certificate.html", context)
    answer["X-Robots-Tag"] = "noindex"  # for whoever was given the code
    return answer


@never_cache
@require_safe
def pdf(request: HttpRequest, code: str) -> HttpResponse:
    found = _found(code)
    if found is None or not has_pdf():
        raise Http404
    html = render_to_string("training/certificate_pdf.html", {"certificate": found, "site": site_address(request)})
    answer = HttpResponse(make_pdf(html, style=STYLE), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="certificat-{found.code}.pdf"'
    answer["X-Robots-Tag"] = "noindex"
    return answer


@never_cache
@require_safe
def badge(request: HttpRequest, code: str) -> HttpResponse:
    found = _found(code)
    if found is None:
        raise Http404
    answer = JsonResponse(
        credential(found, site=site_address(request)),
        content_type="application/ld+json",
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
    answer["Content-Disposition"] = f'attachment; filename="insignia-{found.code}.json"'
    return answer


def _found(code: str) -> Certificate | None:
    """Whatever the case and the hyphens that somebody typed it with."""
    letters = "".join(code.upper().split("-"))
    wanted = "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))
    rows = Certificate.objects.select_related("enrolment", "enrolment__person")
    return rows.filter(code=wanted).first()
