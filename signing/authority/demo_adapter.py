"""The demo authority as the site's authority; it issues in demo mode only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.utils.translation import gettext as _

from ecabinet.common.errors import DomainError
from signing.authority.demo import DemoAuthority, demo_authority

REASONS = {
    "key_compromise": x509.ReasonFlags.key_compromise,
    "loss": x509.ReasonFlags.key_compromise,
    "change_of_position": x509.ReasonFlags.affiliation_changed,
    "departure": x509.ReasonFlags.affiliation_changed,
    "merger": x509.ReasonFlags.cessation_of_operation,
    "authority": x509.ReasonFlags.privilege_withdrawn,
    "superseded": x509.ReasonFlags.superseded,
}


class DemoAdapter:
    """Raises DomainError ``not_demo`` on a real site."""

    online = True

    def issue(self, csr: bytes, subject: x509.Name, years: int) -> Sequence[x509.Certificate]:
        key = x509.load_pem_x509_csr(csr).public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise DomainError("csr_bad", _("The demo authority certifies elliptic curve keys only."))
        authority = _authority()
        return [authority.issue_signer(key, subject, years=years), authority.root.certificate]

    def revoke(self, serial: int, reason: str, moment: datetime) -> None:
        _authority().revoke(serial, moment, REASONS.get(reason, x509.ReasonFlags.unspecified))

    def suspend(self, serial: int, reason: str, moment: datetime) -> None:
        _authority().revoke(serial, moment, x509.ReasonFlags.certificate_hold)

    def resume(self, serial: int) -> None:
        _authority().resume(serial)


def _authority() -> DemoAuthority:
    if not settings.DEMO:
        raise DomainError("not_demo", _("The demo authority exists in demo mode only."), 403)
    return demo_authority()
