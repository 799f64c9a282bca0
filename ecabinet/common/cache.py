"""The shared cache for counting calls: Redis, and while it is away the memory of each process.

Redis is a help and no more: nobody is kept from signing in because a counter cannot be raised.
"""

from __future__ import annotations

import logging
import time
from typing import Any

import redis
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient

logger = logging.getLogger(__name__)

TIMEOUT = 1.0  # seconds until Redis counts as away
PAUSE = 5.0  # seconds until it is asked again


class SpareClient:
    """Asks Redis; what it does not answer is answered by the memory of this process."""

    def __init__(self, servers: list[str], **options: Any) -> None:
        limits = {"socket_timeout": TIMEOUT, "socket_connect_timeout": TIMEOUT}
        self._shared = RedisCacheClient(servers, **{**limits, **options})
        self._spare = LocMemCache(f"spare of {servers}", {})
        self._away_until = 0.0

    def __getattr__(self, name: str) -> Any:
        """``get``, ``set``, ``incr``…: Django's cache clients share the names of its caches."""

        def ask(*arguments: Any) -> Any:
            if time.monotonic() >= self._away_until:
                try:
                    return getattr(self._shared, name)(*arguments)
                except redis.RedisError as error:
                    logger.warning("Redis does not answer, each process counts alone: %s", error)
                    self._away_until = time.monotonic() + PAUSE
            return getattr(self._spare, name)(*arguments)

        return ask


class SpareRedisCache(RedisCache):
    """Django's Redis cache with a spare; for counters and other things that may be forgotten."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = SpareClient
