"""Where the sign-in package would send people away from what they were doing, or lacks a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from allauth.account.utils import passthrough_next_redirect_url
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ecabinet.accounts import actions, pins
from ecabinet.accounts.access import public
from ecabinet.accounts.forms import SigningPinForm
from ecabinet.accounts.stepup import require_step_up
from ecabinet.common.errors import DomainError

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


@require_http_methods(["GET", "HEAD", "POST"])
@require_step_up
def signing_pin(request: HttpRequest) -> HttpResponse:
    """Set or change the PIN that confirms signatures where there is no passkey."""
    user, form = cast("User", request.user), SigningPinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            pins.set_pin(actor=user, pin=form.cleaned_data["pin"])
        except DomainError as refusal:
            form.add_error("pin", str(refusal.message))
        else:
            messages.info(request, _("Your signing PIN is set."))
            return redirect("mfa_index")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "has_pin": pins.has_pin(user)}
    return render(request, "account/signing_pin.html", context, status=status)


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign one other device of this person out; 404 for a session that is not theirs or is this one."""
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    actions.end_session(actor=cast("User", request.user), session=get_object_or_404(others, pk=pk))
    messages.info(request, _("That device is signed out."))
    return redirect("usersessions_list")
