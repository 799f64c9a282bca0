"""Addresses of the whole site."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView

from ecabinet.accounts.access import public
from ecabinet.api import api
from ecabinet.operations.views import healthz

# Rooms of Wagtail that have no place here: what they write would go past the actions.
UNUSED = (
    "pages|images|documents|choose-page|choose-external-link|choose-email-link|choose-phone-link|choose-anchor-link"
    "|users|groups|sites|locales|collections|workflows|snippets|settings|reports|bulk|password_reset|styleguide"
)


def not_here(request: HttpRequest, **_parts: str) -> HttpResponse:
    raise Http404


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", public(healthz), name="healthz"),
    path("api/v1/", api.urls),
    path("account/", include("ecabinet.accounts.urls")),
    # One's own account belongs to the portal; Wagtail's page knows neither passkeys nor our look.
    path("admin/account/", RedirectView.as_view(pattern_name="mfa_index"), name="admin-account"),
    path("admin/", include([re_path(rf"^(?:{UNUSED})/", not_here)])),
    path("admin/", include("wagtail.admin.urls")),
    path("", include("frontend.urls")),
]

if settings.DEMO:
    urlpatterns.insert(0, path("demo/", include("ecabinet.demo.urls")))

handler400 = "frontend.views.errors.bad_request"
handler403 = "frontend.views.errors.forbidden"
handler404 = "frontend.views.errors.not_found"
handler429 = "frontend.views.errors.too_many"
handler500 = "frontend.views.errors.server_error"
