"""A person's notices: what others did that concerns them, and how much of it they have not looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from platform_core.accounts.domain import see_news
from platform_core.accounts.queries import own_stream
from platform_core.activity.models import StreamEntry
from platform_core.activity.queries import heads
from platform_core.organisations.public import visible_to

from . import feed

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from platform_core.accounts.models import User

PAGE = 20
MOST_COUNTED = 99
LONGEST_CURSOR = 18  # digits


@dataclass(frozen=True)
class Notice:
    item: feed.Item
    cursor: int
    """Of the person's own stream."""
    is_new: bool


@dataclass(frozen=True)
class Notices:
    """A page of them, the newest first. `older` is where the next one begins, `head` up to where it was looked."""

    rows: list[Notice]
    head: int
    older: int | None


def notices_of(person: User, *, before: int | None = None) -> Notices:
    """Those before a cursor. What the person may not see (any more) is left out. At most seven queries."""
    stream = own_stream(person.pk)
    head = heads([stream])[stream]
    entries = _entries(person)
    if before is not None:
        entries = entries.filter(cursor__lt=before)
    found = list(entries[: PAGE + 1])
    shown = found[:PAGE]
    rows = _linked(_told(shown, person), person)
    return Notices(rows, head, shown[-1].cursor if len(found) > PAGE else None)


def unseen(person: User) -> int:
    """How many the person has not looked at; of more than MOST_COUNTED only one more is counted."""
    return len(_told(list(_entries(person).filter(cursor__gt=person.news_seen)[: MOST_COUNTED + 1]), person))


def _entries(person: User) -> QuerySet[StreamEntry]:
    """What happened to the person and was not their own doing."""
    entries = StreamEntry.objects.filter(stream_id=own_stream(person.pk), activity__type__in=feed.noticed_types())
    return entries.exclude(activity__actor=person.pk).select_related("activity__actor").order_by("-cursor")


def _told(entries: list[StreamEntry], person: User) -> list[Notice]:
    items = feed.told([entry.activity for entry in entries], person)
    return [
        Notice(items[entry.activity_id], entry.cursor, entry.cursor > person.news_seen)
        for entry in entries
        if entry.activity_id in items
    ]


def _linked(rows: list[Notice], person: User) -> list[Notice]:
    """Whoever has left a local body still reads that they did, without a link to what they no longer see. One query."""
    named = {row.item.organisation.pk for row in rows if row.item.organisation}
    seen = set(visible_to(person).filter(pk__in=named).values_list("pk", flat=True)) if named else set()
    return [
        row if row.item.organisation is None or row.item.organisation.pk in seen
        else replace(row, item=row.item.unlinked())
        for row in rows
    ]  # fmt: skip


@never_cache
@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """`?abans=120`: those before that cursor."""
    person: User = request.user  # type: ignore[assignment]  # signed in
    before = _cursor(request.GET.get("abans", ""))
    notices = notices_of(person, before=before)
    context = {
        "notices": notices,
        "has_new": before is None and notices.head > person.news_seen,
        "told": " ".join(feed.noticed_types()),
        "followed": f"{own_stream(person.pk)}@{notices.head}",
    }
    return render(request, "config/notices.html", context)


@never_cache
@require_GET
def count(request: HttpRequest) -> JsonResponse:
    """How many the bell shows."""
    if not request.user.is_authenticated:
        return JsonResponse({"count": 0}, status=403)
    return JsonResponse({"count": unseen(request.user)})


@login_required
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """`fins=120`: the person has looked at them up to there."""
    person: User = request.user  # type: ignore[assignment]  # signed in
    see_news(user=person, cursor=_cursor(request.POST.get("fins", "")) or 0)
    return HttpResponse(status=204) if request.headers.get("X-Fragment") else redirect("notices")


def _cursor(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_CURSOR else None
