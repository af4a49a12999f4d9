"""The desk's page of its mail at /suport/taula/correu/, and the page of the link that stops letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from helpdesk.desk.mail import intake, listing, sending, stopping
from helpdesk.desk.models import Arrival, Letter, Outcome
from platform_core.files.public import serve

from .doors import desk_only

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase


@never_cache
@require_GET
@desk_only
def index(request: HttpRequest) -> HttpResponse:
    """What could not be read, then what came in lately; and the letters that did not go out."""
    show = request.GET.get("mostra", "")
    page = listing.page(show, before=request.GET.get("abans", ""))
    context: dict[str, Any] = {"page": page, "shows": listing.SHOWS.items(), "letters": listing.letters_given_up()}
    return render(request, "desk/quarantine.html", context)


@require_POST
@desk_only
def again(request: HttpRequest, pk: int) -> HttpResponse:
    receipt = intake.read_again(get_object_or_404(Arrival, pk=pk))
    arrival = Arrival.objects.select_related("case").get(pk=pk)
    if arrival.case:
        messages.success(request, _("Done: it is in %(reference)s.") % {"reference": arrival.case.reference})
        return redirect(arrival.case.get_bench_url())
    if receipt.action == Outcome.QUARANTINED:
        why = arrival.get_reason_display() or _("the database does not answer")
        messages.error(request, _("It could not be done: %(why)s. The mail is still here.") % {"why": why})
    return redirect("desk:quarantine")


@require_GET
@desk_only
def original(_request: HttpRequest, pk: int) -> HttpResponseBase:
    """The mail as it arrived, to open in a mail program."""
    arrival = get_object_or_404(Arrival, pk=pk)
    name = arrival.case.reference if arrival.case else _("mail")
    return serve(arrival.raw, name=f"{name}-{arrival.pk}.eml", content_type="message/rfc822")


@require_POST
@desk_only
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    letter = get_object_or_404(Letter.objects.select_related("case"), pk=pk)
    sending.send_again(letter.pk)
    messages.success(request, _("We are sending the letter to %(address)s again.") % {"address": letter.to})
    return redirect(letter.case.get_bench_url() if letter.case else "desk:quarantine")


@csrf_exempt  # the link is the right: mail programs post to it by themselves (RFC 8058), and forging it needs our key
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No longer in copy, without signing in. Looking at it changes nothing: mail scanners follow links."""
    case = stopping.case_of(token)
    if case is None:
        raise Http404
    if request.method == "POST":
        stopping.stop(token)
    return render(request, "desk/stop.html", {"case": case, "is_in_copy": stopping.copy_of(token) is not None})
