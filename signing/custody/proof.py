"""What a key answered is checked before it counts: a wrong key, a lying service, a broken device."""

from __future__ import annotations

from collections.abc import Sequence

from asn1crypto import x509
from cryptography import x509 as pyca_x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from django.utils.translation import gettext_lazy as _

from signing.custody import CustodyError, Entry


def require_by(certificate: x509.Certificate, entries: Sequence[Entry], raws: Sequence[bytes]) -> None:
    """Raises CustodyError ``key_mismatch`` unless each signature is the certificate's key's, in order."""
    key = pyca_x509.load_der_x509_certificate(certificate.dump()).public_key()
    try:
        for entry, raw in zip(entries, raws, strict=True):
            _verify(key, raw, entry.attributes)
    except (InvalidSignature, ValueError, TypeError) as error:
        message = _("The key did not give the signatures of this certificate. Nothing was signed: try again.")
        raise CustodyError("key_mismatch", message) from error


def _verify(key: object, raw: bytes, data: bytes) -> None:
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(raw, data, padding.PKCS1v15(), hashes.SHA256())
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(raw, data, ec.ECDSA(hashes.SHA256()))
    else:
        raise TypeError("neither RSA nor an elliptic curve")
