"""The triage board: what burns first. Views, filters, order and pages by key, from whatever the address says.

Reads only. Nothing in an address is an error: what we do not understand is as if it were not there. The cost of a page
is that of the tickets that run, never of all that there ever were: the live views stand on `Case.due_at`, which only a
running ticket has, and on the states that are not over.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.core.cache import cache
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from knowledge_base.public import topics
from platform_core.accounts.roles import level as level_of
from platform_core.organisations.models import fold

from .models import LIVE, Case, Clock, Clocked, Kind, Level, State
from .queries import agents

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from platform_core.accounts.models import User

PAGE_SIZE = 50
LONGEST_QUERY = 100
MOST_MOMENTS = 300
"""Running tickets whose moments are drawn on the ruler of the day, the nearest."""

MOST_SEARCHED = 2000
"""Tickets that are looked through for words."""

MOST_COUNTED = 1000
"""How far the tickets of a view are counted."""

LONGEST_ID = 18
LONGEST_PLACE = 400

VIEWS = {
    "tot": pgettext_lazy("view of the board", "Everything running"),
    "meus": pgettext_lazy("view of the board", "Mine"),
    "sense": pgettext_lazy("view of the board", "Unassigned"),
    "nivell": pgettext_lazy("view of the board", "My level"),
    "cremen": pgettext_lazy("view of the board", "About to expire"),
    "pausa": pgettext_lazy("view of the board", "Paused"),
    "resolts": pgettext_lazy("view of the board", "Resolved lately"),
}
ORDERS = {"promesa": _("Promised moment"), "recents": _("Latest first"), "ens": _("Organisation")}
OVER = ("pausa", "resolts")
"""Views of tickets that do not run: their order is their own."""

#: View or order -> columns, the last one unique.
COLUMNS = {
    "promesa": ("due_at", "pk"),
    "recents": ("-signal_at", "-pk"),
    "ens": ("ens_key", "due_at", "pk"),
    "pausa": ("signal_at", "pk"),
    "resolts": ("-resolved_at", "-pk"),
}
DUE_FIRST = (F("due_at").asc(nulls_last=True), "signal_at", "pk")
SEARCHED = (
    *("pk", "ticket__title", "ticket__submitter_email", "organisation__name"),
    *("requester__name", "requester_name", "topic"),
)
OWN_FIELDS = [field.name for field in Case._meta.fields if field.name not in ("rating_comment", "instance")]
NAMES = (
    *("ticket__title", "ticket__submitter_email", "organisation__name", "organisation__slug"),
    *("requester__name", "requester__email", "assignee__name", "assignee__email"),
)
_ENS_KEY = Coalesce(F("organisation__sort_key"), Value(""))


@dataclass(frozen=True)
class Filters:
    """What the reader asked for. `words` are looked for in the running tickets; a reference is found whatever it is."""

    view: str = "tot"
    organisation: str = ""
    kind: str = ""
    topic: str = ""
    level: int | None = None
    words: str = ""
    order: str = "promesa"

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Filters:
        def text(name: str, most: int) -> str:
            return " ".join(query.get(name, "").replace("\0", "").split())[:most]

        view, kind, level, order = (query.get(name, "") for name in ("vista", "tipus", "n", "ordre"))
        return cls(
            view=view if view in VIEWS else "tot",
            organisation=text("ens", 80),
            kind=kind if kind in Kind.values else "",
            topic=text("tema", 80),
            level=int(level) if level in {str(value) for value in Level.values} else None,
            words=text("q", LONGEST_QUERY),
            order=order if order in ORDERS else "promesa",
        )

    def __bool__(self) -> bool:
        return bool(self.organisation or self.kind or self.topic or self.level or self.words)

    @property
    def reference(self) -> int | None:
        """The id of the ticket when the words are a reference: S-4193, or 4193."""
        number = self.words.casefold().removeprefix("s-")
        fits = number.isascii() and number.isdigit() and len(number) <= LONGEST_ID
        return int(number) if fits else None

    @property
    def sort(self) -> str:
        return self.view if self.view in OVER else self.order

    @property
    def address(self) -> str:
        """The query of the address that restores all of this; empty for the board as it opens."""
        parts = {
            "vista": "" if self.view == "tot" else self.view,
            "q": self.words,
            "tipus": self.kind,
            "ens": self.organisation,
            "tema": self.topic,
            "n": self.level or "",
            "ordre": "" if self.order == "promesa" else self.order,
        }
        return urlencode({name: value for name, value in parts.items() if value})

    def in_view(self, view: str) -> Filters:
        return replace(self, view=view)


# ---- which tickets ----


class Board:
    """The tickets that one reader asked for, at one moment."""

    def __init__(self, filters: Filters, *, viewer: User, now: datetime | None = None) -> None:
        self.filters = filters
        self.viewer = viewer
        self.now = now or timezone.now()

    def cases(self, view: str = "") -> QuerySet[Case]:
        """Those of a view (the one asked for, without one) that pass the filters, in no order.

        A reference is found in any state and view.
        """
        filters, view = self.filters, view or self.filters.view
        if filters.reference is not None:
            return Case.objects.filter(pk=filters.reference)
        found = _of_view(view, viewer=self.viewer, now=self.now)
        if filters.organisation:
            found = found.filter(organisation__slug=filters.organisation)
        if filters.kind:
            found = found.filter(kind=filters.kind)
        if filters.topic:
            found = found.filter(topic=filters.topic)
        if filters.level:
            found = found.filter(level=filters.level)
        return found.filter(pk__in=self._with_words) if filters.words else found

    def paused(self) -> QuerySet[Case]:
        """The paused tickets that stand below a live view: of the same person or level, with the same filters."""
        view = self.filters.view
        if self.filters.reference is not None or view in (*OVER, "cremen"):
            return Case.objects.none()
        return self.cases("pausa").filter(_whose(view, viewer=self.viewer))

    def moments(self) -> list[tuple[datetime, bool]]:
        """The promised moments of the view, the nearest first, and whether each is about to expire; of all that runs
        for a view of what does not. One query.
        """
        running = self.cases("tot" if self.filters.view in OVER else "").filter(due_at__isnull=False)
        found = running.annotate(burns=about_to_expire(self.now)).order_by("due_at", "pk")
        rows = found.values_list("due_at", "burns")[:MOST_MOMENTS]
        return [(due, burns) for due, burns in rows if due]

    @cached_property
    def _with_words(self) -> list[int]:
        """The tickets with all the words, without accents, in subject, organisation, requester, topic or reference.

        Of the live ones, and the resolved ones in their own view: they are few, and no index of either database folds
        accents, so they are looked through here. One query, once.
        """
        states = [State.RESOLVED] if self.filters.view == "resolts" else LIVE
        texts = Case.objects.filter(state__in=states).order_by("-signal_at").values_list(*SEARCHED)[:MOST_SEARCHED]
        wanted = fold(self.filters.words).split()
        found = []
        for pk, *words in texts:
            text = fold(f"S-{pk} {' '.join(filter(None, words))}")
            if all(word in text for word in wanted):
                found.append(pk)
        return found


def _of_view(view: str, *, viewer: User, now: datetime) -> QuerySet[Case]:
    if view == "pausa":
        return Case.objects.filter(state=State.WAITING)
    if view == "resolts":
        return Case.objects.filter(state=State.RESOLVED, resolved_at__isnull=False)
    running = Case.objects.filter(_whose(view, viewer=viewer), due_at__isnull=False)
    return running.filter(about_to_expire(now)) if view == "cremen" else running


def _whose(view: str, *, viewer: User) -> Q:
    return {"meus": Q(assignee=viewer), "sense": Q(assignee=None), "nivell": Q(level=level_of(viewer))}.get(view, Q())


def about_to_expire(now: datetime) -> Exists:
    """Less than a quarter of a promised time is left, or it is over."""
    return Exists(Clock.objects.filter(case=OuterRef("pk"), is_running=True, warn_at__lte=now))


# ---- a page of them ----


@dataclass(frozen=True)
class Page:
    """One page, found by the place of its neighbour and not by counting from the start: it stays where it is while
    tickets come and go. `after` and `before` are what the address carries; "" for none.
    """

    rows: list[Case]
    after: str
    before: str


def in_order(cases: QuerySet[Case], sort: str) -> QuerySet[Case]:
    """In the order of the board, with all that a row shows."""
    if sort == "ens":
        cases = cases.annotate(ens_key=_ENS_KEY)
    return with_names(cases).order_by(*COLUMNS[sort])


def with_names(cases: QuerySet[Case]) -> QuerySet[Case]:
    """With subject and names, and nothing else of the ticket, the organisation and the people."""
    cases = cases.select_related("ticket", "organisation", "requester", "assignee")
    return cases.only(*OWN_FIELDS, *NAMES)


def page(cases: QuerySet[Case], sort: str, *, after: str = "", before: str = "") -> Page:
    """The tickets after (or before) a place of the order; the first page when it says nothing. One query."""
    backwards = bool(before) and not after
    columns = COLUMNS[sort]
    edge = read_place(before if backwards else after, columns)
    rows = in_order(cases, sort)
    if edge is None:
        backwards = False
    else:
        rows = rows.filter(_beyond(edge, columns, backwards=backwards))
    if backwards:
        rows = rows.reverse()
    taken = list(rows[: PAGE_SIZE + 1])
    more, taken = len(taken) > PAGE_SIZE, taken[:PAGE_SIZE]
    if backwards:
        taken.reverse()
    has_next, has_previous = (True, more) if backwards else (more, edge is not None)
    return Page(
        rows=taken,
        after=place(taken[-1], sort) if taken and has_next else "",
        before=place(taken[0], sort) if taken and has_previous else "",
    )


def place(case: Case, sort: str) -> str:
    """Where a ticket stands in an order, for an address: the values themselves, so that it holds when they change."""
    values = [getattr(case, column.removeprefix("-"), None) for column in COLUMNS[sort]]
    written = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return urlsafe_b64encode(json.dumps(written).encode()).decode().rstrip("=")


def read_place(text: str, columns: tuple[str, ...]) -> list[Any] | None:
    """The values of `place`; None for what is none of an order with these columns."""
    if not text or len(text) > LONGEST_PLACE:
        return None
    try:
        values = json.loads(urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, list) or len(values) != len(columns):
        return None
    read = [_value(value, column.removeprefix("-")) for value, column in zip(values, columns, strict=True)]
    return None if None in read else read


def _value(value: Any, column: str) -> Any:
    if column == "pk":
        return value if isinstance(value, int) and 0 <= value < 10**LONGEST_ID else None
    if not isinstance(value, str) or "\0" in value:
        return None
    if column == "ens_key":
        return value
    try:
        moment = parse_datetime(value)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None


def _beyond(edge: list[Any], columns: tuple[str, ...], *, backwards: bool) -> Q:
    """(a, b, c) > (x, y, z), written so that both databases use their indexes."""
    condition, equal = Q(), Q()
    for column, value in zip(columns, edge, strict=True):
        name = column.removeprefix("-")
        greater = column.startswith("-") == backwards
        condition |= equal & Q(**{f"{name}__{'gt' if greater else 'lt'}": value})
        equal &= Q(**{name: value})
    return condition


# ---- what stands around the page ----


def counts(*, viewer: User, now: datetime) -> dict[str, int]:
    """View -> how many tickets of it run or wait, MOST_COUNTED at most: more than that nobody counts. One query.

    Each view is counted on its own index up to there, so that the cost does not grow with the tickets.
    """
    running = Case.objects.filter(due_at__isnull=False)
    # In the order of their index, which the database then walks; a case has a clock of each sort at most.
    burning = Clock.objects.filter(is_running=True, warn_at__lte=now).order_by("warn_at").values("case_id")
    counted = {
        "tot": running,
        "meus": running.filter(assignee=viewer),
        "sense": running.filter(assignee=None),
        "nivell": running.filter(level=level_of(viewer)),
        "pausa": Case.objects.filter(state=State.WAITING),
    }
    rows: dict[str, QuerySet[Any, Any]] = {
        view: cases.order_by().values("pk")[:MOST_COUNTED] for view, cases in counted.items()
    }
    rows["cremen"] = burning[: MOST_COUNTED * len(Clocked)]
    parts: list[str] = []
    values: list[Any] = []
    for view, found in rows.items():
        sql, given = found.query.sql_with_params()
        what = "COUNT(DISTINCT case_id)" if view == "cremen" else "COUNT(*)"
        parts.append(f"(SELECT {what} FROM ({sql}) AS counted)")  # noqa: S608  the ORM's own SQL; values are bound
        values += given
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts), values)
        return {view: min(count, MOST_COUNTED) for view, count in zip(rows, cursor.fetchone(), strict=True)}


@dataclass(frozen=True)
class Choices:
    """What there is to choose from: (slug, name) of the organisations of live tickets, and of all the topics, those of
    the questions first; (id, name) of who works at the desk.
    """

    organisations: list[tuple[str, str]]
    topics: list[tuple[str, str]]
    agents: list[tuple[int, str]]


def choices() -> Choices:
    """Three queries a minute, when a new organisation shows up in the list. Without a name a topic shows its slug."""
    return cast("Choices", cache.get_or_set("desk.board.choices", _choices, 60))


def _choices() -> Choices:
    live = Case.objects.filter(state__in=LIVE).order_by()
    known = set(live.values_list("topic", "organisation__slug", "organisation__name").distinct())
    organisations = {(slug, name) for _topic, slug, name in known if slug}
    named = {topic.slug: topic.label for topic in topics()}
    others = {topic for topic, _slug, _name in known if topic} - named.keys()
    return Choices(
        organisations=sorted(organisations, key=lambda pair: fold(pair[1])),
        topics=[*named.items(), *((topic, topic) for topic in sorted(others))],
        agents=[(person.pk, str(person)) for person in agents()],
    )


def by_references(references: Iterable[str]) -> list[Case]:
    """The tickets of these references, at most a page of them; unknown ones are left out. One query."""
    numbers = [Filters(words=reference).reference for reference in list(references)[:PAGE_SIZE]]
    wanted = {number for number in numbers if number is not None}
    return list(with_names(Case.objects.filter(pk__in=wanted).annotate(ens_key=_ENS_KEY)))
