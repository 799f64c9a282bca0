"""Counting calls goes on while Redis is away, and is shared again when it is back."""

from __future__ import annotations

import pytest
from django.core.cache.backends.redis import RedisCache

from ecabinet.common import cache as spare
from ecabinet.common.cache import SpareRedisCache
from tests import services

pytestmark = pytest.mark.redis


def test_counting_goes_on_without_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    with services.redis() as url:
        cache = SpareRedisCache(url, {})
        cache.add("calls", 0, timeout=60)
        assert cache.incr("calls") == 1
    assert cache.get("calls") is None
    cache.add("calls", 0, timeout=60)
    assert [cache.incr("calls"), cache.incr("calls")] == [1, 2]
    cache.set("other", {"a": 1}, timeout=60)
    assert cache.get("other") == {"a": 1}
    monkeypatch.setattr(spare, "PAUSE", 0.0)
    cache.delete("other")
    assert cache.get("other", "nothing") == "nothing"


def test_redis_is_asked_again_after_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    port = services.free_port()
    monkeypatch.setattr(spare, "PAUSE", 0.0)
    cache = SpareRedisCache(f"redis://127.0.0.1:{port}/0", {})
    cache.set("who", "alone", timeout=60)
    assert cache.get("who") == "alone"
    with services.redis(port):
        assert cache.get("who") is None
        cache.set("who", "together", timeout=60)
        assert RedisCache(f"redis://127.0.0.1:{port}/0", {}).get("who") == "together"
    assert cache.get("who") == "alone"
