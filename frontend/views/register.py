"""The register of certificates, for registration officers; who they are, for administrators."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ecabinet.accounts.models import Agency, User
from ecabinet.accounts.stepup import require_step_up
from ecabinet.common.errors import DomainError
from frontend.forms import CertificateRequestForm, OfficerForm
from frontend.queries.certificates import (
    CUSTODIES,
    certificate_view,
    officers_shown,
    register_of,
    request_view,
)
from frontend.views.meetings import signed_in
from signing import actions
from signing.authority.chains import LARGEST
from signing.models import Certificate, CertificateRequest
from signing.permissions import (
    enters_register,
    governed_agencies,
    is_administrator,
    managed_certificates,
    managed_requests,
    seal_agencies,
)


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """``?q=&agency=&state=&page=`` narrow the certificates; the open requests stand above them."""
    user = signed_in(request)
    if not enters_register(user):
        raise Http404(_("There is no such page for you."))
    asked = {name: request.GET.get(name, "") for name in ("q", "agency", "state", "page")}
    context = {"register": register_of(user, asked), "is_administrator": is_administrator(user)}
    return render(request, "frontend/register.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require_step_up
def register_new(request: HttpRequest) -> HttpResponse:
    """Ask for somebody else's certificate, or for the seal of an agency."""
    user = signed_in(request)
    governed = governed_agencies(user)
    agencies = Agency.objects.filter(pk__in=governed | seal_agencies(user))
    if not agencies.exists():
        raise Http404(_("There is no such page for you."))
    custodies = [(name, CUSTODIES.get(name, name)) for name in settings.SIGNING_CUSTODY]
    form = CertificateRequestForm(
        request.POST or None, agencies=agencies, custodies=custodies, persons=bool(governed)
    )
    status = 200 if request.method != "POST" else 422
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        person, seal = given.get("person"), given.get("agency")
        try:
            made = actions.request_certificate(actor=user, user=person, agency=seal, backend=given["backend"])
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
            status = refusal.status
        else:
            return redirect("register-request", pk=made.pk) if governed else redirect("certificates")
    return render(request, "frontend/register_new.html", {"form": form}, status=status)


@require_safe
def register_request(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    return _request_page(request, user, _request(user, pk))


@require_safe
def register_csr(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate request (PKCS#10, PEM) to take to the authority; 404 until it is approved."""
    found = _request(signed_in(request), pk)
    if not found.csr or found.approved_by_id is None:
        raise Http404(_("There is no such page for you."))
    name = f'attachment; filename="certificate-request-{found.pk}.csr"'
    return HttpResponse(found.csr, content_type="application/pkcs10", headers={"Content-Disposition": name})


@require_POST
@require_step_up
def register_decide(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One step of a request; what was typed comes back with a refusal."""
    user = signed_in(request)
    found, step = _request(user, pk), REQUEST_STEPS.get(name)
    if step is None:
        raise Http404(_("There is no such page for you."))
    try:
        step(user, found.pk, request)
    except DomainError as refusal:
        found.refresh_from_db()
        return _request_page(request, user, found, refusal)
    return redirect("register-request", pk=found.pk)


@require_safe
def register_certificate(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    return _certificate_page(request, user, _certificate(user, pk))


@require_POST
@require_step_up
def register_act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Suspend, resume or revoke a certificate."""
    user = signed_in(request)
    found, step = _certificate(user, pk), CERTIFICATE_STEPS.get(name)
    if step is None:
        raise Http404(_("There is no such page for you."))
    try:
        step(user, found.pk, request.POST.get("reason", ""))
    except DomainError as refusal:
        found.refresh_from_db()
        return _certificate_page(request, user, found, refusal)
    return redirect("register-certificate", pk=found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@require_step_up
def register_officers(request: HttpRequest) -> HttpResponse:
    """Who registers for which agency; administrators appoint."""
    user = signed_in(request)
    appoints = is_administrator(user)
    if not enters_register(user):
        raise Http404(_("There is no such page for you."))
    form = OfficerForm(request.POST or None) if appoints else None
    status = 200
    if request.method == "POST":
        status = _appointed(user, form)
        if status == 302:
            return redirect("register-officers")
    context = {"officers": officers_shown(user), "form": form}
    return render(request, "frontend/register_officers.html", context, status=status)


def _appointed(user: User, form: OfficerForm | None) -> int:
    """The status of the answer: 302 when it is done; what was wrong is in the form."""
    if form is None:
        raise Http404(_("There is no such page for you."))
    if not form.is_valid():
        return 422
    given = form.cleaned_data
    try:
        actions.appoint_officer(
            actor=user, user=given["person"], agency=given["agency"], until=given["until"]
        )
    except DomainError as refusal:
        form.add_error(None, str(refusal.message))
        return refusal.status
    return 302


@require_POST
@require_step_up
def register_officer_end(request: HttpRequest, pk: int) -> HttpResponse:
    actions.end_officer(actor=signed_in(request), officer_id=pk)
    return redirect("register-officers")


def _approve(user: User, pk: int, request: HttpRequest) -> None:
    actions.approve_request(actor=user, request_id=pk)


def _name(user: User, pk: int, request: HttpRequest) -> None:
    actions.name_key(actor=user, request_id=pk, key_ref=request.POST.get("key", ""))


def _refuse(user: User, pk: int, request: HttpRequest) -> None:
    actions.refuse_request(actor=user, request_id=pk, reason=request.POST.get("reason", ""))


def _withdraw(user: User, pk: int, request: HttpRequest) -> None:
    actions.withdraw_request(actor=user, request_id=pk)


def _issue(user: User, pk: int, request: HttpRequest) -> None:
    """The chain as a file, or pasted; none where the authority is asked by wire."""
    uploaded = request.FILES.get("chain")
    data = uploaded.read(LARGEST + 1) if uploaded is not None else b""
    pasted = request.POST.get("pasted", "").encode()
    actions.issue_certificate(actor=user, request_id=pk, chain=data or pasted)


def _suspend(user: User, pk: int, reason: str) -> None:
    actions.suspend_certificate(actor=user, certificate_id=pk, reason=reason)


def _resume(user: User, pk: int, reason: str) -> None:
    actions.resume_certificate(actor=user, certificate_id=pk)


def _revoke(user: User, pk: int, reason: str) -> None:
    actions.revoke_certificate(actor=user, certificate_id=pk, reason=reason)


REQUEST_STEPS: Mapping[str, Callable[[User, int, HttpRequest], None]] = {
    "approve": _approve,
    "name": _name,
    "refuse": _refuse,
    "withdraw": _withdraw,
    "issue": _issue,
}
CERTIFICATE_STEPS: Mapping[str, Callable[[User, int, str], None]] = {
    "suspend": _suspend,
    "resume": _resume,
    "revoke": _revoke,
}


def _request(user: User, pk: int) -> CertificateRequest:
    """The request, or 404 when it is not of an agency delegated to this person."""
    rows = managed_requests(user).select_related(
        "user", "agency", "position__agency", "requested_by", "approved_by", "settled_by", "certificate"
    )
    found: CertificateRequest = get_object_or_404(rows, pk=pk)
    return found


def _certificate(user: User, pk: int) -> Certificate:
    rows = managed_certificates(user).select_related("user", "agency", "position__agency", "renewed_by")
    found: Certificate = get_object_or_404(rows, pk=pk)
    return found


def _request_page(
    request: HttpRequest, user: User, found: CertificateRequest, refusal: DomainError | None = None
) -> HttpResponse:
    typed = {name: str(text) for name, text in request.POST.items()}
    context = {"view": request_view(user, found), "refusal": refusal, "typed": typed}
    status = refusal.status if refusal else 200
    return render(request, "frontend/register_request.html", context, status=status)


def _certificate_page(
    request: HttpRequest, user: User, found: Certificate, refusal: DomainError | None = None
) -> HttpResponse:
    context = {"view": certificate_view(user, found), "refusal": refusal}
    status = refusal.status if refusal else 200
    return render(request, "frontend/register_certificate.html", context, status=status)
