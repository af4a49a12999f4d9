"""What other apps may use of the search: register a kind, say that a thing changed, and ask."""

from .audience import PUBLIC, SIGNED_IN, STAFF, findable_by, may_find, tokens_of
from .domain import rebuild, refresh
from .projectors import Draft, Projector, register, unregister
from .queries import Hit, find

__all__ = [
    "PUBLIC",
    "SIGNED_IN",
    "STAFF",
    "Draft",
    "Hit",
    "Projector",
    "find",
    "findable_by",
    "may_find",
    "rebuild",
    "refresh",
    "register",
    "tokens_of",
    "unregister",
]
