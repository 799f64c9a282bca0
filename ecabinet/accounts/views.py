"""Where the sign-in package would send people away from what they were doing, or lacks a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from allauth.account.utils import passthrough_next_redirect_url
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecabinet.accounts import actions
from ecabinet.accounts.access import public

if TYPE_CHECKING:
    from ecabinet.accounts.models import User


class PasskeyLoginView(LoginWebAuthnView):
    """A passkey that is refused leads back to the sign-in page with its ``next``."""

    def form_invalid(self, form: Form) -> HttpResponse:
        tell(self.request, form)
        sign_in = reverse("account_login")
        return HttpResponseRedirect(passthrough_next_redirect_url(self.request, sign_in, "next"))


class PasskeyConfirmView(ReauthenticateWebAuthnView):
    """A passkey that is refused leaves the person where they can try again; what waits is not lost."""

    def form_invalid(self, form: Form) -> HttpResponse:
        tell(self.request, form)
        return HttpResponseRedirect(self.passthrough_next_url(self.request.path))


def tell(request: HttpRequest, form: Form) -> None:
    for sentence in form.errors.get("credential", []):
        messages.error(request, str(sentence))


passkey_login = public(PasskeyLoginView.as_view())
passkey_confirm = PasskeyConfirmView.as_view()


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign one other device of this person out; 404 for a session that is not theirs or is this one."""
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    actions.end_session(actor=cast("User", request.user), session=get_object_or_404(others, pk=pk))
    messages.info(request, _("That device is signed out."))
    return redirect("usersessions_list")
