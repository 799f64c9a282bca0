"""My certificates: their state in words, asking for one, and saying that the device is lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ecabinet.accounts.stepup import require_step_up
from ecabinet.common.errors import DomainError
from frontend.queries.certificates import mine
from frontend.views.meetings import signed_in
from signing import actions


@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@require_step_up
def certificate_request(request: HttpRequest) -> HttpResponse:
    """A new one, a renewal, or one for the new office: the register knows which.

    ``csr`` is the request of the device, where the key stays on it.
    """
    user, typed = signed_in(request), request.POST
    backend, csr = typed.get("backend", ""), typed.get("csr", "")
    return _done(request, partial(actions.request_certificate, user=user, backend=backend, csr_pem=csr))


@require_POST
@require_step_up
def certificate_key(request: HttpRequest, pk: int) -> HttpResponse:
    """The device made the key for a request that somebody else, or the house, had opened (``csr``)."""
    csr = request.POST.get("csr", "")
    return _done(request, partial(actions.supply_csr, request_id=pk, csr_pem=csr))


@require_POST
@require_step_up
def certificate_name(request: HttpRequest, pk: int) -> HttpResponse:
    """Which key of the signing service the open request is about (``key``)."""
    key_ref = request.POST.get("key", "")
    return _done(request, partial(actions.name_key, request_id=pk, key_ref=key_ref))


@require_POST
def certificate_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return _done(request, partial(actions.withdraw_request, request_id=pk))


@require_POST
def certificate_lost(request: HttpRequest, pk: int) -> HttpResponse:
    """Stops signing at once. It asks for no second proof: who lost the device may have lost the passkey."""
    return _done(request, partial(actions.report_loss, certificate_id=pk))


def _done(request: HttpRequest, act: Callable[..., object]) -> HttpResponse:
    """Have the person do it; back to the page, with the refusal where there is one."""
    try:
        act(actor=signed_in(request))
    except DomainError as refusal:
        return _page(request, refusal)
    return redirect("certificates")


def _page(request: HttpRequest, refusal: DomainError | None = None) -> HttpResponse:
    typed = request.POST.get("key", "")
    context = {"mine": mine(signed_in(request)), "refusal": refusal, "typed": typed}
    status = refusal.status if refusal else 200
    return render(request, "frontend/certificates.html", context, status=status)
