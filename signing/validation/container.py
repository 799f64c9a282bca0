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

from signing.validation import der as der_rules

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


def is_exact(der: bytes, *, known: list[x509.Certificate]) -> bool:
    """Whether every byte of the CMS container is bound by a signature or has its only right value.

    ``known`` are trust anchors; they may also stand in the container.
    """
    content = cms.ContentInfo.load(der, strict=True)
    signed = content["content"]
    return der_rules.is_distinguished(der) and _signed_data_is_exact(signed, known)


def _signed_data_is_exact(signed: cms.SignedData, known: list[x509.Certificate]) -> bool:
    infos = signed["signer_infos"]
    if len(infos) != 1 or signed["crls"].native or signed["version"].native not in ("v1", "v3"):
        return False
    info = infos[0]
    algorithm = info["digest_algorithm"]
    listed = [each.dump() for each in signed["digest_algorithms"]]
    if listed != [algorithm.dump()] or info["version"].native != "v1":
        return False
    return (
        _names_its_certificate(signed, info)
        and _certificates_are_exact(signed, known)
        and _unsigned_are_exact(info, known)
    )


def _names_its_certificate(signed: cms.SignedData, info: cms.SignerInfo) -> bool:
    """Byte for byte: names that only read alike (letter case, spaces) would do for finding it."""
    named, certificate = info["sid"].chosen, extract_certificate_info(signed).signer_cert
    return bool(
        info["sid"].name == "issuer_and_serial_number"
        and named["issuer"].dump() == certificate.issuer.dump()
        and named["serial_number"].native == certificate.serial_number
    )


def _certificates_are_exact(signed: cms.SignedData, known: list[x509.Certificate]) -> bool:
    """The signed attributes name the signer's certificate by its hash; others are bound by their issuers.

    Without anchors nobody can say what an issuer would have signed, and the verdict is not "genuine".
    """
    found = extract_certificate_info(signed)
    if found.attribute_certs or not der_rules.in_order([each.dump() for each in signed["certificates"]]):
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
    attributes = info["unsigned_attrs"] or ()
    if not der_rules.in_order([each.dump() for each in attributes]):
        return False
    for attribute in attributes:
        if attribute["type"].native != "signature_time_stamp_token":
            return False
        if not all(is_exact(token.dump(), known=known) for token in attribute["values"]):
            return False
    return True
