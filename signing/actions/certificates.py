"""The life of a certificate: issued by the demo authority, disabled, revoked."""

from __future__ import annotations

from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from ecabinet.accounts.models import Agency, User
from ecabinet.accounts.queries import mandate_text
from ecabinet.common import clock
from ecabinet.common.errors import DomainError, WrongState
from ecabinet.ledger.actions import record
from signing.authority import demo_authority
from signing.authority.identities import new_key, subject_name
from signing.custody.pkcs12 import Pkcs12Custody
from signing.enums import CertificateStatus
from signing.models import Certificate

# The demo cabinet's past meetings need certificates that were valid then.
DEMO_BACKDATE = timedelta(days=730)


@transaction.atomic
def issue_demo_certificate(
    *, actor: User | None, user: User | None = None, agency: Agency | None = None
) -> Certificate:
    """A certificate of the demo authority for one person or one agency, with its key in pkcs12 custody.

    Gives the usable one when there is one already. Raises DomainError ``not_demo`` on a real site.
    """
    if not settings.DEMO:
        raise DomainError("not_demo", _("The demo authority exists in demo mode only."), 403)
    holder = Certificate.objects.filter(user=user, agency=agency)
    found = holder.usable(clock.now()).first()
    if found is not None:
        return found
    key, authority = new_key(), demo_authority()
    subject = _subject(user, agency)
    issued = authority.issue_signer(key.public_key(), subject, since=clock.now() - DEMO_BACKDATE)
    certificate = Certificate.objects.create(
        user=user,
        agency=agency,
        backend="pkcs12",
        key_ref=Pkcs12Custody().store(key, issued),
        subject=subject.rfc4514_string(),
        serial=f"{issued.serial_number:x}",
        chain=_pem(issued) + _pem(authority.root.certificate),
        not_before=issued.not_valid_before_utc,
        not_after=issued.not_valid_after_utc,
    )
    _record(actor, "certificate.issued", certificate)
    return certificate


@transaction.atomic
def disable_certificate(*, actor: User | None, certificate_id: int) -> Certificate:
    """No new signatures from now on (change of position); old ones stay valid."""
    certificate = Certificate.objects.select_for_update().get(pk=certificate_id)
    if certificate.status != CertificateStatus.ACTIVE:
        raise WrongState("certificate_not_active", _("This certificate is not in force any more."))
    return _settle(actor, certificate, CertificateStatus.DISABLED, "certificate.disabled")


@transaction.atomic
def revoke_demo_certificate(*, actor: User | None, certificate_id: int) -> Certificate:
    """Revoked at the demo authority from now on; timestamped signatures made before stay valid."""
    certificate = Certificate.objects.select_for_update().get(pk=certificate_id)
    if certificate.status == CertificateStatus.REVOKED:
        raise WrongState("certificate_revoked", _("This certificate was revoked already."))
    demo_authority().revoke(int(certificate.serial, 16), clock.now())
    return _settle(actor, certificate, CertificateStatus.REVOKED, "certificate.revoked")


def _settle(actor: User | None, certificate: Certificate, status: CertificateStatus, act: str) -> Certificate:
    certificate.status, certificate.status_at = status, clock.now()
    certificate.save(update_fields=["status", "status_at"])
    _record(actor, act, certificate)
    return certificate


def _record(actor: User | None, act: str, certificate: Certificate) -> None:
    details = {"serial": certificate.serial, "user": certificate.user_id, "agency": certificate.agency_id}
    record(actor=actor, act=act, subject=f"certificate:{certificate.pk}", details=details)


def _subject(user: User | None, agency: Agency | None) -> x509.Name:
    if user is not None:
        return subject_name(user.full_name, title=mandate_text(user, clock.today()))
    if agency is not None:
        return subject_name(agency.name, organisation=agency.name)
    raise ValueError("a certificate needs a holder")


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()
