"""Answering with a file of a package: under a policy that takes it out of every origin, with types of our own list."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, cast
from urllib.parse import urlsplit

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse

from platform_core.files.public import private_storage

from . import kinds
from .archive import BLOCK, RESERVED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from ..models import PackageFile

SANDBOX = "allow-scripts allow-forms allow-popups"
"""What a package may do, in the frame as in the answer. Never `allow-same-origin`."""
LONGEST_BEFORE_HEAD = 16 * 1024
"""Bytes that are looked at for where the head of a page begins; below a longer remark our script stands before it."""
KEPT_FOR = 3600  # seconds, by the browser: a file never changes under its address

_BEFORE_HEAD = re.compile(
    rb"(?:\s++|<!--.*?-->|<!(?!--)[^>]*+>|<\?[^>]*+>)*+"
    rb"(?:<html(?:\s(?:[^>\"']|\"[^\"]*\"|'[^']*')*+)?>)?+"
    rb"(?:\s++|<!--.*?-->)*+"
    rb"(?:<head(?:\s(?:[^>\"']|\"[^\"]*\"|'[^']*')*+)?>)?+",
    re.DOTALL | re.IGNORECASE,
)
_MARKS = ((b"\xef\xbb\xbf", "ascii"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_ORDERS = tuple(mark for mark, _encoding in _MARKS)
_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})", re.ASCII)


def origin_of(request: HttpRequest) -> str:
    """Where we are, as browsers see it: the proxy passes the host on without its port, which `BASE_URL` has."""
    ours = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    host = request.get_host()
    if ours.hostname == host and ours.scheme == request.scheme:
        return f"{ours.scheme}://{ours.netloc}"
    return f"{request.scheme}://{host}"


def packages_origin(request: HttpRequest) -> str:
    """Where packages are served: a host of their own, when there is one, else where we are."""
    return settings.PACKAGES_ORIGIN or origin_of(request)


def policy(base: str, *, above: list[str] | None = None) -> str:
    """The Content-Security-Policy of what is under `base` (a URL that ends with the token and a slash): it runs in an
    origin of nobody's, loads nothing from elsewhere, not even from the rest of this site, and only `above` may show it
    in a frame. None: whoever has the address, which are the frames of the package itself; their origin has no name that
    a policy could say."""
    words = {
        "sandbox": SANDBOX,
        "default-src": "'none'",
        "script-src": f"{base} 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src": f"{base} 'unsafe-inline'",
        "img-src": f"{base} data: blob:",
        "font-src": f"{base} data:",
        "media-src": f"{base} data: blob:",
        "connect-src": f"{base} data: blob:",
        "frame-src": base,
        "worker-src": "blob:",
        "form-action": base,
        "base-uri": base,
        "object-src": "'none'",
    }
    if above is not None:
        words["frame-ancestors"] = " ".join(above)
    return "; ".join(f"{name} {value}" for name, value in words.items())


def guarded(response: HttpResponseBase, request: HttpRequest, *, base: str, is_first: bool) -> HttpResponseBase:
    """An answer with the headers that every file of a package has. `is_first`: it is the one that lessons show."""
    ours = [origin_of(request)]
    if settings.PACKAGES_ORIGIN:
        ours = sorted({settings.WAGTAILADMIN_BASE_URL, *settings.CSRF_TRUSTED_ORIGINS})
    response["Content-Security-Policy"] = policy(base, above=ours if is_first else None)
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    # A page whose origin is nobody's asks for its own scripts, fonts and data as a stranger called "null".
    response["Access-Control-Allow-Origin"] = "null"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    # A page in a sandbox that is opened by itself is refused with any other value.
    response["Cross-Origin-Opener-Policy"] = "unsafe-none"
    response.xframe_options_exempt = True  # type: ignore[attr-defined]  # frame-ancestors says it
    return response


def page(row: PackageFile, *, base_path: str) -> HttpResponse:
    """A page of a package, with our script before its own. Raises FileNotFoundError when it is not in the storage."""
    with private_storage().open(row.file) as file:
        content = file.read()
    response = HttpResponse(with_script(content, f"{base_path}{RESERVED}"), content_type=_type_of(content))
    response["Cache-Control"] = "private, no-store"
    return response


def _type_of(page: bytes) -> str:
    """A page says itself how it is written; one that does not, and is UTF-8, is said to be."""
    if re.search(rb"charset|encoding", page[:LONGEST_BEFORE_HEAD], re.IGNORECASE) or page.startswith(_ORDERS):
        return kinds.HTML
    try:
        page.decode()
    except UnicodeDecodeError:
        return kinds.HTML
    return f"{kinds.HTML}; charset=utf-8"


class _Blocks(StreamingHttpResponse):
    """In blocks under ASGI too: Django would collect them all before an ASGI server sends the first."""

    def closes(self, file: IO[bytes]) -> None:
        """Have the file closed with the answer, as Django's own answer with a file does."""
        self._resource_closers.append(file.close)  # type: ignore[attr-defined]  # unknown to the stubs

    async def __aiter__(self) -> AsyncIterator[bytes]:
        blocks = cast("Iterator[bytes]", self.streaming_content)  # it was made of a generator
        following = sync_to_async(lambda: next(blocks, b""), thread_sensitive=False)
        while block := await following():
            yield block


def file(row: PackageFile, request: HttpRequest) -> HttpResponseBase:
    """Any other file, or the part of it that a player asks for. Raises FileNotFoundError when it is not there."""
    opened = private_storage().open(row.file)
    part = _range(request.headers.get("Range", ""), row.size)
    first, last = part or (0, row.size - 1)
    response = _Blocks(_blocks(opened, first, last), content_type=row.content_type)
    response.closes(opened)  # also after a HEAD, which reads nothing
    response["Content-Length"] = str(last - first + 1)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = f"private, max-age={KEPT_FOR}"
    if part:
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{last}/{row.size}"
    return response


def with_script(content: bytes, address: str) -> bytes:
    """A page with the script of that address before anything of its own that runs, in the page's own encoding."""
    mark, encoding = next(((mark, name) for mark, name in _MARKS if content.startswith(mark)), (b"", "ascii"))
    tag = f'<script src="{address}"></script>'.encode(encoding)
    rest = content[len(mark) :]
    if encoding == "ascii":
        place = _head(rest[:LONGEST_BEFORE_HEAD])
    else:
        text = rest[: 2 * LONGEST_BEFORE_HEAD].decode(encoding, "replace")
        place = len(text[: _head(text.encode("ascii", "replace"))].encode(encoding))
    return mark + rest[:place] + tag + rest[place:]


def _head(start: bytes) -> int:
    """Where what the head of a page holds begins."""
    found = _BEFORE_HEAD.match(start)
    return found.end() if found else 0


def _range(asked: str, size: int) -> tuple[int, int] | None:
    """The first and last byte of one part (RFC 9110, 14.2), None for the whole file and for what cannot be given."""
    found = _RANGE.fullmatch(asked)
    if not found or not size or not (found[1] or found[2]):
        return None
    if not found[1]:
        first, last = max(0, size - int(found[2])), size - 1
    else:
        first, last = int(found[1]), min(int(found[2] or size - 1), size - 1)
    return (first, last) if first <= last < size else None


def _blocks(opened: IO[bytes], first: int, last: int) -> Iterator[bytes]:
    opened.seek(first)
    left = last - first + 1
    while left > 0 and (block := opened.read(min(BLOCK, left))):
        left -= len(block)
        yield block
