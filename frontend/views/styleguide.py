"""The living page of the design system."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ecabinet.accounts.access import public


@public
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every token and component in every state."""
    return render(request, "frontend/styleguide.html")
