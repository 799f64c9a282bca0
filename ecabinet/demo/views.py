"""The way in by a role card. These addresses exist in demo mode only."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from ecabinet.accounts.access import public
from ecabinet.accounts.stepup import DEMO_METHOD
from ecabinet.demo.cards import person_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@public
@require_POST
def enter(request: HttpRequest, key: str) -> HttpResponse:
    """Sign in as the person of the card; 404 when there is none."""
    person = person_of(key)
    if person is None:
        raise Http404
    login(request, person, backend=BACKEND)
    record_authentication(request, person, method=DEMO_METHOD, reauthenticated=True)
    target = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if here else "/")
