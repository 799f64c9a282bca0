"""The life of a certificate: suspended and resumed, disabled, revoked; and the demo's shortcut to one."""

from __future__ import annotations

import logging
from datetime import timedelta

from cryptography import x509
from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from ecabinet.accounts.models import Agency, Position, User
from ecabinet.accounts.queries import offices, position_text
from ecabinet.common import clock
from ecabinet.common.errors import Denied, DomainError, WrongState
from ecabinet.ledger.actions import record
from signing import rules
from signing.authority import chains, demo_authority
from signing.authority.adapter import Authority, authority
from signing.authority.identities import new_key, subject_name
from signing.authority.manual import ManualAuthority
from signing.custody.pkcs12 import Pkcs12Custody
from signing.enums import CertificateStatus, StatusReason
from signing.models import Certificate
from signing.permissions import can_manage
from signing.queries.register import came_certified

logger = logging.getLogger(__name__)

# The demo cabinet's past meetings need certificates that were valid then.
DEMO_BACKDATE = timedelta(days=730)
DEMO_LIFE = timedelta(days=5 * 365)


@transaction.atomic
def issue_demo_certificate(
    *,
    actor: User | None,
    user: User | None = None,
    agency: Agency | None = None,
    ends_in: timedelta = DEMO_LIFE - DEMO_BACKDATE,
) -> Certificate:
    """A certificate of the demo authority for one person or one agency, with its key in pkcs12 custody.

    Gives the usable one when there is one already; a new one ends in ``ends_in``, at most five years.
    Raises DomainError ``not_demo`` on a real site.
    """
    if not settings.DEMO:
        raise DomainError("not_demo", _("The demo authority exists in demo mode only."), 403)
    found = Certificate.objects.filter(user=user, agency=agency).usable(clock.now()).first()
    if found is not None:
        return found
    key, issuer = new_key(), demo_authority()
    held = offices(user, clock.today()).first() if user is not None else None
    position = held.position if held is not None else None
    since = clock.now() + min(ends_in, DEMO_LIFE) - DEMO_LIFE
    issued = issuer.issue_signer(key.public_key(), subject_of(user, position, agency), since=since)
    key_ref = Pkcs12Custody().store(key, issued)
    certificate = register_certificate(
        [issued, issuer.root.certificate],
        user_id=user.pk if user else None,
        agency_id=agency.pk if agency else None,
        position_id=position.pk if position else None,
        backend="pkcs12",
        key_ref=key_ref,
    )
    record_certificate(actor, "certificate.issued", certificate)
    return certificate


def register_certificate(
    chain: list[x509.Certificate],
    *,
    user_id: int | None,
    agency_id: int | None,
    position_id: int | None,
    backend: str,
    key_ref: str,
) -> Certificate:
    """The row of a new certificate, the first of ``chain``."""
    return Certificate.objects.create(
        user_id=user_id,
        agency_id=agency_id,
        position_id=position_id,
        backend=backend,
        key_ref=key_ref,
        subject=chain[0].subject.rfc4514_string()[:300],
        serial=f"{chain[0].serial_number:x}",
        chain=chains.pem(chain),
        not_before=chain[0].not_valid_before_utc,
        not_after=chain[0].not_valid_after_utc,
    )


@transaction.atomic
def disable_certificate(
    *,
    actor: User | None,
    certificate_id: int,
    reason: StatusReason = StatusReason.CHANGE_OF_POSITION,
    renewed_by: Certificate | None = None,
) -> Certificate:
    """No new signatures from now on (change of position, replaced by ``renewed_by``); old ones stay valid.

    The house calls it, after an appointment ended or a newer certificate was issued; ``actor`` set that off.
    """
    certificate = _locked(certificate_id)
    if renewed_by is not None:
        certificate.renewed_by = renewed_by
        certificate.save(update_fields=["renewed_by"])
    return _settle(actor, certificate, CertificateStatus.DISABLED, reason)


def suspend_certificate(*, actor: User, certificate_id: int, reason: str) -> Certificate:
    """An officer holds a certificate back until it is clear what happened; ``resume_certificate`` lifts it.

    Counts here at once, whether or not the authority can be told of it.
    """
    with transaction.atomic():
        certificate = _managed(actor, certificate_id)
        _settle(actor, certificate, CertificateStatus.SUSPENDED, reason)
    _tell_hold(certificate)
    return certificate


def report_loss(*, actor: User, certificate_id: int) -> Certificate:
    """The holder has lost the device or doubts who has the key: suspended at once, by the holder alone."""
    with transaction.atomic():
        certificate = _locked(certificate_id)
        if certificate.user_id != actor.pk:
            raise Denied(_("This is not your certificate."))
        _settle(actor, certificate, CertificateStatus.SUSPENDED, StatusReason.LOSS)
    _tell_hold(certificate)
    return certificate


@transaction.atomic
def resume_certificate(*, actor: User, certificate_id: int) -> Certificate:
    """An officer lifts a suspension; the holder cannot. Not once a newer certificate took its place."""
    certificate = _managed(actor, certificate_id)
    if certificate.renewed_by_id is not None:
        raise WrongState("certificate_renewed", _("A newer certificate has taken the place of this one."))
    _settle(actor, certificate, CertificateStatus.ACTIVE, "")
    _authority_of(certificate).resume(int(certificate.serial, 16))
    return certificate


@transaction.atomic
def revoke_certificate(*, actor: User, certificate_id: int, reason: str) -> Certificate:
    """An officer revokes for good, here and at the authority; timestamped signatures made before stay valid.

    Raises AuthorityError when the authority does not answer: then nothing was changed; suspend it first.
    """
    certificate = _managed(actor, certificate_id)
    _settle(actor, certificate, CertificateStatus.REVOKED, reason)
    _authority_of(certificate).revoke(int(certificate.serial, 16), str(reason), clock.now())
    return certificate


@transaction.atomic
def revoke_demo_certificate(*, actor: User | None, certificate_id: int) -> Certificate:
    """Revoked at the demo authority from now on; timestamped signatures made before stay valid."""
    if not settings.DEMO:
        raise DomainError("not_demo", _("The demo authority exists in demo mode only."), 403)
    certificate = _locked(certificate_id)
    _settle(actor, certificate, CertificateStatus.REVOKED, StatusReason.AUTHORITY)
    demo_authority().revoke(int(certificate.serial, 16), clock.now())
    return certificate


def record_certificate(actor: User | None, act: str, certificate: Certificate) -> None:
    details = {
        "serial": certificate.serial,
        "user": certificate.user_id,
        "agency": certificate.agency_id,
        "reason": str(certificate.status_reason),
    }
    record(actor=actor, act=act, subject=f"certificate:{certificate.pk}", details=details)


def subject_of(user: User | None, position: Position | None, agency: Agency | None) -> x509.Name:
    """The names in a certificate, in the language of the state, whatever the screen speaks."""
    with translation.override(settings.LANGUAGE_CODE):
        if user is not None:
            title = position_text(position) if position is not None else ""
            return subject_name(user.full_name, title=title)
        if agency is not None:
            return subject_name(str(agency), organisation=str(agency))
    raise ValueError("a certificate needs a holder")


def _locked(certificate_id: int) -> Certificate:
    found = Certificate.objects.select_for_update(of=("self",)).filter(pk=certificate_id).first()
    if found is None:
        raise DomainError("no_such_certificate", _("There is no such certificate."), 404)
    return found


def _managed(actor: User, certificate_id: int) -> Certificate:
    certificate = _locked(certificate_id)
    if not can_manage(actor, certificate):
        raise Denied(_("Only a registration officer of that agency may do this, and not about themselves."))
    return certificate


def _settle(
    actor: User | None, certificate: Certificate, status: CertificateStatus, reason: str
) -> Certificate:
    """The one place that writes ``status``."""
    if not rules.certificate_may(certificate.status, status):
        raise WrongState("certificate_not_active", REFUSALS[status]())
    if not rules.reason_fits(status, reason):
        raise DomainError("reason_missing", _("Choose one of the reasons the decree knows for this."))
    certificate.status, certificate.status_at = status, clock.now()
    certificate.status_reason = reason
    certificate.save(update_fields=["status", "status_at", "status_reason"])
    record_certificate(actor, f"certificate.{ACTS[status]}", certificate)
    return certificate


ACTS = {
    CertificateStatus.ACTIVE: "resumed",
    CertificateStatus.SUSPENDED: "suspended",
    CertificateStatus.DISABLED: "disabled",
    CertificateStatus.REVOKED: "revoked",
}
REFUSALS = {
    CertificateStatus.ACTIVE: lambda: _("This certificate is not suspended; nothing is to be lifted."),
    CertificateStatus.SUSPENDED: lambda: _("This certificate is not in force any more."),
    CertificateStatus.DISABLED: lambda: _("This certificate is not in force any more."),
    CertificateStatus.REVOKED: lambda: _("This certificate was revoked already."),
}


def _authority_of(certificate: Certificate) -> Authority:
    """Who has issued it: a key that came with its certificate has an authority that only people reach."""
    return ManualAuthority() if came_certified(certificate) else authority()


def _tell_hold(certificate: Certificate) -> None:
    """What stops signatures here must not fail because the authority is away."""
    try:
        _authority_of(certificate).suspend(
            int(certificate.serial, 16), str(certificate.status_reason), clock.now()
        )
    except (DomainError, OSError):
        logger.exception("the authority was not told that certificate %s is suspended", certificate.pk)
