"""Keys and certificates of the demo authority: P-256 everywhere, files only the owner can read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

AUTHORITY = "E-Cabinet DEMO authority"
# Real authorities' certificates name where to ask; a validator looks at a stored answer only for one that
# does. This host exists nowhere (RFC 2606): the demo's answers are always stored in the file.
OCSP_ADDRESS = "http://ocsp.demo.invalid/"


@dataclass(frozen=True)
class Identity:
    """A private key with its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def subject_name(common_name: str, *, title: str = "", organisation: str = "") -> x509.Name:
    """A subject in Viet Nam; empty parts are left out, long ones cut at 64 characters (RFC 5280)."""
    parts = [(NameOID.COUNTRY_NAME, "VN"), (NameOID.ORGANIZATION_NAME, organisation)]
    parts += [(NameOID.TITLE, title), (NameOID.COMMON_NAME, common_name)]
    return x509.Name([x509.NameAttribute(oid, value[:64]) for oid, value in parts if value])


def make_root(moment: datetime, *, years: int = 30, number: int = 1) -> Identity:
    """The authority itself: it signs certificates and revocation lists. Later ones bear their ``number``."""
    key = new_key()
    ordinal = f" {number}" if number > 1 else ""
    name = subject_name(f"{AUTHORITY}: root{ordinal}", organisation=AUTHORITY)
    builder = _builder(name, name, key.public_key(), moment, timedelta(days=365 * years))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    return Identity(key, builder.sign(key, hashes.SHA256()))


def issue(
    root: Identity,
    subject: x509.Name,
    public_key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    moment: datetime,
    *,
    years: int,
    extensions: Sequence[tuple[x509.ExtensionType, bool]],
) -> x509.Certificate:
    """An end certificate under ``root``; ``extensions`` are (extension, critical) pairs."""
    issuer = root.certificate.subject
    builder = _builder(subject, issuer, public_key, moment, timedelta(days=365 * years))
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    authority_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())
    builder = builder.add_extension(authority_key, critical=False)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(root.key, hashes.SHA256())


def signer_extensions() -> list[tuple[x509.ExtensionType, bool]]:
    return [(_usage(digital_signature=True, content_commitment=True), True), (_answers(), False)]


def timestamping_extensions() -> list[tuple[x509.ExtensionType, bool]]:
    """RFC 3161 §2.3: the only extended use, and critical."""
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    return [*signer_extensions(), (purpose, True)]


def responder_extensions() -> list[tuple[x509.ExtensionType, bool]]:
    """RFC 6960 §4.2.2.2: a delegated responder that is not itself checked."""
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING])
    return [(_usage(digital_signature=True), True), (purpose, False), (x509.OCSPNoCheck(), False)]


def save(identity: Identity, folder: Path, name: str) -> None:
    """``name.key`` (0600) before ``name.crt``: a certificate on disk always has its key."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    pem = identity.key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
    write_private(folder / f"{name}.key", pem)
    write_private(folder / f"{name}.crt", identity.certificate.public_bytes(encoding))


def load(folder: Path, name: str) -> Identity:
    """Raises FileNotFoundError when it was never made."""
    certificate = x509.load_pem_x509_certificate((folder / f"{name}.crt").read_bytes())
    key = serialization.load_pem_private_key((folder / f"{name}.key").read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{name}.key is not an elliptic curve key")
    return Identity(key, certificate)


def write_private(path: Path, data: bytes) -> None:
    """Whole or not at all, readable by the owner only."""
    part = path.with_name(path.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    part.rename(path)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    moment: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    identifier = x509.SubjectKeyIdentifier.from_public_key(public_key)
    builder = x509.CertificateBuilder(subject_name=subject, issuer_name=issuer)
    builder = builder.public_key(public_key).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(moment).not_valid_after(moment + life)
    return builder.add_extension(identifier, critical=False)


def _answers() -> x509.AuthorityInformationAccess:
    place = x509.UniformResourceIdentifier(OCSP_ADDRESS)
    return x509.AuthorityInformationAccess(
        [x509.AccessDescription(AuthorityInformationAccessOID.OCSP, place)]
    )


def _usage(**wanted: bool) -> x509.KeyUsage:
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: wanted.get(name, False) for name in names})
