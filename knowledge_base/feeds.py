"""New and changed answers as an Atom feed: what everybody may read, whoever asks, so that a cache may keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from .models import reading_language
from .queries import latest

if TYPE_CHECKING:
    from datetime import datetime

    from .models import QuestionPage

LENGTH = 30


class AnswersFeed(Feed):
    """The answers that changed last, in the language of the address; in Catalan where there is no translation."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return _("Participa311: new and changed answers")

    def subtitle(self) -> str:
        return _("Frequent questions on the participation platform.")

    def link(self) -> str:
        return whole(reverse("knowledge_base:index"))

    def feed_url(self) -> str:
        return whole(reverse("knowledge_base:feed"))

    def items(self) -> list[QuestionPage]:
        return latest(viewer=AnonymousUser(), language=reading_language(), limit=LENGTH)

    def item_title(self, item: QuestionPage) -> str:
        return item.title

    def item_description(self, item: QuestionPage) -> str:
        return item.plain_answer()

    def item_link(self, item: QuestionPage) -> str:
        return whole(item.get_absolute_url())

    def item_pubdate(self, item: QuestionPage) -> datetime | None:
        return item.first_published_at

    def item_updateddate(self, item: QuestionPage) -> datetime | None:
        return item.last_published_at


def whole(address: str) -> str:
    """With the name of the installation; Django would put that of its sites table before it, which nobody fills in."""
    return f"{settings.WAGTAILADMIN_BASE_URL}{address}"
