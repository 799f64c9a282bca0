"""Counting how often one address asks, where anybody may ask."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ecabinet.common.errors import DomainError


def check(request: HttpRequest, scope: str, *, limit: int, seconds: int) -> None:
    """Count this call; raises DomainError ``too_many`` (429) after ``limit`` calls in ``seconds``."""
    window = int(time.time()) // seconds
    key = f"throttle:{scope}:{address_of(request)}:{window}"
    if _counted(key, seconds * 2) > limit:
        raise DomainError("too_many", _("Too many requests from here. Wait a minute and try again."), 429)


def _counted(key: str, life: int) -> int:
    cache.add(key, 0, timeout=life)
    try:
        return cache.incr(key)
    except ValueError:  # the cache was emptied between the two calls: this is the first call it knows
        cache.set(key, 1, timeout=life)
        return 1


def address_of(request: HttpRequest) -> str:
    """Who asks; behind our own proxy the last address it has written down."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
