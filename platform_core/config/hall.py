"""The amphitheatre of the home page: one seat for each municipality, taken by those that joined Participa311.

The picture is drawn by the server from real data, as attributes, and kept in the cache: a page costs no query for it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from django.core.cache import cache
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from platform_core.organisations.public import Kind, Organisation

CACHE_KEY = "home.hall"
CACHE_SECONDS = 60

WIDTH, HEIGHT = 470, 268
CENTRE_X, CENTRE_Y = 235.0, 254.3
FIRST_ROW, ROW_STEP, ROWS = 62.5, 19.4, 9
EDGE, AISLE = 8.5, 9.0
SEAT = 4.2
#: Where we draw the seat of a viewer whose organisation is not one of the counted: in front of everybody.
GUEST = (CENTRE_X, 210.0)

Point = tuple[float, float]


@dataclass(frozen=True)
class Hall:
    """`free` and `taken` are the circles of the seats; `places` says where each organisation sits."""

    joined: int
    total: int
    free: SafeString
    taken: SafeString
    places: dict[int, Point]

    def place_of(self, organisation: Organisation) -> Point:
        return self.places.get(organisation.pk, GUEST)


def hall() -> Hall:
    """The hall as it was at most a minute ago. The fictional municipalities of demonstrations have no seat in it."""
    kept: Hall | None = cache.get(CACHE_KEY)
    if kept is None:
        kept = _draw()
        cache.set(CACHE_KEY, kept, CACHE_SECONDS)
    return kept


def _draw() -> Hall:
    """Neighbours sit together: each comarca is a slice of the hall."""
    municipalities = Organisation.objects.filter(kind=Kind.MUNICIPALITY, is_fictional=False)
    rows = list(municipalities.order_by("comarca", "sort_key", "id").values_list("id", "joined_on"))
    places = {pk: point for (pk, _joined), point in zip(rows, seats(len(rows)), strict=True)}
    taken = [places[pk] for pk, joined in rows if joined]
    free = [places[pk] for pk, joined in rows if not joined]
    return Hall(joined=len(taken), total=len(rows), free=_circles(free), taken=_circles(taken), places=places)


def _circles(points: list[Point]) -> SafeString:
    return format_html_join("", '<circle cx="{}" cy="{}" r="{}"/>', ((x, y, SEAT) for x, y in points))


@lru_cache(maxsize=4)
def seats(count: int) -> tuple[Point, ...]:
    """Where `count` seats go, from left to right, in units of the picture: rows around a stage, with two aisles."""
    radii = [FIRST_ROW + ROW_STEP * row for row in range(ROWS)]
    points = [
        (angle, radius)
        for radius, seated in zip(radii, _shares(count, radii), strict=True)
        for angle in _row(radius, seated)
    ]
    points.sort(key=lambda point: (-point[0], point[1]))
    return tuple(
        (round(CENTRE_X + radius * math.cos(angle), 1), round(CENTRE_Y - radius * math.sin(angle), 1))
        for angle, radius in points
    )


def _row(radius: float, seated: int) -> list[float]:
    """The angles, in radians, of the seats of one row: a third of them, more or less, between the aisles."""
    side = round(seated / 3)
    edge, aisle = EDGE / radius, AISLE / radius
    third = math.pi / 3
    blocks = [(edge, third - aisle, side), (third + aisle, 2 * third - aisle, seated - 2 * side)]
    blocks.append((2 * third + aisle, math.pi - edge, side))
    return [
        start + (end - start) * (index / (number - 1) if number > 1 else 0.5)
        for start, end, number in blocks
        for index in range(number)
    ]


def _shares(count: int, weights: list[float]) -> list[int]:
    """`count` divided in proportion to the weights, in whole numbers (the largest remainders round up)."""
    exact = [count * weight / sum(weights) for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: shares[index] - exact[index])
    for index in by_remainder[: count - sum(shares)]:
        shares[index] += 1
    return shares
