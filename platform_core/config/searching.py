"""`/cerca/`: one search over everything that a person may see, and the suggestions of its box. What is found and by
whom is the search's (`platform_core.search`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from knowledge_base.public import note_failed, reading_language
from platform_core.accounts.models import User
from platform_core.base.errors import Refusal
from platform_core.base.identity_numbers import redact
from platform_core.organisations.public import memberships_of
from platform_core.search.public import MOST_COUNTED, MOST_PAGES, PAGE_SIZE, Results, icon_of, label_of, search, suggest

from .asked import Asked, clean, facets_of, periods

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from platform_core.organisations.models import Organisation
    from platform_core.search.public import Hit

CLEARLY = 1.4
"""How many times the second's score makes the first clearly the best."""

MINUTE = 60  # seconds
MOST_SUGGESTED, MOST_NOTED = 600, 30
"""A minute from one address, which a whole town hall may share: requests while typing, and failed searches noted."""

SUGGESTED_SECONDS = 60
SHORTEST_SUGGESTED = 2


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What the address asks for (`asked.Asked`). 400 for a page that is not shown to anybody."""
    ours = _organisations(request)
    asked = Asked.of(request.GET, organisations=ours)
    try:
        results = _search(request, asked, ours)
        known = asked.without_unknown_groups(results, viewer=request.user)
        if known != asked:
            asked, results = known, _search(request, known, ours)
    except Refusal as refusal:
        return render(request, "config/search/refused.html", {"asked": asked, "refusal": refusal}, status=400)
    _note(request, asked, results)
    best = _best(asked, results)
    pages = min(MOST_PAGES, -(-results.total // PAGE_SIZE))
    context = {
        "asked": asked,
        "results": results,
        "hits": [(hit, label_of(hit.kind), icon_of(hit.kind), hit is best) for hit in results.hits],
        "facets": facets_of(asked, results, organisations=ours),
        "applied": asked.applied(),
        "is_many": results.total >= MOST_COUNTED,
        "did_you_mean": results.did_you_mean,
        "did_you_mean_url": Asked(text=results.did_you_mean).address(),
        "pages": [(number, asked.address(page=number)) for number in _around(asked.page, pages)],
        "previous": asked.address(page=asked.page - 1) if asked.page > 1 else "",
        "next": asked.address(page=asked.page + 1) if asked.page < pages else "",
    }
    return render(request, "config/search/page.html", context)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """The public answers closest to `q`, as options for the list under a box. Nothing is kept of what is typed."""
    asked = clean(request.GET.get("q", ""))
    if not _is_within(request, "suggest", most=MOST_SUGGESTED):
        return HttpResponse(status=429)
    hits = suggest(asked, language=reading_language()) if len(asked) >= SHORTEST_SUGGESTED else []
    answer = render(request, "config/search/suggestions.html", {"hits": hits})
    patch_cache_control(answer, private=True, max_age=SUGGESTED_SECONDS)
    return answer


def _search(request: HttpRequest, asked: Asked, ours: Sequence[Organisation]) -> Results:
    return search(
        asked.text,
        viewer=request.user,
        language=reading_language(),
        filters=asked.filters(),
        organisations=[organisation.pk for organisation in ours],
        periods=periods(),
        newest_first=asked.newest_first,
        page=asked.page,
    )


def _organisations(request: HttpRequest) -> list[Organisation]:
    if not isinstance(request.user, User):
        return []
    return [seat.organisation for seat in memberships_of(request.user)]


def _note(request: HttpRequest, asked: Asked, results: Results) -> None:
    """A plain question without any answer is told to the editors. Not what a robot asks again and again."""
    if request.method != "GET" or results.total or not asked.is_plain or not asked.text:
        return
    if _is_within(request, "failed", most=MOST_NOTED):
        note_failed(text=redact(asked.text), language=reading_language())


def _is_within(request: HttpRequest, what: str, *, most: int) -> bool:
    """Whether this address has asked for no more than `most` in this minute. allauth's own limits skip every GET."""
    key = f"searching.{what}.{get_adapter().get_client_ip(request)}"
    cache.add(key, 0, MINUTE)
    try:
        return cache.incr(key) <= most
    except ValueError:  # it has just run out
        return True


def _best(asked: Asked, results: Results) -> Hit | None:
    """The first one, when it is clearly the best and not merely the first."""
    if asked.newest_first or asked.page > 1 or not results.hits:
        return None
    first, second = results.hits[0], results.hits[1:2]
    return first if not second or first.score >= CLEARLY * second[0].score else None


def _around(here: int, pages: int) -> list[int]:
    """The first, the last and those beside where one is; 0 stands for what is left out."""
    shown = sorted({1, pages, *range(here - 2, here + 3)} & set(range(1, pages + 1)))
    found: list[int] = []
    for number in shown:
        if found and number - found[-1] > 1:
            found.append(0)
        found.append(number)
    return found if pages > 1 else []
