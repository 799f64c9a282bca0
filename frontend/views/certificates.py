"""My certificates: their state in words, asking for one, and saying that the device is lost."""

from __future__ import annotations

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
    try:
        actions.request_certificate(
            actor=user, user=user, backend=typed.get("backend", ""), csr_pem=typed.get("csr", "")
        )
    except DomainError as refusal:
        return _page(request, refusal)
    return redirect("certificates")


@require_POST
@require_step_up
def certificate_key(request: HttpRequest, pk: int) -> HttpResponse:
    """The device made the key for a request that somebody else, or the house, had opened (``csr``)."""
    try:
        actions.supply_csr(actor=signed_in(request), request_id=pk, csr_pem=request.POST.get("csr", ""))
    except DomainError as refusal:
        return _page(request, refusal)
    return redirect("certificates")


@require_POST
def certificate_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        actions.withdraw_request(actor=signed_in(request), request_id=pk)
    except DomainError as refusal:
        return _page(request, refusal)
    return redirect("certificates")


@require_POST
def certificate_lost(request: HttpRequest, pk: int) -> HttpResponse:
    """Stops signing at once. It asks for no second proof: who lost the device may have lost the passkey."""
    try:
        actions.report_loss(actor=signed_in(request), certificate_id=pk)
    except DomainError as refusal:
        return _page(request, refusal)
    return redirect("certificates")


def _page(request: HttpRequest, refusal: DomainError | None = None) -> HttpResponse:
    context = {"mine": mine(signed_in(request)), "refusal": refusal}
    status = refusal.status if refusal else 200
    return render(request, "frontend/certificates.html", context, status=status)
