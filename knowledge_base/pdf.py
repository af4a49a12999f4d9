"""A topic with all its answers as one PDF: to print it, to take it to a meeting, to attach it to a mail.

WeasyPrint makes it from HTML, tagged (PDF/UA-1), so that a screen reader finds its headings, lists and languages. It
needs Pango, a library of the system; where that is missing there is no PDF, and pages do not offer one.
"""

from __future__ import annotations

import logging
from ctypes.util import find_library
from functools import cache as once
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils import timezone

from platform_core.activity.queries import head

from .caching import STREAM
from .models import reading_language
from .permissions import audiences_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from platform_core.accounts.roles import Someone

    from .models import QuestionPage, TopicPage

KEPT = 3600  # seconds
STYLE = "css/topic-pdf.css"
FONT = "fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2"
_BASE = "https://ours.invalid/"  # a name that nobody can have (RFC 2606): only `_file` knows it
_PICTURES = ("png", "jpg", "jpeg", "gif", "webp")

logger = logging.getLogger(__name__)


@once
def is_available() -> bool:
    """Whether this machine can make PDFs. Asked once a process, and without loading the library, which is large."""
    if find_spec("weasyprint") and find_library("pango-1.0"):
        return True
    logger.warning("No PDF of topics: Pango is missing (docs/operators.md says what to install).")
    return False


def of_topic(topic: TopicPage, questions: Sequence[QuestionPage], *, viewer: Someone, site: str) -> bytes:
    """The PDF of a topic with these questions, which the viewer may read.

    Kept for all who may read the same, until any page changes. `site` is how our addresses begin.
    """
    language = reading_language()
    readers = "-".join(sorted(audiences_of(viewer)))
    key = f"knowledge_base.pdf:{topic.pk}:{language}:{readers}:{head(STREAM)}:{site}"
    kept = cast("bytes | None", cache.get(key))
    if kept is None:
        context = {"page": topic, "questions": questions, "site": site, "today": timezone.localdate()}
        kept = made(render_to_string("knowledge_base/topic_pdf.html", context), style=STYLE)
        cache.set(key, kept, KEPT)
    return kept


def made(html: str, *, style: str) -> bytes:
    """A tagged PDF (PDF/UA-1) of a page, with a style sheet of our static files and our font."""
    import weasyprint  # noqa: PLC0415  only here: it is large, and most processes never make a PDF

    class OurFiles(weasyprint.urls.URLFetcher):
        """Our own font, style and pictures; nothing is ever fetched from elsewhere, nor read from the machine."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            # Without its type a style sheet is taken for plain text, and left out.
            known = {"Content-Type": "text/css"} if url.endswith(".css") else {}
            return weasyprint.urls.URLFetcherResponse(url, body=_file(url, style), headers=known)

    document = weasyprint.HTML(string=html, base_url=_BASE, url_fetcher=OurFiles())
    return cast("bytes", document.write_pdf(pdf_variant="pdf/ua-1"))


def _file(url: str, style: str) -> bytes:
    """What an address of the document stands for. Raises ValueError for everything that is not ours to give."""
    parts = urlsplit(url)
    path = unquote(parts.path).lstrip("/")
    if f"{parts.scheme}://{parts.netloc}/" != _BASE:
        raise ValueError(f"Not fetched: {url[:100]}")
    if path in (style, FONT) and (found := finders.find(path)):
        return Path(found).read_bytes()
    media = settings.MEDIA_URL.lstrip("/")
    if path.startswith(media) and path.rpartition(".")[2].lower() in _PICTURES:
        with default_storage.open(path.removeprefix(media)) as picture:
            return cast("bytes", picture.read())
    raise ValueError(f"Not fetched: {url[:100]}")
