"""The versioned API: each room brings a router, errors are answered in one place."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from ecabinet.common.errors import DomainError
from meetings.api import router as meetings_router

api = NinjaAPI(title="E-Cabinet", version="1", urls_namespace="api", docs_url=None)
api.add_router("", meetings_router)


@api.exception_handler(DomainError)
def refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A refusal as ``{"code", "message", "details"}`` with its status."""
    body = {"code": error.code, "message": str(error.message), "details": error.details}
    return api.create_response(request, body, status=error.status)
