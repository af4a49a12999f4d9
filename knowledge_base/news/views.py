"""The pages of the news. Wagtail finds the page of an address; `knowledge_base.views` hands it over to these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from ..models import reading_language
from . import domain, letters
from .permissions import can_read
from .queries import KINDS, Asked, changes_for, components, is_subscribed, listed

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from ..models import NewsIndexPage, NewsPage


def index(request: HttpRequest, page: NewsIndexPage) -> HttpResponse:
    """The list, with what the address asks for."""
    offered = components()
    asked = Asked.of(request.GET, components=offered)
    viewer = request.user
    context = {
        "page": page,
        "asked": asked,
        "listed": listed(asked, viewer=viewer, language=reading_language()),
        "components": offered,
        "kinds": [(name, asked.address(kind=name), kind.label) for name, kind in KINDS.items()],
        "all_kinds": asked.address(kind=""),
        "subscribed": viewer.is_authenticated and is_subscribed(viewer),
    }
    return render(request, "knowledge_base/news/index.html", context)


def page(request: HttpRequest, page: NewsPage, *, is_preview: bool) -> HttpResponse:
    """One page; 404 for who may not read it."""
    if not is_preview and not can_read(request.user, page):
        raise Http404
    changes = page.changes.all() if is_preview else changes_for(page, viewer=request.user)
    return render(request, "knowledge_base/news/page.html", {"page": page, "changes": changes})


@require_POST
@login_required
def subscribe(request: HttpRequest) -> HttpResponse:
    """A letter for each page from now on, or no more of them."""
    if request.POST.get("letters") == "yes":
        domain.subscribe(person=request.user)  # type: ignore[arg-type]  # signed in
        messages.success(request, _("We will write to you whenever there is something new."))
    else:
        domain.unsubscribe(person=request.user)  # type: ignore[arg-type]
        messages.success(request, _("We will write to you no more about the news."))
    return redirect("news:index")


@csrf_exempt  # the link is the right: mail programs post to it by themselves (RFC 8058), and forging it needs our key
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more letters, without signing in. Looking at it changes nothing: mail scanners follow links."""
    person = letters.person_of(token)
    if person is None:
        raise Http404
    if request.method == "POST":
        domain.unsubscribe(person=person)
    return render(request, "knowledge_base/news/stop.html", {"is_subscribed": is_subscribed(person)})
