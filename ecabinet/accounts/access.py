"""Deny by default: a view answers a stranger only when it is marked ``@public``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from ecabinet.common.errors import Denied
from ecabinet.common.middleware import refusal, wants_json, whole_page

View = TypeVar("View", bound=Callable[..., Any])

MARK = "ecabinet_public"
ADMINISTRATION = "/admin/"


def public(view: View) -> View:
    """Mark a view (or the result of ``as_view()``) as open to everyone."""
    setattr(view, MARK, True)
    return view


def is_public(view: Callable[..., Any]) -> bool:
    """Whether strangers may call the view: marked here, or listed in ``PUBLIC_VIEWS`` for packages."""
    if getattr(view, MARK, False):
        return True
    target = getattr(view, "view_class", view)
    return f"{target.__module__}.{getattr(target, '__qualname__', '')}" in settings.PUBLIC_VIEWS


class AccessMiddleware:
    """Ask for a sign-in before any view that is not public; keep the administration to its own people."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None if is_public(view) else refuse_stranger(request)
        if request.path.startswith(ADMINISTRATION) and not request.user.has_perm("wagtailadmin.access_admin"):
            return refuse_guest(request)
        return None


def refuse_stranger(request: HttpRequest) -> HttpResponse:
    """The sign-in page and back again for a page; a sentence for a form; JSON for the API."""
    if wants_json(request):
        words = _("Sign in again: your session has ended. Nothing was sent.")
        return JsonResponse({"code": "signed_out", "message": words, "details": {}}, status=401)
    if request.headers.get("HX-Request") and request.method == "GET":
        return HttpResponse(status=401, headers={"HX-Refresh": "true"})
    if request.method in ("GET", "HEAD"):
        return HttpResponseRedirect(sign_in_url(request.get_full_path()))
    # What was typed is still on the page behind: the Back button brings it back, a redirect would lose it.
    back = request.META.get("HTTP_REFERER") or "/"
    context = {"sign_in": sign_in_url(), "back": back}
    return whole_page(request, render(request, "frontend/session_ended.html", context, status=401))


def refuse_guest(request: HttpRequest) -> HttpResponse:
    """Someone who is signed in but does not work here. Wagtail would send them to sign in, for ever."""
    words = _(
        "The administration is for the secretariat and the system administrators. "
        "Your papers, meetings and votes are on the first page."
    )
    return refusal(request, Denied(words))


def sign_in_url(path: str = "") -> str:
    url = resolve_url(settings.LOGIN_URL)
    return f"{url}?{urlencode({'next': path})}" if path and path != "/" else url
