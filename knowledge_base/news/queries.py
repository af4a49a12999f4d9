"""What readers see of the news. Reads only; no query a row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q
from django.utils.dateparse import parse_date

from platform_core.organisations.public import memberships_of

from ..models import Component, NewsKind, NewsPage, Subscription
from .permissions import visible_to

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from platform_core.accounts.models import User
    from platform_core.accounts.roles import Someone

    from ..models import Change

PAGE_SIZE = 20
LATEST = 2
LATEST_SECONDS = 60
LONGEST_ID = 18
KINDS = {"novetats": NewsKind.NEWS, "versions": NewsKind.RELEASE, "incidencies": NewsKind.INCIDENT}
"""What the address calls each kind."""


@dataclass(frozen=True)
class Asked:
    """What an address asks for; what we do not understand is as if it were not there."""

    kind: str = ""
    component: str = ""
    after: tuple[date, int] | None = None

    @classmethod
    def of(cls, address: Mapping[str, str], *, components: list[Component]) -> Asked:
        kind, component = address.get("tipus", ""), address.get("component", "")
        return cls(
            kind=kind if kind in KINDS else "",
            component=component if component in {item.slug for item in components} else "",
            after=_key(address.get("despres", "")),
        )

    def address(self, **changes: object) -> str:
        """The address of the same list with something changed; its first page unless `after` is given."""
        new = replace(self, **{"after": None, **changes})  # type: ignore[arg-type]
        words = {"tipus": new.kind, "component": new.component}
        if new.after:
            words["despres"] = f"{new.after[0].isoformat()}~{new.after[1]}"
        return "?" + urlencode({name: word for name, word in words.items() if word})


@dataclass(frozen=True)
class Listed:
    pages: list[NewsPage]
    next_address: str


def listed(asked: Asked, *, viewer: Someone, language: str) -> Listed:
    """One page of the list, the latest first. Two queries."""
    found = in_language(visible_to(viewer), viewer=viewer, language=language)
    if asked.kind:
        found = found.filter(kind=KINDS[asked.kind])
    if asked.component:
        found = found.filter(components__slug=asked.component)
    if asked.after:
        day, pk = asked.after
        found = found.filter(Q(date__lt=day) | Q(date=day, pk__lt=pk))
    pages = list(_latest_first(found).prefetch_related("components")[: PAGE_SIZE + 1])
    more = len(pages) > PAGE_SIZE
    pages = pages[:PAGE_SIZE]
    following = asked.address(after=(pages[-1].date, pages[-1].pk)) if more else ""
    return Listed(pages, following)


def in_language(pages: QuerySet[NewsPage], *, viewer: Someone, language: str) -> QuerySet[NewsPage]:
    """Each page once: in the reader's language where it is, else in Catalan."""
    source = Q(locale__language_code=settings.LANGUAGE_CODE)
    if language == settings.LANGUAGE_CODE:
        return pages.filter(source)
    translations = visible_to(viewer).filter(
        translation_key=OuterRef("translation_key"), locale__language_code=language
    )
    return pages.filter(Q(locale__language_code=language) | source & ~Exists(translations))


def latest(*, viewer: Someone, language: str) -> list[NewsPage]:
    """The last ones, for the home page; those of a visitor are at most LATEST_SECONDS old, and cost no query."""
    if viewer.is_authenticated:
        return _latest(viewer, language)
    kept: list[NewsPage] | None = cache.get(_kept(language))
    if kept is None:
        kept = _latest(viewer, language)
        cache.set(_kept(language), kept, LATEST_SECONDS)
    return kept


def forget_latest() -> None:
    """What is kept of the last ones: something was published or withdrawn."""
    cache.delete_many([_kept(code) for code, _name in settings.LANGUAGES])


def changes_for(page: NewsPage, *, viewer: Someone) -> list[Change]:
    """What a page changes for the viewer: what is for everybody and for the kind of body that they work in."""
    changes = list(page.changes.all())
    if not any(change.for_kind for change in changes) or not viewer.is_authenticated:
        return [change for change in changes if not change.for_kind]
    kinds = {seat.organisation.kind for seat in memberships_of(viewer)}
    return [change for change in changes if not change.for_kind or change.for_kind in kinds]


def components() -> list[Component]:
    return list(Component.objects.all())


def is_subscribed(person: User) -> bool:
    return bool(Subscription.objects.filter(person=person).exists())


def _latest(viewer: Someone, language: str) -> list[NewsPage]:
    return list(_latest_first(in_language(visible_to(viewer), viewer=viewer, language=language))[:LATEST])


def _latest_first(pages: QuerySet[NewsPage]) -> QuerySet[NewsPage]:
    return pages.select_related("locale").order_by("-date", "-pk")


def _kept(language: str) -> str:
    return f"knowledge_base.latest_news.{language}"


def _key(text: str) -> tuple[date, int] | None:
    day, _tilde, pk = text.partition("~")
    if not (pk.isascii() and pk.isdigit() and len(pk) <= LONGEST_ID):
        return None
    try:
        parsed = parse_date(day)
    except ValueError:
        return None
    return (parsed, int(pk)) if parsed else None
