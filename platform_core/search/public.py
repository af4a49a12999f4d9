"""What other apps may use of the search: register a kind, say that a thing changed, and ask."""

from .audience import (
    PUBLIC,
    SIGNED_IN,
    STAFF,
    findable_by,
    for_person,
    for_referents,
    held_by,
    may_find,
    tokens_of,
)
from .domain import rebuild, refresh
from .engines import Filters
from .health import remote_health
from .projectors import Draft, Projector, icon_of, label_of, register, unregister
from .queries import MOST_COUNTED, MOST_PAGES, PAGE_SIZE, Hit, Results, find, search, suggest

__all__ = [
    "MOST_COUNTED",
    "MOST_PAGES",
    "PAGE_SIZE",
    "PUBLIC",
    "SIGNED_IN",
    "STAFF",
    "Draft",
    "Filters",
    "Hit",
    "Projector",
    "Results",
    "find",
    "findable_by",
    "for_person",
    "for_referents",
    "held_by",
    "icon_of",
    "label_of",
    "may_find",
    "rebuild",
    "refresh",
    "register",
    "remote_health",
    "search",
    "suggest",
    "tokens_of",
    "unregister",
]
