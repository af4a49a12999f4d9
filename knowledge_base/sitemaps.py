"""`/sitemap.xml`: the pages that everybody may read, when each changed, and in which languages it can be read."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as django_sitemap
from django.urls import reverse
from django.utils import translation
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from .models import TopicPage
from .news.permissions import visible_to as news_visible_to
from .permissions import visible_to

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from .models import OurPage

NOBODY = AnonymousUser()
FRONT = ("home", "knowledge_base:index", "news:index", "accessibility", "privacy")


class FrontPages(Sitemap[Any]):
    """Pages of the product that are the same in the three languages."""

    i18n = alternates = x_default = True

    def __init__(self, host: str) -> None:
        self.host = host

    def items(self) -> list[str]:
        return list(FRONT)

    def location(self, item: Any) -> str:
        return reverse(item)

    def get_domain(self, site: object = None) -> str:
        return self.host


class Pages(Sitemap[Any]):
    """Topics, questions and news, each at the address of the language that it is written in. Three queries."""

    def __init__(self, host: str) -> None:
        self.host = host

    @cached_property
    def pages(self) -> list[OurPage]:
        """What everybody may read, and the topics that have something of it."""
        questions = list(visible_to(NOBODY).select_related("locale").order_by("path"))
        paths = {question.topic_path for question in questions}
        topics = TopicPage.objects.live().filter(alias_of=None, path__in=paths).select_related("locale")
        news = news_visible_to(NOBODY).select_related("locale")
        return [*topics.order_by("path"), *questions, *news.order_by("path")]

    @cached_property
    def versions(self) -> dict[object, list[OurPage]]:
        """The same page in its languages."""
        found: dict[object, list[OurPage]] = defaultdict(list)
        for page in self.pages:
            found[page.translation_key].append(page)
        return found

    def items(self) -> list[OurPage]:
        return self.pages

    def location(self, item: Any) -> str:
        with translation.override(item.language):
            return str(item.get_absolute_url())

    def lastmod(self, item: Any) -> datetime | None:
        changed: datetime | None = item.last_published_at
        return changed

    def get_domain(self, site: object = None) -> str:
        return self.host

    def get_urls(self, page: Any = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        urls = super().get_urls(page=page, site=site, protocol=protocol)
        begins = f"{self.get_protocol(protocol)}://{self.host}"
        for url in urls:
            others = self.versions[url["item"].translation_key]
            if len(others) > 1:
                url["alternates"] = [
                    {"location": begins + self.location(other), "lang_code": other.language} for other in others
                ]
        return urls


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """At most 50,000 addresses a page, as the protocol wants; `?p=2` has the rest."""
    host = request.get_host()
    sections: dict[str, Any] = {"front": FrontPages(host), "pages": Pages(host)}
    return django_sitemap(request, sitemaps=sections, content_type="application/xml")
