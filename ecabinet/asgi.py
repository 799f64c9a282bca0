"""The ASGI application: HTTP by Django, sockets by Channels."""

from __future__ import annotations

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.sessions import CookieMiddleware
from django.core.asgi import get_asgi_application

from ecabinet.common.gate import Gate
from ecabinet.realtime.origin import OriginValidator

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecabinet.settings")
REQUESTS_AT_ONCE = 24

http = get_asgi_application()

# Only after Django is set up: these read models.
from meetings.ballot_door import BallotDoor  # noqa: E402  # see above
from meetings.routing import websocket_urlpatterns  # noqa: E402  # see above

websocket = OriginValidator(CookieMiddleware(URLRouter(websocket_urlpatterns)))
# A burst of thousands must not open as many database connections.
site = BallotDoor(Gate(http, REQUESTS_AT_ONCE))
application = ProtocolTypeRouter({"http": site, "websocket": websocket})
