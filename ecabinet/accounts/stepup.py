"""Step-up: before voting and signing, proof that the person is at the device now.

A sign-in, or a repeated one by passkey, code or password, counts for ``settings.STEP_UP_SECONDS``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ecabinet.common.errors import DomainError
from ecabinet.common.middleware import wants_json

DEMO_METHOD = "demo"


class StepUpRequired(DomainError):
    """403 ``step_up_required``; ``details.url`` is where to do it and come back from."""

    def __init__(self, url: str) -> None:
        words = _("Confirm that it is you, then do this again. Nothing was sent.")
        super().__init__("step_up_required", words, 403, url=url)


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person proved themselves in this session within the window."""
    records = get_authentication_records(request, request.user)
    if settings.DEMO and any(record.get("method") == DEMO_METHOD for record in records):
        # People of the demo have no key and no password to show again: their card was the proof.
        return True
    return any(time.time() - record["at"] < settings.STEP_UP_SECONDS for record in records)


def require(request: HttpRequest, back: str = "") -> None:
    """For the API: raises StepUpRequired unless fresh. ``back`` is the page to return to."""
    if not is_fresh(request):
        raise StepUpRequired(step_up_url(request.user, back))


def require_step_up(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view run only when fresh. A page comes back by itself, a form is kept and sent on."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        if wants_json(request):
            raise StepUpRequired(step_up_url(request.user, request.META.get("HTTP_REFERER", "")))
        answer: HttpResponse = suspend_request(request, _way(request.user))
        return answer

    return inner


def step_up_url(user: Any, back: str = "") -> str:
    """The page on which this person can prove themselves, a passkey first; ``back`` comes after."""
    return f"{_way(user)}?{urlencode({'next': back})}" if back else _way(user)


def _way(user: Any) -> str:
    methods = get_adapter().get_reauthentication_methods(user)
    return str(methods[0]["url"]) if methods else reverse("account_reauthenticate")
