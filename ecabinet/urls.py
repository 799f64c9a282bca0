"""Addresses of the whole site."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from ecabinet.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("account/", include("ecabinet.accounts.urls")),
    path("", include("frontend.urls")),
]

handler403 = "frontend.views.errors.forbidden"
handler404 = "frontend.views.errors.not_found"
handler500 = "frontend.views.errors.server_error"
