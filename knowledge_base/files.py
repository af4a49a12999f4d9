"""Pictures and documents of the answers: whoever may read an answer that uses one may open it, and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.images import get_image_model

from .permissions import can_open

if TYPE_CHECKING:
    from django.http import HttpRequest
    from wagtail.documents.models import AbstractDocument

    from platform_core.accounts.roles import Someone

TYPES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
TYPES |= {"avif": "image/avif"}
"""What a browser shows as a picture and never runs; an SVG is not among them."""


@cache_control(private=True, max_age=3600)
@require_safe
def image(request: HttpRequest, name: str) -> FileResponse:
    """An image of the editors' library, or one of its sizes, by the name of its file. 404 for who may not see it."""
    model = get_image_model()
    picture = model.objects.filter(file=name).first() or model.objects.filter(renditions__file=name).distinct().first()
    content_type = TYPES.get(name.rpartition(".")[2].lower())
    if picture is None or content_type is None or not can_open(request.user, picture):
        raise Http404
    try:
        return FileResponse(default_storage.open(name), content_type=content_type)
    except FileNotFoundError:
        raise Http404 from None


def guard_document(document: AbstractDocument, request: HttpRequest) -> None:
    """For Wagtail's own page of documents. Raises Http404 for who may not open it."""
    viewer: Someone = request.user
    if not can_open(viewer, document):
        raise Http404
