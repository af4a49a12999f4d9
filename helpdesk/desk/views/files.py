"""The files of a conversation: to who may see the message that they came with, and to nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.views.decorators.http import require_safe

from helpdesk.desk import queries
from helpdesk.desk.library import FollowUpAttachment
from helpdesk.desk.permissions import can_see_internal
from platform_core.files.public import serve

from .doors import me

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


@login_required
@require_safe
def file(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:  # noqa: ARG001  the name is for people
    """`?mostra`: shown in the browser when it is a picture or a PDF; otherwise it is saved."""
    try:
        found = queries.attachment_for(me(request), pk, internal=can_see_internal(me(request)))
    except FollowUpAttachment.DoesNotExist as missing:
        raise Http404 from missing
    inline = "mostra" in request.GET
    return serve(found.file, name=found.filename, content_type=found.mime_type, inline=inline)
