"""The ASGI application: HTTP by Django, sockets by Channels."""

from __future__ import annotations

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecabinet.settings")
http = get_asgi_application()

# Only after Django is set up: these read models.
from ecabinet.realtime.origin import OriginValidator  # noqa: E402  # see above
from meetings.routing import websocket_urlpatterns  # noqa: E402  # see above

websocket = OriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns)))
application = ProtocolTypeRouter({"http": http, "websocket": websocket})
