"""Answers that hold for every page: refusals in words, and what a browser may do with a page."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from ecabinet.common.csp import CSP_ADMIN, CSP_PORTAL
from ecabinet.common.errors import DomainError

Handler = Callable[[HttpRequest], HttpResponse]


class DomainErrorMiddleware:
    """A DomainError that a view lets through becomes a page with its sentence, or JSON for the API."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        return refusal(request, error)


def wants_json(request: HttpRequest) -> bool:
    """Whether the caller is a script and not a person in front of a page."""
    asked_for = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or asked_for.startswith("application/json")


def whole_page(request: HttpRequest, page: HttpResponse) -> HttpResponse:
    """A page that must not land inside the one whose part was asked for by htmx.

    The asking page learns to ask again as a plain form or link (``frontend/src/entries/portal.ts``), so
    that the Back button leads to what was typed.
    """
    if request.headers.get("HX-Request"):
        page["HX-Reswap"], page["HX-Trigger"] = "none", "ask-plainly"
    return page


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The error as an answer in the form the caller asked for."""
    if wants_json(request):
        body = {"code": error.code, "message": str(error.message), "details": error.details}
        return JsonResponse(body, status=error.status)
    back = request.META.get("HTTP_REFERER") or "/"
    context = {"error": error, "back": back}
    return whole_page(request, render(request, "frontend/refusal.html", context, status=error.status))


class ContentSecurityPolicyMiddleware:
    """Pages run only what this site serves: no inline script or style, no other host.

    The administration is Wagtail's: its own scripts are inline in places, so there, and only there, inline
    is let through. A view may set the header itself; then it stands.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        policy = CSP_ADMIN if request.path.startswith("/admin/") else CSP_PORTAL
        response.headers.setdefault("Content-Security-Policy", "; ".join(policy))
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        if "text/html" in response.headers.get("Content-Type", ""):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class WrongMethodMiddleware:
    """Django's answer to a wrong method is empty; a person who reloads a result gets words instead."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content or wants_json(request):
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page
