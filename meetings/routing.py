"""Addresses of sockets."""

from __future__ import annotations

from django.urls import re_path

from meetings.consumers import meeting_socket

websocket_urlpatterns = [
    re_path(r"^ws/meetings/(?P<pk>\d+)/$", meeting_socket),  # type: ignore[arg-type]  # an ASGI application, as channels wants
]
