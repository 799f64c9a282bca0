"""How the screens look to this person: one form, also without scripts."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from ecabinet.accounts.access import public
from ecabinet.accounts.actions import choose_look
from ecabinet.accounts.enums import TextSize, Theme
from frontend.look import COOKIE, Look

YEAR = 365 * 24 * 3600


class LookForm(forms.Form):
    theme = forms.ChoiceField(choices=Theme.choices)
    text_size = forms.ChoiceField(choices=TextSize.choices)
    high_contrast = forms.BooleanField(required=False)
    language = forms.ChoiceField(choices=settings.LANGUAGES)


@public
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Save look and language for the person, and on this device; then back to where they were."""
    form = LookForm(request.POST)
    answer = redirect(_back(request))
    if not form.is_valid():
        return answer
    chosen = form.cleaned_data
    if request.user.is_authenticated:
        choose_look(actor=request.user, **chosen)
    look = Look(chosen["theme"], chosen["text_size"], chosen["high_contrast"])
    for name, value in ((COOKIE, look.as_cookie()), (settings.LANGUAGE_COOKIE_NAME, chosen["language"])):
        answer.set_cookie(
            name, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
        )
    return answer


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if here else "/"
