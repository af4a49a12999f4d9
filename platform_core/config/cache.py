"""The cache of production: Redis, and the memory of this process while Redis is away."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import TimeoutError as RedisTooSlow

logger = logging.getLogger(__name__)

PAUSE = 5.0
"""Seconds that a Redis which did not answer is left alone, so that nobody waits for it in every request."""


class SteadyRedisCache(RedisCache):
    """Pages and sign-in go on without Redis: what was cached is made again, and attempts are counted by process."""

    _away_until = 0.0  # of time.monotonic(), and of the whole process: each thread has its own instance

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._memory = LocMemCache("without-redis", {**params, "OPTIONS": {}})

    @property
    def away(self) -> bool:
        """Whether Redis did not answer a moment ago."""
        return time.monotonic() < SteadyRedisCache._away_until

    def _ask(self, verb: str, *args: Any, **kwargs: Any) -> Any:
        if not self.away:
            try:
                return getattr(super(), verb)(*args, **kwargs)
            except (RedisAway, RedisTooSlow) as problem:
                logger.warning("Redis is away (%s): caching in memory for %g s.", type(problem).__name__, PAUSE)
                SteadyRedisCache._away_until = time.monotonic() + PAUSE
        return getattr(self._memory, verb)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("delete", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("get_many", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("has_key", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("incr", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("set_many", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("delete_many", *args, **kwargs)

    def clear(self) -> Any:
        return self._ask("clear")
