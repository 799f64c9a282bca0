"""The ASGI application: HTTP by Django, sockets by Channels."""

from __future__ import annotations

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecabinet.settings")
http = get_asgi_application()

application = ProtocolTypeRouter({"http": http})
