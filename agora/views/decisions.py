"""A decision of who moderates, for the person whom it is about: why, until when, and what they say against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agora import domain, forms_moderation, permissions
from agora.models import Appeal, Hiding
from agora.references import shown_to
from platform_core.base.errors import Refusal
from platform_core.participation.public import Sanction, acknowledge, can_enter

from .doors import PAGES, me, refuse

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

POST, PERSON = "missatge", "mesura"


@never_cache
@login_required
@require_http_methods(PAGES)
def decision(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """404 for everybody else, and for who may no longer enter the community. Sent to it, `fes=entes` or an appeal."""
    found = _decision(request, kind, pk)
    if request.method == "POST" and request.POST.get("fes") == "entes" and isinstance(found, Sanction):
        acknowledge(person=me(request), sanction=found)
        return redirect(found.space)
    form = forms_moderation.AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            domain.appeal(person=me(request), decision=found, text=form.cleaned_data["text"])
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("We have it: somebody else than who decided will answer you."))
            return redirect("agora:decision", kind, pk)
    appeal = Appeal.objects.filter(**{"hiding" if kind == POST else "sanction": found}).first()
    context = {
        "decision": found,
        "is_post": kind == POST,
        "space": found.space,
        "appeal": appeal,
        "form": form if appeal is None and domain.may_appeal(me(request), found) else None,
        "html": shown_to(request.user, found.space, [found.post.html])[0] if isinstance(found, Hiding) else "",
        "may_read_topic": isinstance(found, Hiding) and permissions.can_read(request.user, found.post.topic),
    }
    return render(request, "agora/decision.html", context, status=422 if form.errors else 200)


def _decision(request: HttpRequest, kind: str, pk: int) -> Hiding | Sanction:
    found: Hiding | Sanction | None = None
    if kind == POST:
        found = Hiding.objects.select_related("post__topic__space").filter(pk=pk, post__author=me(request)).first()
    elif kind == PERSON:
        found = Sanction.objects.select_related("space").filter(pk=pk, person=me(request)).first()
    if found is None or not can_enter(request.user, found.space):
        raise Http404
    return found
