"""Certificate requests (PKCS#10): proof that whoever asks for a certificate has its key."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from asn1crypto import csr as asn1_csr
from asn1crypto import keys as asn1_keys
from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils.translation import gettext as _

from ecabinet.common.errors import DomainError
from signing import custody
from signing.custody import Authorisation, Entry

LONGEST = 8_192  # characters of PEM; a request for a P-256 key has about 500
DIGESTS = (hashes.SHA256, hashes.SHA384, hashes.SHA512)


@runtime_checkable
class MakesKeys(Protocol):
    """A custody backend whose keys are made on demand."""

    def new_key(self) -> tuple[str, ec.EllipticCurvePublicKey]:
        """A new P-256 key: its reference and its public half."""
        ...


@dataclass(frozen=True)
class Request:
    """A request whose own signature was checked. ``key_digest`` is SHA-256 of the public key, hex."""

    pem: str
    public_key: ec.EllipticCurvePublicKey

    @property
    def key_digest(self) -> str:
        return key_digest(self.public_key)


def key_digest(public_key: Any) -> str:
    spki = public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(spki).hexdigest()


def read(text: str) -> Request:
    """A request from outside: P-256, signed with its own key. Raises DomainError ``csr_bad``."""
    bad = DomainError("csr_bad", _("This is no sound certificate request. Make it again on the device."))
    if len(text) > LONGEST:
        raise bad
    try:
        found = x509.load_pem_x509_csr(text.encode())
        key, sound = found.public_key(), found.is_signature_valid
        digest = found.signature_hash_algorithm
    except (ValueError, UnsupportedAlgorithm, TypeError):
        raise bad from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise DomainError("csr_bad", _("Only keys on the curve P-256 are certified here."))
    if not sound or not isinstance(digest, DIGESTS):
        raise bad
    return Request(found.public_bytes(Encoding.PEM).decode(), key)


def makes_keys(backend: str) -> bool:
    """Whether keys of that custody are made by the house. Raises CustodyError for an unknown one."""
    return isinstance(custody.backend(backend), MakesKeys)


def make(backend: str, subject: x509.Name, label: str) -> tuple[str, Request]:
    """A new key in that custody, and the request signed with it; returns the key's reference and it.

    ``label`` names what the signature is for, e.g. ``certificate-request:12``. Raises CustodyError.
    """
    keeper = custody.backend(backend)
    if not isinstance(keeper, MakesKeys):
        raise TypeError(f"keys of {backend} are not made here")
    key_ref, public_key = keeper.new_key()
    info = _info(subject, public_key)
    data = info.dump()
    entry = Entry(label, hashlib.sha256(data).hexdigest(), data)
    [raw] = keeper.raw_sign(key_ref, [entry], Authorisation.of([entry], {"purpose": label}))
    signed = asn1_csr.CertificationRequest(
        {
            "certification_request_info": info,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": raw,
        }
    )
    return key_ref, read(pem.armor("CERTIFICATE REQUEST", signed.dump()).decode())


def _info(subject: x509.Name, public_key: ec.EllipticCurvePublicKey) -> asn1_csr.CertificationRequestInfo:
    spki = public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return asn1_csr.CertificationRequestInfo(
        {
            "version": "v1",
            "subject": asn1_x509.Name.load(subject.public_bytes()),
            "subject_pk_info": asn1_keys.PublicKeyInfo.load(spki),
            "attributes": asn1_csr.CRIAttributes([]),
        }
    )
