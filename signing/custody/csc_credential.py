"""What a remote signing service says about one credential (CSC API v2, 11.5), read with distrust."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils.translation import gettext_lazy as _

from signing.custody import CustodyError
from signing.custody.csc_client import DISABLED, UNREADABLE

ECDSA_SHA256 = "1.2.840.10045.4.3.2"
RSA_SHA256, RSA = "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.1"
RSA_LEAST_BITS = 2048
LONGEST_CHAIN = 8
UNREADABLE_CERTIFICATE = (InvalidSignature, UnsupportedAlgorithm, x509.InvalidVersion, TypeError, ValueError)


@dataclass(frozen=True)
class Question:
    """One thing the service asks before it signs: a PIN, or a code that serves once."""

    name: str
    label: str
    once: bool


@dataclass(frozen=True)
class CscCredential:
    """A key at the service: its certificates (the signer's first) and how it is authorised."""

    name: str
    chain: Sequence[x509.Certificate]
    algorithm: str
    multisign: int
    questions: Sequence[Question]

    @property
    def signer(self) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(self.chain[0].public_bytes(Encoding.DER))

    def answers(self, secret: str) -> list[dict[str, str]]:
        """``authData`` from what the person typed: one word for each question, in the service's order.

        Raises CustodyError ``secret_missing`` that names what is wanted.
        """
        words = [secret] if secret and len(self.questions) == 1 else secret.split()
        if len(words) != len(self.questions):
            wanted = " + ".join(question.label for question in self.questions)
            message = _(
                "This key wants: %(wanted)s. Type it, with a space between where it is more than one."
            )
            raise CustodyError("secret_missing", message % {"wanted": wanted}, 403)
        pairs = zip(self.questions, words, strict=True)
        return [{"id": question.name, "value": word} for question, word in pairs]

    def require_room(self, count: int) -> None:
        """A code that serves once authorises no second part of a batch. Raises CustodyError."""
        if count > self.multisign and any(question.once for question in self.questions):
            message = _("The signing service signs at most %(count)d documents with one code. Choose fewer.")
            raise CustodyError("too_many_at_once", message % {"count": self.multisign}, 403)


def read_credential(name: str, info: Mapping[str, Any]) -> CscCredential:
    """The credential as the service describes it. Raises CustodyError when it may or can not sign here."""
    key, auth = _part(info, "key"), _part(info, "auth")
    if key.get("status") != "enabled" or _part(info, "cert").get("status", "valid") != "valid":
        raise CustodyError("key_disabled", DISABLED, 403)
    if str(info.get("SCAL", "1")) != "2":
        message = _(
            "This key signs whatever the signing service is asked, not only what you confirmed (SCAL1). "
            "Ask for a key with SCAL2."
        )
        raise CustodyError("key_unbound", message)
    if auth.get("mode") != "explicit":
        message = _("This key is confirmed on a page of the signing service itself, which is not supported.")
        raise CustodyError("key_unsupported", message)
    chain = _chain(_part(info, "cert").get("certificates"))
    multisign = info.get("multisign")
    if not isinstance(multisign, int) or multisign < 1:
        raise CustodyError("csc_unreadable", UNREADABLE)
    return CscCredential(name, chain, _algorithm(chain[0], key.get("algo")), multisign, _questions(auth))


def decoded(text: Any) -> bytes:
    """Base64 as the service gives it. Raises CustodyError."""
    try:
        return base64.b64decode(text, validate=True)
    except (TypeError, ValueError, binascii.Error) as error:
        raise CustodyError("csc_unreadable", UNREADABLE) from error


def _part(info: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = info.get(name)
    if not isinstance(part, dict):
        raise CustodyError("csc_unreadable", UNREADABLE)
    return part


def _chain(listed: Any) -> list[x509.Certificate]:
    """Each certificate issued by the next one."""
    if not isinstance(listed, list) or not 1 <= len(listed) <= LONGEST_CHAIN:
        raise CustodyError("csc_unreadable", UNREADABLE)
    try:
        chain = [x509.load_der_x509_certificate(decoded(each)) for each in listed]
        for lower, upper in pairwise(chain):
            lower.verify_directly_issued_by(upper)
        chain[0].public_key()
    except UNREADABLE_CERTIFICATE as error:
        raise CustodyError("csc_unreadable", UNREADABLE) from error
    return chain


def _algorithm(certificate: x509.Certificate, offered: Any) -> str:
    """The OID to ask for: SHA-256 with P-256, or with RSA PKCS#1 v1.5."""
    key = certificate.public_key()
    wanted: tuple[str, ...] = ()
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        wanted = (ECDSA_SHA256,)
    elif isinstance(key, rsa.RSAPublicKey) and key.key_size >= RSA_LEAST_BITS:
        wanted = (RSA_SHA256, RSA)
    for oid in wanted:
        if isinstance(offered, list) and oid in offered:
            return oid
    raise CustodyError("key_unsupported", _("This kind of signing key is not supported."))


def _questions(auth: Mapping[str, Any]) -> list[Question]:
    asked = auth.get("objects", [])
    if not isinstance(asked, list) or not all(isinstance(each, dict) and each.get("id") for each in asked):
        raise CustodyError("csc_unreadable", UNREADABLE)
    # Without a question anybody who has the site's token could sign.
    if not asked or any(each.get("type") != "Password" for each in asked):
        message = _(
            "This key asks for an answer that cannot be typed here. Ask for a key with a PIN or code."
        )
        raise CustodyError("key_unsupported", message)
    return [
        Question(str(each["id"]), str(each.get("label") or each["id"])[:60], once=bool(each.get("generator")))
        for each in asked
    ]
