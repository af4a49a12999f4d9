"""The people and things that posts name, as their reader may see them: nothing of it is ever kept in stored HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import CharField, Exists, F, OuterRef, Value
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from helpdesk.desk.models import Case, State
from helpdesk.desk.permissions import visible_to
from platform_core.accounts.models import User
from platform_core.base.markup import references_in, resolve_references
from platform_core.base.templatetags.ui import icon
from platform_core.participation.public import members_of

from .permissions import topics_visible_to

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.utils.safestring import SafeString

    from platform_core.accounts.roles import Someone
    from platform_core.participation.models import Space

MOST = 200
"""Things that one page looks up; the rest stays as it was typed."""

PERSON, TICKET, TOPIC = "@", "S", "T"


def shown_to(viewer: Someone, space: Space, html: Iterable[str]) -> list[SafeString]:
    """Rendered posts of a community for one reader: tickets and topics that they may see as cards, members by name.

    At most one query, and none when nobody and nothing is named.
    """
    html = list(html)
    wanted = sorted({reference for one in html for reference in references_in(one)})[:MOST]
    shown = _look_up(viewer, space, wanted) if wanted else {}
    return [resolve_references(one, shown) for one in html]


def _look_up(viewer: Someone, space: Space, wanted: list[str]) -> dict[str, SafeString]:
    ids: dict[str, set[int]] = {PERSON: set(), TICKET: set(), TOPIC: set()}
    for reference in wanted:
        kind, number = _parts(reference)
        ids.setdefault(kind, set()).add(number)
    looks: list[QuerySet] = []
    if ids[TICKET]:
        looks.append(_row(visible_to(viewer).filter(pk__in=ids[TICKET]), TICKET, "ticket__title", "state"))
    if ids[TOPIC]:
        looks.append(_row(topics_visible_to(viewer).filter(pk__in=ids[TOPIC]), TOPIC, "title", "space__slug"))
    if ids[PERSON]:
        # Only members: otherwise anybody could read the names of all accounts by their numbers.
        is_member = Exists(members_of(space).filter(person=OuterRef("pk")))
        people = User.objects.filter(is_member, pk__in=ids[PERSON], is_active=True)
        looks.append(_row(people, PERSON, "name", "language"))
    if not looks:
        return {}
    rows = looks[0].union(*looks[1:], all=True) if len(looks) > 1 else looks[0]
    found = {(kind, pk): (words, more) for kind, pk, words, more in rows}
    return {
        reference: _card(reference, *found[_parts(reference)]) for reference in wanted if _parts(reference) in found
    }


def _row(things: QuerySet, kind: str, words: str, more: str) -> QuerySet:
    """(kind, id, words, more) of each, so that all kinds fit into one query."""
    named = things.order_by().annotate(
        ref_kind=Value(kind, output_field=CharField()), ref_words=F(words), ref_more=F(more)
    )
    return named.values_list("ref_kind", "pk", "ref_words", "ref_more")


def _parts(reference: str) -> tuple[str, int]:
    """`@12`, `S-4193` and `T-17/3` by kind and number."""
    if reference.startswith(PERSON):
        return PERSON, int(reference[1:])
    kind, _dash, number = reference.partition("-")
    return kind, int(number.partition("/")[0])


def _card(reference: str, words: str, more: str) -> SafeString:
    kind, pk = _parts(reference)
    if kind == PERSON:
        return format_html('<span class="mention">@{}</span>', words or _("a member"))
    if kind == TICKET:
        return format_html(
            '<a class="refcard" href="{}">{}<b>{}</b> {} <small>{}</small></a>',
            Case(pk=pk).get_absolute_url(), icon("ticket"), reference, words, State(more).label,
        )  # fmt: skip
    number = reference.partition("/")[2]
    address = reverse("agora:topic", args=[more, pk]) + (f"?n={number}#post-{number}" if number else "")
    return format_html('<a class="refcard" href="{}">{}<b>{}</b> {}</a>', address, icon("messages"), reference, words)
