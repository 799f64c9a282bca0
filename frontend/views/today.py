"""The first page: what is on, what waits for me, what is new."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from frontend.queries.today import today_of
from frontend.views.meetings import signed_in


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    return render(request, "frontend/today.html", {"today": today_of(signed_in(request))})
