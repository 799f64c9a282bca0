"""A page of another site may not open a socket with our visitor's cookies."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import split_domain_port, validate_host

Scope = Mapping[str, Any]
Asgi = Callable[[Any, Any, Any], Awaitable[Any]]


class OriginValidator:
    """Lets a handshake pass whose Origin is this very host (or a trusted one); refuses all others."""

    def __init__(self, application: Asgi) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> Any:
        inner = self.application if is_same_origin(dict(scope["headers"])) else WebsocketDenier.as_asgi()
        return await inner(scope, receive, send)


def is_same_origin(headers: Mapping[bytes, bytes]) -> bool:
    """Whether the Origin header names the allowed host the request came to; none at all does not."""
    origin = headers.get(b"origin", b"").decode("latin-1")
    host = headers.get(b"host", b"").decode("latin-1")
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    parts = urlsplit(origin)
    known = validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)
    return known and parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()
