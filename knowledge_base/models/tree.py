"""What every page of ours has: an address in the reader's language, its translations, and views of its own."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

Ours = TypeVar("Ours", bound="OurPage")


def reading_language() -> str:
    """The reader's: "ca", "es" or "en"."""
    return (translation.get_language() or settings.LANGUAGE_CODE)[:2]


def nearest_first(pages: QuerySet[Ours], *, language: str) -> QuerySet[Ours]:
    """Those of the reader's language, then those of the source's, then any other."""
    rank = Case(
        When(locale__language_code=language, then=Value(0)),
        When(locale__language_code=settings.LANGUAGE_CODE, then=Value(1)),
        default=Value(2),
    )
    return pages.select_related("locale").order_by(rank, "path")


class Audience(models.TextChoices):
    PUBLIC = "public", _("Everybody")
    SIGNED_IN = "auth", _("Whoever is signed in")
    STAFF = "staff", _("Who works for the service")


class OurPage(Page):
    """A page of this tree. Who may read it is its own field, so Wagtail's restrictions are not offered beside it."""

    private_page_options: list[str] = []

    class Meta:
        abstract = True

    @property
    def site_path(self) -> str:
        """Its address under the site's root, such as `faq/logotip/`; no query, whatever the language."""
        return str(self.url_path).split("/", 2)[2]

    @property
    def language(self) -> str:
        """What its words are written in: a page that only stands for its source, in the tree of a translation, has
        the source's words."""
        return settings.LANGUAGE_CODE if self.alias_of_id else str(self.locale.language_code)

    @property
    def is_source(self) -> bool:
        return self.language == settings.LANGUAGE_CODE

    def translated(self: Ours) -> QuerySet[Ours]:
        """It and its translations that readers may find, each with words of its own."""
        pages: QuerySet[Ours] = type(self).objects.live().filter(translation_key=self.translation_key, alias_of=None)
        return pages.select_related("locale")

    def nearest_translation(self: Ours, *, language: str) -> Ours:
        """The page in the reader's language when there is one; else in Catalan; else itself.

        No query for what is in the language already.
        """
        if self.language == language:
            return self
        return nearest_first(self.translated(), language=language).first() or self

    @cached_property
    def alternates(self) -> list[tuple[str, str]]:
        """The languages that it can be read in, with the address of each: for search engines. One query."""
        found = []
        for page in self.translated().order_by("locale__language_code"):
            with translation.override(page.language):
                found.append((page.language, page.get_absolute_url()))
        return found

    @cached_property
    def is_behind(self) -> bool:
        """Whether its source was published after it: what it says may be of before. No query for the source."""
        if self.is_source or self.alias_of_id or not self.last_published_at:
            return False
        sources = self.translated().filter(locale__language_code=settings.LANGUAGE_CODE)
        return bool(sources.filter(last_published_at__gt=self.last_published_at).exists())

    @property
    def source_address(self) -> str:
        """The address of the Catalan page; "" when there is none."""
        return dict(self.alternates).get(settings.LANGUAGE_CODE, "")

    def get_absolute_url(self) -> str:
        """Its address in the language of the reader, who may read Catalan answers on Spanish pages."""
        return reverse("wagtail_serve", args=[self.site_path])

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        from .. import views  # noqa: PLC0415  Wagtail asks the page itself; what is shown is the views' matter

        if request.path != self.get_absolute_url():  # the address of it in another language
            query = request.META.get("QUERY_STRING", "")
            return HttpResponseRedirect(self.get_absolute_url() + (f"?{query}" if query else ""))
        return views.serve(request, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """A draft as its readers will see it."""
        from .. import views  # noqa: PLC0415  as above

        return views.preview(request, self)
