"""Who may read a page of news: the rule once of one page, once as a queryset; a test proves them equal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..models import NewsPage
from ..permissions import audiences_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from platform_core.accounts.roles import Someone


def can_read(viewer: Someone, page: NewsPage) -> bool:
    return bool(page.live and page.audience in audiences_of(viewer))


def visible_to(viewer: Someone) -> QuerySet[NewsPage]:
    """The pages that the viewer may read, with words of their own, in any language."""
    pages: QuerySet[NewsPage] = NewsPage.objects.live().filter(alias_of=None, audience__in=audiences_of(viewer))
    return pages
