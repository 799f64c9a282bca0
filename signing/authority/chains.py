"""Whether a certificate that came back may be taken into the register."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils.translation import gettext as _
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError, ValidationError

from ecabinet.common.errors import DomainError
from signing import trust
from signing.authority.csr import key_digest
from signing.loop import run
from signing.rules import MOST_YEARS

LARGEST, MOST = 65_536, 8  # bytes of an upload, certificates in it
LONGEST_LIFE = timedelta(days=MOST_YEARS * 365 + 2)  # two leap days at most


def read(data: bytes) -> list[x509.Certificate]:
    """The certificates of a PEM or DER file. Raises DomainError ``chain_bad``."""
    try:
        if len(data) > LARGEST:
            raise ValueError("too large")
        loads = x509.load_pem_x509_certificates if b"-----BEGIN" in data else _one
        found = loads(data.strip() if loads is not _one else data)
        if len(found) > MOST:
            raise ValueError("too many")
    except ValueError:
        message = _("This file holds no certificate. Upload what the authority issued, as PEM or DER.")
        raise DomainError("chain_bad", message) from None
    return found


def checked(
    chain: Sequence[x509.Certificate], public_key: CertificatePublicKeyTypes, moment: datetime
) -> list[x509.Certificate]:
    """The path from the certificate of ``public_key`` to a trusted root, if it may sign from ``moment`` on.

    Raises DomainError ``chain_other_key``, ``chain_unfit``, ``chain_expired``, ``chain_too_long`` or
    ``chain_untrusted``. A certificate lives five years at most (Decree 68/2024).
    """
    wanted = key_digest(public_key)
    leaf = next((each for each in chain if key_digest(each.public_key()) == wanted), None)
    if leaf is None:
        message = _("This certificate belongs to another key. Upload the one issued for this request.")
        raise DomainError("chain_other_key", message)
    if not _may_sign(leaf):
        message = _("This certificate is not made for signing. Ask the authority for a signing certificate.")
        raise DomainError("chain_unfit", message)
    if not leaf.not_valid_before_utc <= moment < leaf.not_valid_after_utc:
        raise DomainError("chain_expired", _("This certificate is not valid today: look at its dates."))
    if leaf.not_valid_after_utc - leaf.not_valid_before_utc > LONGEST_LIFE:
        message = _("This certificate is valid for more than five years, which the decree does not allow.")
        raise DomainError("chain_too_long", message)
    return _path(leaf, [each for each in chain if each is not leaf], moment)


def pem(chain: Sequence[x509.Certificate]) -> str:
    return "".join(each.public_bytes(Encoding.PEM).decode() for each in chain)


def _one(data: bytes) -> list[x509.Certificate]:
    return [x509.load_der_x509_certificate(data)]


def _may_sign(leaf: x509.Certificate) -> bool:
    """RFC 5280, 4.2.1.3 and 4.2.1.9: no authority, and its key usage allows signatures."""
    constraints = _extension(leaf, x509.BasicConstraints)
    usage = _extension(leaf, x509.KeyUsage)
    signs = usage is not None and (usage.digital_signature or usage.content_commitment)
    return bool(signs) and not (constraints is not None and constraints.ca) and not usage.key_cert_sign


def _extension(leaf: x509.Certificate, kind: type[Any]) -> Any:
    try:
        return leaf.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _path(
    leaf: x509.Certificate, others: Sequence[x509.Certificate], moment: datetime
) -> list[x509.Certificate]:
    context = ValidationContext(
        trust_roots=trust.anchors(), moment=moment, revocation_mode="soft-fail", allow_fetching=False
    )
    validator = CertificateValidator(
        _asn1(leaf), [_asn1(each) for each in others], validation_context=context
    )
    try:
        path = run(validator.async_validate_path())
    except (PathBuildingError, PathValidationError, ValidationError):
        message = _(
            "This certificate does not lead to an authority this site trusts. "
            "Add its intermediate certificates, or ask the administrator to trust the authority."
        )
        raise DomainError("chain_untrusted", message) from None
    found = [x509.load_der_x509_certificate(each.dump()) for each in path.iter_certs(include_root=True)]
    return found[::-1]


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
