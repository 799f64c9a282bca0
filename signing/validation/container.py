"""The bytes no digest covers: the hexadecimal place of the last signature in the file.

A digest skips the signature's own place, and a CMS container has parts its signature does not cover
(other certificates, unsigned attributes, padding). Here every one of those bytes is accounted for.
"""

from __future__ import annotations

import string

from asn1crypto import cms, x509
from cryptography import x509 as pyca_x509
from cryptography.exceptions import InvalidSignature
from pyhanko.sign.general import extract_certificate_info

_UPPER, _LOWER = set(string.hexdigits.upper().encode()), set(string.hexdigits.lower().encode())


def place_is_exact(place: bytes, der: bytes) -> bool:
    """``place`` is ``<hex of der, then zeros>`` in one letter case and nothing else."""
    digits = place[1:-1]
    if place[:1] != b"<" or place[-1:] != b">" or len(digits) % 2:
        return False
    if not (set(digits) <= _UPPER or set(digits) <= _LOWER):
        return False
    decoded = bytes.fromhex(digits.decode("ascii"))
    return decoded.startswith(der) and not any(decoded[len(der) :])


def outer_length(der: bytes) -> int:
    """The length of the first DER element with its header. Raises ValueError when it has none."""
    if len(der) < 4 or der[0] != 0x30:
        raise ValueError("not a DER sequence")
    if der[1] < 0x80:
        return 2 + der[1]
    octets = der[1] - 0x80
    if not 1 <= octets <= 4:
        raise ValueError("no definite length")
    return 2 + octets + int.from_bytes(der[2 : 2 + octets], "big")


def is_exact(der: bytes, *, known: list[x509.Certificate]) -> bool:
    """Whether every byte of the CMS container is bound by a signature or has its only right value.

    ``known`` are trust anchors; they may also stand in the container.
    """
    content = cms.ContentInfo.load(der, strict=True)
    signed = content["content"]
    return _same_again(der) and _signed_data_is_exact(signed, known)


def _same_again(der: bytes) -> bool:
    """Encoding the parsed values anew gives the same bytes: no odd lengths, no leftovers."""
    content = cms.ContentInfo.load(der, strict=True)
    content["content"].native  # noqa: B018 - parses all of it, so that dump() writes all of it
    again: bytes = content.dump(force=True)
    return again == der


def _signed_data_is_exact(signed: cms.SignedData, known: list[x509.Certificate]) -> bool:
    infos = signed["signer_infos"]
    if len(infos) != 1 or signed["crls"].native or signed["version"].native not in ("v1", "v3"):
        return False
    info = infos[0]
    algorithm = info["digest_algorithm"]
    listed = [each.dump() for each in signed["digest_algorithms"]]
    if listed != [algorithm.dump()] or info["version"].native != "v1":
        return False
    return _certificates_are_exact(signed, known) and _unsigned_are_exact(info, known)


def _certificates_are_exact(signed: cms.SignedData, known: list[x509.Certificate]) -> bool:
    """The signed attributes name the signer's certificate by its hash; others are bound by their issuers.

    Without anchors nobody can say what an issuer would have signed, and the verdict is not "genuine".
    """
    found = extract_certificate_info(signed)
    if found.attribute_certs:
        return False
    pool = [*known, *found.other_certs]
    return not known or all(_is_bound(each, pool) for each in found.other_certs)


def _is_bound(certificate: x509.Certificate, pool: list[x509.Certificate]) -> bool:
    subject = pyca_x509.load_der_x509_certificate(certificate.dump())
    for each in pool:
        issuer = pyca_x509.load_der_x509_certificate(each.dump())
        try:
            subject.verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature):
            continue
        return True
    return False


def _unsigned_are_exact(info: cms.SignerInfo, known: list[x509.Certificate]) -> bool:
    """Only timestamp tokens may stand there, each exact itself."""
    for attribute in info["unsigned_attrs"] or ():
        if attribute["type"].native != "signature_time_stamp_token":
            return False
        if not all(is_exact(token.dump(), known=known) for token in attribute["values"]):
            return False
    return True
