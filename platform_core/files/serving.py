"""Answering with a file: saved by default, shown only when it is a picture or a PDF, never run."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.core.files.base import File
from django.http import FileResponse, Http404, HttpResponse
from django.template.loader import render_to_string

from . import kinds
from .models import FileScan
from .queries import held
from .storage import private_storage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from django.http.response import HttpResponseBase

BLOCK = 64 * 1024
"""Bytes in memory at a time."""

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
SANDBOX = f"{NOTHING}; sandbox"
"""Whatever a browser makes of the file, it runs nothing and belongs to no site."""

# Chromium's viewer is a plug-in with styles of its own; in a sandbox it refuses to open.
VIEWER = f"{NOTHING}; object-src 'self'; plugin-types application/pdf; style-src 'unsafe-inline'"


class PrivateFile(FileResponse):
    """A file in blocks, under WSGI and ASGI alike: Django would read it whole before an ASGI server sends the first."""

    block_size = BLOCK

    async def __aiter__(self) -> AsyncIterator[bytes]:
        assert self.file_to_stream is not None  # noqa: S101  it was made of a file
        read = sync_to_async(self.file_to_stream.read, thread_sensitive=False)
        while block := await read(self.block_size):
            yield block


def serve(file: File[Any] | str, *, name: str, content_type: str, inline: bool = False) -> HttpResponseBase:
    """Answer with a file of the private storage, after the caller has checked who asks.

    `file` is the field (or the name in the private storage), `name` what it is saved as, `content_type` what
    `accept` found. `inline` lets a browser show it, if it is a picture or a PDF by its content too; everything else is
    saved. A file that still waits for the scanner is a 503 that says so, an infected one a 410.
    Raises Http404 when the file is not there.
    """
    storage_name = file if isinstance(file, str) else str(file.name)
    if state := held([storage_name]).get(storage_name):
        return _withheld(state, name)
    try:
        opened = private_storage().open(storage_name)
    except (FileNotFoundError, IsADirectoryError) as missing:
        raise Http404(storage_name) from missing
    shown = inline and content_type in kinds.PREVIEWABLE and _sniff(opened) == content_type
    kind = content_type if content_type in kinds.TYPES else kinds.UNKNOWN
    response = PrivateFile(opened, as_attachment=not shown, filename=name, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = VIEWER if shown and kind == kinds.PDF else SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


def _sniff(file: File[Any] | IO[bytes]) -> str:
    head = file.read(kinds.HEAD)
    file.seek(0)
    return kinds.sniff(head)


def _withheld(state: FileScan.State, name: str) -> HttpResponse:
    waits = state == FileScan.State.PENDING
    page = render_to_string("files/withheld.html", {"waits": waits, "name": name})
    response = HttpResponse(page, status=503 if waits else 410)
    response["Cache-Control"] = "private, no-store"
    if waits:
        response["Retry-After"] = "60"
    return response
