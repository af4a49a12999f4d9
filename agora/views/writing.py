"""What belongs to writing: preview, drafts, pictures, and whom or what one may name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from agora import domain, permissions, suggestions
from agora.domain.pictures import keep_picture
from agora.references import shown_to
from platform_core.base.errors import Refusal
from platform_core.files.public import BadFiles, accept, serve
from platform_core.participation.public import can_take_part

from .doors import me, number_in, space_of

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

MOST_AT_ONCE = 10


@never_cache
@require_POST
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """`text` as its readers will see it, as a fragment; what cannot be is one sentence of plain text."""
    if not request.user.is_authenticated:
        return _sentence(_("You are no longer signed in. What you wrote is still here: sign in in another tab."), 403)
    space, text = space_of(request, slug), request.POST.get("text", "")
    if len(text) > domain.LONGEST_TEXT:
        words = _("This text is too long to preview: %(length)d characters, and the most is %(limit)d.")
        return _sentence(words % {"length": len(text), "limit": domain.LONGEST_TEXT}, 413)
    return HttpResponse(shown_to(request.user, space, [domain.render(text)])[0])


def _sentence(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


@never_cache
@require_POST
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep what is being written: `topic` (its number; none for a new topic), `title`, `text`, `version`."""
    if not request.user.is_authenticated:
        return JsonResponse({"problem": _("You are no longer signed in.")}, status=403)
    space = space_of(request, slug)
    topic = number_in(request.POST.get("topic", ""), otherwise=0)
    key = f"topic:{topic}" if topic else f"space:{space.pk}"
    try:
        kept = domain.save_draft(
            person=me(request),
            key=key,
            text=request.POST.get("text", "").replace("\r\n", "\n"),
            title=request.POST.get("title", ""),
            version=number_in(request.POST.get("version", ""), otherwise=0),
        )
    except domain.NewerDraft as newer:
        found = {"version": newer.draft.version, "text": newer.draft.text, "title": newer.draft.title}
        return JsonResponse({"problem": str(newer.message), "newer": found}, status=409)
    except Refusal as refusal:
        return JsonResponse({"problem": str(refusal.message)}, status=422)
    return JsonResponse({"version": kept.version if kept else 0})


@never_cache
@require_POST
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """`files`: pictures and other files for a post that is being written. Answers with their Markdown."""
    if not request.user.is_authenticated:
        return JsonResponse({"problem": _("You are no longer signed in.")}, status=403)
    space = space_of(request, slug)
    if not can_take_part(request.user, space):
        return JsonResponse({"problem": _("Only who takes part in the community can add files.")}, status=403)
    try:
        uploads = accept(request.FILES.getlist("files")[:MOST_AT_ONCE], actor=request.user)
        kept = keep_picture(author=me(request), space=space, uploads=uploads)
    except BadFiles as problem:
        return JsonResponse({"problem": " ".join(str(one) for one in problem.messages)}, status=422)
    except Refusal as refusal:
        return JsonResponse({"problem": str(refusal.message)}, status=422)
    return JsonResponse({"files": [{"name": one.name, "markdown": one.markdown} for one in kept]})


@require_safe
def picture(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file of a post, for who may read it: shown when it is a picture."""
    found = permissions.pictures_visible_to(request.user).filter(pk=pk).first()
    if found is None:
        return HttpResponse(status=404)
    return serve(found.file, name=found.name, content_type=found.content_type, inline=found.is_image)


@never_cache
@require_GET
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """`?q=nur`: members whose name begins so, and how a text names them."""
    space = space_of(request, slug)
    if not request.user.is_authenticated:
        return JsonResponse({"found": []}, status=403)
    return JsonResponse({"found": suggestions.people(space, request.GET.get("q", ""))})


@never_cache
@require_GET
def things(request: HttpRequest, slug: str) -> HttpResponse:
    """`?q=fases`: topics and tickets that the person may see, by reference or words of the title."""
    space_of(request, slug)
    if not request.user.is_authenticated:
        return JsonResponse({"found": []}, status=403)
    return JsonResponse({"found": suggestions.things(me(request), request.GET.get("q", ""))})
