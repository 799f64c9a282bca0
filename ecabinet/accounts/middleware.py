"""The person's own language, before anything is rendered; where and when a session was last used."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from allauth.usersessions.middleware import UserSessionsMiddleware
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import translation

SEEN_SECONDS = 60


class OwnLanguageMiddleware:
    """Someone signed in reads every page in the language they chose, on every device."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.user.language != translation.get_language():
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        return self.get_response(request)


class SeenMiddleware:
    """Notes the last use of a session for the person's list of devices, once a minute and device.

    On every request it would be a commit of its own before each ballot.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.note_and_answer = UserSessionsMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key is None or cache.add(_seen(key, request), value=True, timeout=SEEN_SECONDS):
            answer: HttpResponse = self.note_and_answer(request)
            return answer
        return self.get_response(request)


def _seen(session_key: str, request: HttpRequest) -> str:
    """Not the session's key itself: a cache is no place for it."""
    device = ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "HTTP_USER_AGENT")
    told = session_key, *(request.META.get(name, "") for name in device)
    return f"seen:{hashlib.sha256(repr(told).encode()).hexdigest()}"
