"""Keys in encrypted PKCS#12 files of the server: for development and small sites."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from signing.authority.identities import write_private
from signing.custody import Authorisation, CustodyError, Entry

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class Pkcs12Custody:
    """``key_ref`` is a file name without ending under KEYS_DIR/custody."""

    on_device = False
    needs_secret = False

    def missing(self, key_refs: Collection[str]) -> list[str]:
        return [key_ref for key_ref in key_refs if not opens(key_ref)]

    def raw_sign(
        self, key_ref: str, entries: Sequence[Entry], authorisation: Authorisation
    ) -> Sequence[bytes]:
        authorisation.require(entries)
        key = _load(_path(key_ref))
        return [_sign(key, entry.attributes) for entry in entries]

    def new_key(self) -> tuple[str, ec.EllipticCurvePublicKey]:
        """Make and keep a P-256 key that has no certificate yet; returns its reference and public half."""
        key = ec.generate_private_key(ec.SECP256R1())
        return self.store(key, None), key.public_key()

    def store(self, key: PrivateKey, certificate: x509.Certificate | None) -> str:
        """Keep a new key; returns its reference."""
        key_ref = secrets.token_hex(16)
        sealed = pkcs12.serialize_key_and_certificates(
            key_ref.encode(), key, certificate, None, BestAvailableEncryption(_password(key_ref))
        )
        path = _path(key_ref)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(path, sealed)
        return key_ref


def opens(key_ref: str) -> bool:
    """Whether the key is there and the present password opens it."""
    try:
        _load(_path(key_ref))
    except CustodyError:
        return False
    return True


def _path(key_ref: str) -> Path:
    if not key_ref.isalnum():
        raise CustodyError("key_missing", _("The signing key is missing. Ask for a new certificate."))
    return Path(settings.KEYS_DIR) / "custody" / f"{key_ref}.p12"


def _password(key_ref: str) -> bytes:
    mac = salted_hmac("signing.custody.pkcs12", key_ref, secret=settings.KEYS_PASSWORD, algorithm="sha256")
    return mac.hexdigest().encode()


@lru_cache(maxsize=64)  # opening a file costs a key derivation; a batch uses one key
def _load(path: Path) -> PrivateKey:
    try:
        key, _certificate, _others = pkcs12.load_key_and_certificates(path.read_bytes(), _password(path.stem))
    except (OSError, ValueError) as error:
        message = _("The signing key is missing. Ask for a new certificate.")
        raise CustodyError("key_missing", message) from error
    if not isinstance(key, PrivateKey):
        raise CustodyError("key_unsupported", _("This kind of signing key is not supported."))
    return key


def _sign(key: PrivateKey, data: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(data, ec.ECDSA(hashes.SHA256()))
