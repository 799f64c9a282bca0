"""From the wish for a certificate to the certificate.

Four eyes, in the strictest reading that an agency with few people can still work with:

* anybody asks for their own certificate, an officer of the agency for somebody in it; the seal of an
  agency is asked for by one of its officers, leaders or clerks;
* an officer of the agency (or of one above it) approves who is neither the holder nor the asker;
* an officer who is not the holder has it issued. For a person it may be the one who approved: two people
  have had it in hand. For a seal it is a third one: asked, approved and issued by three people, two of
  them officers.

The database refuses what would break this, whoever writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cryptography import x509
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ecabinet.accounts.models import Agency, Position, User
from ecabinet.common import clock
from ecabinet.common.errors import Denied, DomainError, WrongState
from ecabinet.ledger.actions import record
from signing import custody, rules
from signing.actions.certificates import (
    disable_certificate,
    record_certificate,
    register_certificate,
    subject_of,
)
from signing.authority import chains, csr
from signing.authority.adapter import authority
from signing.authority.credentials import comes_certified, fetch
from signing.enums import CertificateRequestKind, CertificateRequestState, CertificateStatus, StatusReason
from signing.models import Certificate, CertificateRequest
from signing.permissions import can_decide, can_request, holds_office
from signing.queries.register import principal_position, request_kind


def request_certificate(
    *,
    actor: User,
    user: User | None = None,
    agency: Agency | None = None,
    backend: str,
    csr_pem: str = "",
    years: int = rules.MOST_YEARS,
) -> CertificateRequest:
    """Ask for a certificate of a person, for the office they hold first, or of an agency's seal.

    ``csr_pem`` is the request made on the person's own device (custody ``device``); it may come later, by
    ``supply_csr``. A key that has its certificate already is named by ``name_key``. Raises Denied;
    DomainError ``no_office``, ``bad_years``, ``csr_bad``, ``csr_not_wanted`` or ``key_used``; CustodyError
    for a custody this site has not; WrongState ``already_requested``.
    """
    position, deciding = _office(user, agency)
    if not can_request(actor, user, deciding):
        raise Denied(_("Ask for your own certificate, or let a registration officer of the agency ask."))
    if not 1 <= years <= rules.MOST_YEARS:
        raise DomainError("bad_years", _("A certificate is valid for one to five years."))
    if (
        not custody.backend(backend).on_device
        and not csr.makes_keys(backend)
        and not comes_certified(backend)
    ):
        raise DomainError(
            "custody_makes_no_keys", _("No certificate can be asked for with keys of this kind.")
        )
    with transaction.atomic():
        request = open_request(
            actor=actor, user=user, agency=deciding, position=position, backend=backend, years=years
        )
        if csr_pem.strip():
            _attach(actor, request, csr_pem)
    return request


def open_request(
    *,
    actor: User | None,
    user: User | None,
    agency: Agency,
    position: Position | None,
    backend: str,
    years: int = rules.MOST_YEARS,
    kind: CertificateRequestKind | None = None,
) -> CertificateRequest:
    """The row itself; the house calls it after a change of position, with ``actor`` who set that off."""
    try:
        with transaction.atomic():
            request = CertificateRequest.objects.create(
                user=user,
                agency=agency,
                position=position,
                kind=kind or request_kind(user, agency),
                backend=backend,
                years=years,
                requested_by=actor,
                requested_at=clock.now(),
            )
    except IntegrityError:
        message = _("A request for this certificate is already being decided.")
        raise WrongState("already_requested", message) from None
    _record(actor, "certificate.requested", request)
    return request


@transaction.atomic
def supply_csr(*, actor: User, request_id: int, csr_pem: str) -> CertificateRequest:
    """The holder's device made the key: its request, self-signed, P-256 (see ``csr.read``)."""
    request = _locked(request_id)
    if request.user_id != actor.pk:
        raise Denied(_("Only the holder's own device makes the key of this certificate."))
    _require(request, CertificateRequestState.REQUESTED, CertificateRequestState.REQUESTED)
    _require_no_key(request)
    _attach(actor, request, csr_pem)
    return request


def name_key(*, actor: User, request_id: int, key_ref: str) -> CertificateRequest:
    """Which key, with the certificate it has already, the request is about (custody ``csc``).

    Named once, by the holder, by who asked or by an officer; that officer takes the request over as its
    asker, so that somebody else has to approve. Raises Denied, WrongState, CustodyError; DomainError
    ``key_unnamed``, ``other_holder``, ``chain_…`` or ``key_used``: then nothing was changed.
    """
    request = _found(CertificateRequest.objects.all(), request_id)
    _require_naming(actor, request)
    if not key_ref.strip():
        message = _("Type the identifier that the signing service has given to the key.")
        raise DomainError("key_unnamed", message)
    path = _brought(request, key_ref.strip())  # asks the service: outside any lock
    with transaction.atomic():
        request = _locked(request_id)
        _require_naming(actor, request)
        if request.user_id != actor.pk:
            request.requested_by = actor
            request.save(update_fields=["requested_by"])
        request.chain = chains.pem(path)
        _keep(request, key_ref.strip(), csr.key_digest(path[0].public_key()))
        _record(actor, "certificate.key_named", request)
    return request


@transaction.atomic
def approve_request(*, actor: User, request_id: int) -> CertificateRequest:
    """The second pair of eyes. For a key the house holds, key and PKCS#10 are made now: none for a refusal.

    Raises Denied; WrongState ``csr_missing`` or ``office_left``; CustodyError: then nothing was changed.
    """
    request = _decided(actor, request_id, CertificateRequestState.APPROVED)
    if not _hands(request).may_approve(actor.pk):
        raise Denied(_("You entered this request yourself: another officer has to approve it."))
    _require_office(request)
    if not request.has_key:
        _make_key(request)
    request.approved_by, request.approved_at = actor, clock.now()
    _move(request, CertificateRequestState.APPROVED, "approved_by", "approved_at")
    _record(actor, "certificate.approved", request)
    return request


@transaction.atomic
def refuse_request(*, actor: User, request_id: int, reason: str) -> CertificateRequest:
    """An officer refuses, before or after the approval. Raises DomainError ``reason_missing``."""
    request = _decided(actor, request_id, CertificateRequestState.REFUSED)
    if not reason.strip():
        raise DomainError("reason_missing", _("Say why, so that a new request can be put right."))
    request.reason = reason.strip()[:500]
    _settle(actor, request, CertificateRequestState.REFUSED, "certificate.refused")
    return request


@transaction.atomic
def withdraw_request(*, actor: User, request_id: int) -> CertificateRequest:
    """Who asked, or the holder, takes it back."""
    request = _locked(request_id)
    if actor.pk not in (request.user_id, request.requested_by_id):
        raise Denied(_("Only who asked for it may withdraw this request."))
    _settle(actor, request, CertificateRequestState.WITHDRAWN, "certificate.withdrawn")
    return request


@transaction.atomic
def drop_request(*, actor: User | None, request_id: int, reason: str) -> CertificateRequest:
    """The house takes back a request for an office that was left; ``actor`` set that off."""
    request = _locked(request_id)
    request.reason = reason
    _settle(actor, request, CertificateRequestState.WITHDRAWN, "certificate.withdrawn")
    return request


@transaction.atomic
def issue_certificate(*, actor: User, request_id: int, chain: bytes = b"") -> Certificate:
    """The authority's certificate enters the register; living older ones of the holder make room.

    ``chain`` (PEM or DER) is what the authority issued, where it is reached by people; an online one is
    asked. Either answer is checked by ``chains.checked``. Raises Denied, WrongState ``office_left``,
    DomainError ``chain_…``, AuthorityError; then nothing was changed.
    """
    request = _decided(actor, request_id, CertificateRequestState.ISSUED)
    if not _hands(request).may_issue(actor.pk):
        raise Denied(_("A seal needs a third person: another officer has to have it issued."))
    _require_office(request)
    path = _issued(request, chain)
    certificate = register_certificate(
        path,
        **request.holder,
        position_id=request.position_id,
        backend=request.backend,
        key_ref=request.key_ref,
    )
    record_certificate(actor, "certificate.issued", certificate)
    _make_room(actor, certificate)
    request.certificate = certificate
    _settle(actor, request, CertificateRequestState.ISSUED, "certificate.request_issued")
    return certificate


def _office(user: User | None, agency: Agency | None) -> tuple[Position | None, Agency]:
    """The office to be named and the agency that decides."""
    if user is None:
        if agency is None:
            raise ValueError("a certificate needs a holder")
        return None, agency
    position = principal_position(user, clock.today())
    if position is None:
        message = _("A certificate names an office. Have the appointment entered first.")
        raise DomainError("no_office", message, 409)
    return position, position.agency


def _require_naming(actor: User, request: CertificateRequest) -> None:
    if actor.pk not in (request.user_id, request.requested_by_id) and not can_decide(actor, request):
        raise Denied(_("Only the holder, who asked and the agency's officers say which key it is."))
    _require(request, CertificateRequestState.REQUESTED, CertificateRequestState.REQUESTED)
    if not comes_certified(request.backend):
        raise DomainError("key_not_wanted", _("The key of this certificate is not one of a signing service."))
    _require_no_key(request)


def _require_no_key(request: CertificateRequest) -> None:
    """Once only: whoever approves has seen this key."""
    if request.has_key:
        raise WrongState("csr_there", _("This request has its key already. Withdraw it to use another."))


def _brought(request: CertificateRequest, key_ref: str) -> list[x509.Certificate]:
    named = [request.user.full_name] if request.user else [request.agency.name, request.agency.name_en]
    return fetch(request.backend, key_ref, [name for name in named if name], clock.now())


def _issued(request: CertificateRequest, uploaded: bytes) -> list[x509.Certificate]:
    """What enters the register, its path checked; a certificate that was there must be the approved one."""
    if not request.chain:
        wanted = csr.read(request.csr)
        return chains.checked(_answer(request, uploaded), wanted.public_key, clock.now())
    path = _brought(request, request.key_ref)
    if path[0] != chains.read(request.chain.encode())[0]:
        message = _("The signing service shows another certificate now than the one approved. Ask anew.")
        raise WrongState("certificate_changed", message)
    return path


def _answer(request: CertificateRequest, uploaded: bytes) -> Sequence[x509.Certificate]:
    issuer = authority()
    if uploaded and not issuer.online:
        return chains.read(uploaded)
    subject = subject_of(request.user, request.position, request.agency)
    return issuer.issue(request.csr.encode(), subject, request.years)


def _make_room(actor: User, certificate: Certificate) -> None:
    """Those in force are replaced; what is suspended or names an office left only gets its successor."""
    older = Certificate.objects.filter(user=certificate.user_id, agency=certificate.agency_id)
    older = older.exclude(pk=certificate.pk).exclude(status=CertificateStatus.REVOKED)
    for each in older.filter(renewed_by=None).select_for_update(of=("self",)):
        if each.status == CertificateStatus.ACTIVE:
            disable_certificate(
                actor=actor,
                certificate_id=each.pk,
                reason=StatusReason.SUPERSEDED,
                renewed_by=certificate,
            )
        else:
            each.renewed_by = certificate
            each.save(update_fields=["renewed_by"])


def _attach(actor: User, request: CertificateRequest, csr_pem: str) -> None:
    """Keep a request made elsewhere; a key is certified once, whoever shows its request."""
    if not custody.backend(request.backend).on_device:
        raise DomainError("csr_not_wanted", _("The key of this certificate is made by the house."))
    found = csr.read(csr_pem)
    request.csr = found.pem
    _keep(request, found.key_digest, found.key_digest)
    _record(actor, "certificate.csr_supplied", request)


def _make_key(request: CertificateRequest) -> None:
    if custody.backend(request.backend).on_device:
        message = _("The holder has to make the key on their own device first.")
        raise WrongState("csr_missing", message)
    if comes_certified(request.backend):
        raise WrongState("key_unnamed", _("It has to be said first which key of the signing service it is."))
    subject = subject_of(request.user, request.position, request.agency)
    key_ref, made = csr.make(request.backend, subject, f"certificate-request:{request.pk}")
    request.csr = made.pem
    _keep(request, key_ref, made.key_digest)


def _keep(request: CertificateRequest, key_ref: str, key_digest: str) -> None:
    request.key_ref, request.key_digest = key_ref, key_digest
    try:
        with transaction.atomic():
            request.save(update_fields=["csr", "chain", "key_ref", "key_digest"])
    except IntegrityError:
        message = _("This key was used for a certificate before. Make a new one.")
        raise DomainError("key_used", message, 409) from None


def _require_office(request: CertificateRequest) -> None:
    if request.user is None:
        return
    if not request.user.is_active or not holds_office(request.user, request.position_id, clock.today()):
        raise WrongState("office_left", _("The person does not hold this office any more. Refuse it."))


def _hands(request: CertificateRequest) -> rules.Hands:
    return rules.Hands(request.user_id, request.requested_by_id, request.approved_by_id)


def _locked(request_id: int) -> CertificateRequest:
    return _found(CertificateRequest.objects.select_for_update(of=("self",)), request_id)


def _found(rows: QuerySet[CertificateRequest], request_id: int) -> CertificateRequest:
    found = rows.select_related("user", "position__agency", "agency").filter(pk=request_id).first()
    if found is None:
        raise DomainError("no_such_request", _("There is no such request."), 404)
    return found


def _decided(actor: User, request_id: int, target: CertificateRequestState) -> CertificateRequest:
    """The row, when an officer may take it to ``target``."""
    request = _locked(request_id)
    if not can_decide(actor, request):
        raise Denied(_("Only a registration officer of that agency may do this, and not about themselves."))
    _require(request, request.state, target)
    return request


def _require(request: CertificateRequest, state: str, target: str) -> None:
    if request.state != state or (state != target and not rules.request_may(state, target)):
        raise WrongState("request_settled", _("This request was decided already, or is not approved yet."))


def _move(request: CertificateRequest, state: CertificateRequestState, *fields: str) -> None:
    """The one place that writes ``state``."""
    _require(request, request.state, state)
    request.state = state
    request.save(update_fields=["state", *fields])


def _settle(
    actor: User | None, request: CertificateRequest, state: CertificateRequestState, act: str
) -> None:
    request.settled_by, request.settled_at = actor, clock.now()
    _move(request, state, "settled_by", "settled_at", "reason", "certificate")
    _record(actor, act, request)


def _record(actor: User | None, act: str, request: CertificateRequest) -> None:
    details: dict[str, Any] = {
        "user": request.user_id,
        "agency": request.agency_id,
        "position": request.position_id,
        "kind": str(request.kind),
    }
    subject = f"certificate-request:{request.pk}"
    record(actor=actor, act=act, subject=subject, digest=request.key_digest, details=details)
