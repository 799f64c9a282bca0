"""The versioned API: each room brings a router, errors are answered in one place."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from ecabinet.common.errors import DomainError
from meetings.api import router as meetings_router
from meetings.api_desk import router as desk_router
from meetings.api_polls import router as polls_router

api = NinjaAPI(title="E-Cabinet", version="1", urls_namespace="api", docs_url=None)
api.add_router("", meetings_router)
api.add_router("", desk_router)
api.add_router("", polls_router)


def answer(request: HttpRequest, code: str, message: str, status: int, **details: object) -> HttpResponse:
    """A refusal as ``{"code", "message", "details"}`` with its status."""
    return api.create_response(request, {"code": code, "message": message, "details": details}, status=status)


@api.exception_handler(DomainError)
def refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    return answer(request, error.code, str(error.message), error.status, **error.details)


@api.exception_handler(ValidationError)
def refuse_input(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What was sent does not have the shape of the command; ``details.fields`` names the places."""
    fields = [".".join(str(part) for part in row["loc"]) for row in error.errors]
    words = _("The request is not in the expected form. Reload the page and try again.")
    return answer(request, "invalid_request", words, 422, fields=fields)


@api.exception_handler(HttpError)
def refuse_request(request: HttpRequest, error: HttpError) -> HttpResponse:
    """The framework's own refusals: a missing CSRF token, a body that is no JSON."""
    if error.status_code == 403:
        words = _("This page is too old to send from. Reload it and try again; nothing was sent.")
        return answer(request, "csrf_failed", words, 403)
    words = _("The request is not in the expected form. Reload the page and try again.")
    return answer(request, "invalid_request", words, error.status_code)
