"""What belongs to writing, wherever one writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from .markup import render_markdown

if TYPE_CHECKING:
    from django.http import HttpRequest

LONGEST_PREVIEW = 50_000
"""Characters."""


@never_cache
@require_POST
def preview_text(request: HttpRequest) -> HttpResponse:
    """`text` of the form as it will be shown, as a fragment of HTML. What cannot be is one sentence of plain text:
    403 for who is signed out, 413 for a text over LONGEST_PREVIEW.
    """
    if not request.user.is_authenticated:
        return _sentence(_("You are no longer signed in. What you wrote is still here: sign in in another tab."), 403)
    text = request.POST.get("text", "")
    if len(text) > LONGEST_PREVIEW:
        words = _("This text is too long to preview: %(length)d characters, and the most is %(limit)d.")
        return _sentence(words % {"length": len(text), "limit": LONGEST_PREVIEW}, 413)
    return HttpResponse(render_markdown(text))


def _sentence(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
