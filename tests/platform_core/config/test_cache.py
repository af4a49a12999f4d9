"""Pages go on without Redis, and come back to it by themselves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from platform_core.config.cache import SteadyRedisCache
from tests.harness.servers import free_port, redis


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    SteadyRedisCache._away_until = 0.0
    yield
    SteadyRedisCache._away_until = 0.0


def test_without_redis_the_cache_is_the_memory_of_the_process():
    cache = SteadyRedisCache(f"redis://127.0.0.1:{free_port()}/0", {})
    cache.set("a", 1, 30)
    assert cache.get("a") == 1
    assert cache.incr("a") == 2
    assert cache.add("b", "new", 30)
    assert not cache.add("b", "other", 30)
    assert cache.get_or_set("c", lambda: "made", 30) == "made"
    assert cache.get_many(["a", "b"]) == {"a": 2, "b": "new"}
    assert cache.delete("a")
    assert not cache.has_key("a")
    cache.clear()
    assert cache.get("b") is None
    assert cache.away


def test_what_has_expired_or_never_was_is_not_there():
    cache = SteadyRedisCache(f"redis://127.0.0.1:{free_port()}/0", {})
    assert cache.get("nothing", "instead") == "instead"
    with pytest.raises(ValueError, match="nothing"):
        cache.incr("nothing")


@pytest.mark.redis
def test_it_uses_redis_and_leaves_it_when_it_goes_away():
    with redis() as url:
        cache, other = SteadyRedisCache(url, {}), SteadyRedisCache(url, {})
        cache.set("shared", "yes", 30)
        assert other.get("shared") == "yes"
        assert not cache.away
    assert cache.get("shared") is None
    assert cache.away
