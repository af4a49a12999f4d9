"""The news as an Atom feed: what everybody may read, whoever asks, so that a cache may keep it."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from ..models import reading_language
from .queries import Asked, listed

if TYPE_CHECKING:
    from ..models import NewsPage


class NewsFeed(Feed):
    """The last pages, in the language of the address."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return _("Participa311: news and release notes")

    def subtitle(self) -> str:
        return _("What is new in the platforms and in the service.")

    def link(self) -> str:
        return _whole(reverse("news:index"))

    def feed_url(self) -> str:
        return _whole(reverse("news:feed"))

    def items(self) -> list[NewsPage]:
        return listed(Asked(), viewer=AnonymousUser(), language=reading_language()).pages

    def item_title(self, item: NewsPage) -> str:
        return item.title

    def item_description(self, item: NewsPage) -> str:
        return item.summary

    def item_link(self, item: NewsPage) -> str:
        return _whole(item.get_absolute_url())

    def item_pubdate(self, item: NewsPage) -> datetime:
        return timezone.make_aware(datetime.combine(item.date, time()))

    def item_updateddate(self, item: NewsPage) -> datetime | None:
        return item.last_published_at

    def item_categories(self, item: NewsPage) -> list[str]:
        return [str(item.kind_label), *(str(component) for component in item.components.all())]


def _whole(address: str) -> str:
    return f"{settings.WAGTAILADMIN_BASE_URL}{address}"
