"""An engine that may be away, and the one that answers then."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from .question import Away

if TYPE_CHECKING:
    from collections.abc import Callable

    from .breaker import Breaker
    from .question import Answer, Engine, Match, Query

Found = TypeVar("Found")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class WithFallback:
    """Asks `wanted` unless it failed a moment ago, and `spare` when it gives no answer: nobody sees an error."""

    wanted: Engine
    spare: Engine
    breaker: Breaker

    def find(self, query: Query) -> list[Match]:
        found = self._ask(lambda: self.wanted.find(query))
        return self.spare.find(query) if found is None else found

    def answer(self, query: Query) -> Answer:
        found = self._ask(lambda: self.wanted.answer(query))
        return replace(self.spare.answer(query), is_degraded=True) if found is None else found

    def _ask(self, ask: Callable[[], Found]) -> Found | None:
        if not self.breaker.allows():
            return None
        try:
            found = ask()
        except Away as problem:
            self.breaker.failed()
            logger.warning("The search engine does not answer; the database does: %s", problem)
            return None
        self.breaker.succeeded()
        return found
