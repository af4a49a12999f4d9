"""What the address of a search asks for, and the same search with one thing changed. All its state is in the address:
`q` the words, `on` kinds, `tema` topics, `llengua` languages, `quan` since when, `ens` one's own, `ordre`, `p` page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.search.projectors import kinds
from platform_core.search.public import Filters, findable_by, label_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.http import QueryDict

    from platform_core.accounts.roles import Someone
    from platform_core.organisations.models import Organisation
    from platform_core.search.public import Results

LONGEST = 400
MOST_VALUES = 20
LONGEST_PAGE = 6  # digits
LONGEST_SHOWN = 60  # characters of what is ignored
MONTH, YEAR = "mes", "any"
NEWEST = "recents"


class Applied(NamedTuple):
    """One filter that narrows: how people call it, and the address without it."""

    label: str
    remove: str


class Option(NamedTuple):
    value: str
    label: str
    found: int | None
    is_on: bool


class Facet(NamedTuple):
    """One thing to narrow by. `is_one`: of its options only one at a time."""

    name: str
    label: str
    options: list[Option]
    is_one: bool = False


def clean(text: str) -> str:
    """What can be shown in a box: without control characters, at most LONGEST."""
    printed = "".join(char if char.isprintable() else " " for char in text[: 2 * LONGEST])
    return " ".join(printed.split())[:LONGEST]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """
    Attributes:
        organisation: one of the viewer's own.
        unknown: what the address has and means nothing; it was ignored.
    """

    text: str = ""
    kinds: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    when: str = ""
    organisation: Organisation | None = None
    newest_first: bool = False
    page: int = 1
    unknown: tuple[str, ...] = ()

    @classmethod
    def of(cls, query: QueryDict, *, organisations: Sequence[Organisation]) -> Asked:
        """Without asking the database: whether a topic is known, `without_unknown_groups` says."""
        unknown: list[str] = []

        def known(name: str, values: Iterable[str]) -> tuple[str, ...]:
            allowed = set(values)
            asked = [clean(value) for value in query.getlist(name)[:MOST_VALUES]]
            unknown.extend(value for value in asked if value and value not in allowed)
            return tuple(dict.fromkeys(value for value in asked if value in allowed))

        ours = {organisation.slug: organisation for organisation in organisations}
        return cls(
            text=clean(query.get("q", "")),
            kinds=known("on", kinds()),
            groups=tuple(dict.fromkeys(filter(None, map(clean, query.getlist("tema")[:MOST_VALUES])))),
            languages=known("llengua", dict(settings.LANGUAGES)),
            when="".join(known("quan", [MONTH, YEAR])[:1]),
            organisation=next((ours[slug] for slug in known("ens", ours)), None),
            newest_first=bool(known("ordre", [NEWEST, "millors"])[:1] == (NEWEST,)),
            page=_page(query.get("p", "")),
            unknown=tuple(value[:LONGEST_SHOWN] for value in unknown),
        )

    def without_unknown_groups(self, results: Results, *, viewer: Someone) -> Asked:
        """The same search without the topics that are in nothing the viewer may find; itself when there are none.

        Only a topic without any result is asked for, so that usually this costs nothing.
        """
        counted = {group for group, _count in results.facets.get("groups", [])}
        empty = [group for group in self.groups if group not in counted]
        if not empty or not self.text:
            return self
        known = set(findable_by(viewer).filter(group__in=empty).values_list("group", flat=True)) | counted
        unknown = tuple(group[:LONGEST_SHOWN] for group in empty if group not in known)
        if not unknown:
            return self
        groups = tuple(group for group in self.groups if group in known)
        return replace(self, groups=groups, unknown=self.unknown + unknown)

    @property
    def is_plain(self) -> bool:
        """Words alone, from the start."""
        return not self.filters() and self.page == 1

    def filters(self) -> Filters:
        return Filters(
            kinds=self.kinds,
            groups=self.groups,
            languages=self.languages,
            organisation=self.organisation.pk if self.organisation else None,
            since=periods().get(self.when),
        )

    def address(self, *, page: int = 1) -> str:
        pairs: list[tuple[str, str]] = [("q", self.text)] if self.text else []
        pairs += [("on", value) for value in self.kinds]
        pairs += [("tema", value) for value in self.groups]
        pairs += [("llengua", value) for value in self.languages]
        pairs += [("quan", self.when)] if self.when else []
        pairs += [("ens", self.organisation.slug)] if self.organisation else []
        pairs += [("ordre", NEWEST)] if self.newest_first else []
        pairs += [("p", str(page))] if page > 1 else []
        return f"{reverse('search')}?{urlencode(pairs)}" if pairs else reverse("search")

    def plain_address(self) -> str:
        """The same words and order, without filters."""
        return Asked(text=self.text, newest_first=self.newest_first).address()

    def ordered_address(self) -> str:
        """In the other order."""
        return replace(self, newest_first=not self.newest_first).address()

    def ticket_address(self) -> str:
        return f"{reverse('desk:new')}?{urlencode({'q': self.text})}" if self.text else reverse("desk:new")

    def applied(self) -> list[Applied]:
        found = [Applied(label_of(value), self._without("kinds", value)) for value in self.kinds]
        found += [Applied(value, self._without("groups", value)) for value in self.groups]
        found += [Applied(_language(value), self._without("languages", value)) for value in self.languages]
        if self.when:
            found.append(Applied(dict(_periods())[self.when], replace(self, when="").address()))
        if self.organisation:
            found.append(Applied(str(self.organisation), replace(self, organisation=None).address()))
        return found

    def _without(self, name: str, value: str) -> str:
        changed: dict[str, Any] = {name: tuple(one for one in getattr(self, name) if one != value)}
        return replace(self, **changed).address()


def facets_of(asked: Asked, results: Results, *, organisations: Sequence[Organisation]) -> list[Facet]:
    """What can be narrowed by: what the results have, and what is chosen already so that it can be taken away."""

    def options(name: str, chosen: tuple[str, ...], label: Any) -> list[Option]:
        counts = {value: count for value, count in results.facets.get(name, []) if value}
        values = [*counts, *(value for value in chosen if value not in counts)]
        return [Option(value, label(value), counts.get(value, 0), value in chosen) for value in values]

    def one(name: str, label: str, choices: list[tuple[str, str]], chosen: str, *, counts: dict[str, int]) -> Facet:
        # The first choice is that of all, which is no number of its own.
        found = [Option(v, text, counts.get(v, 0) if v else None, v == chosen) for v, text in choices]
        return Facet(name, label, found, is_one=True)

    by_period = dict(results.facets.get("periods", []))
    by_slug = {item.slug: dict(results.facets.get("organisations", [])).get(str(item.pk), 0) for item in organisations}

    found = [
        Facet("on", _("Where"), options("kinds", asked.kinds, label_of)),
        Facet("tema", _("Topic"), options("groups", asked.groups, str)),
        Facet("llengua", _("Language"), options("languages", asked.languages, _language)),
        one("quan", _("When"), [("", _("Always")), *_periods()], asked.when, counts=by_period),
    ]
    if organisations:
        choices = [("", _("All")), *((item.slug, str(item)) for item in organisations)]
        chosen = asked.organisation.slug if asked.organisation else ""
        found.append(one("ens", _("My organisation"), choices, chosen, counts=by_slug))
    return [facet for facet in found if facet.options]


def _periods() -> list[tuple[str, str]]:
    return [(MONTH, _("This month")), (YEAR, _("This year"))]


def periods() -> dict[str, datetime]:
    """The first moment of this month and of this year, where the service is."""
    start = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return {MONTH: start, YEAR: start.replace(month=1)}


def _language(code: str) -> str:
    return {"ca": "Català", "es": "Español", "en": "English"}.get(code, code)


def _page(text: str) -> int:
    """1 for what is no page; a number too long to be one is as far as can be asked, and refused as such."""
    if not (text.isascii() and text.isdigit()):
        return 1
    return int(text[:LONGEST_PAGE])
