"""Pages for what went wrong: what happened, what is safe, what to do."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from ecabinet.common.middleware import wants_json, whole_page


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open longer than the session it belonged to."""
    back = request.META.get("HTTP_REFERER") or "/"
    context = {"back": back, "reason": reason}
    return whole_page(request, render(request, "frontend/csrf.html", context, status=403))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A body too large is the one that people meet; of the others nothing the request says is believed."""
    if not isinstance(exception, RequestDataTooBig):
        return render(None, "400.html", status=400)
    if wants_json(request):
        words = _("That is too large to be accepted")
        return JsonResponse({"code": "too_large", "message": words, "details": {}}, status=413)
    return render(request, "413.html", status=413)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def too_many(request: HttpRequest) -> HttpResponse:
    """Asked for too often; the sign-in package calls it by its name in ``ecabinet.urls``."""
    if wants_json(request):
        words = _("Too many attempts. Wait a few minutes and try again.")
        return JsonResponse({"code": "too_many", "message": words, "details": {}}, status=429)
    return render(request, "429.html", status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """No context: whatever failed may fail again."""
    return render(None, "500.html", status=500)
