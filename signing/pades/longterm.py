"""From B-T to B-LTA: everything needed to check the file for decades, then one last timestamp.

The validation data go in before the timestamp and no VRI entry is written, so the file ends with
its timestamp and not one byte after it is uncovered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from asn1crypto import cms, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError, extract_certificate_info
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.signers.pdf_signer import TimestampDSSContentSettings
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    PathError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.path import ValidationPath

from signing import trust
from signing.enums import Trouble
from signing.loop import run
from signing.pades.deferred import DIGEST, INVISIBLE
from signing.pades.tokens import TokenRefusedError
from signing.renewal import Stamp

BEFORE = TimestampDSSContentSettings(include_vri=False, update_before_ts=True)
# What may stand in the way of the last timestamp; ``trouble_of`` names it.
FAILURES = (OSError, ValidationError, PathError, SigningError, PdfError, ValueError)


@dataclass(frozen=True)
class Signer:
    """A certificate that signed or stamped; ``stamped`` is what its own timestamp says, if there is one."""

    certificate: x509.Certificate
    stamped: datetime | None = None


Chosen = Callable[[list[EmbeddedPdfSignature]], list[EmbeddedPdfSignature]]


def seal_for_decades(path: Path, timestamper: TimeStamper | None) -> None:
    """Add validation data of every signature in the file, and a document timestamp, in place.

    Raises one of ``FAILURES``; the file is then unusable: work on a copy. A certificate that was
    revoked after its own timestamp does not stand in the way.
    """
    run(_extend(path, timestamper, lambda signatures: signatures, DIGEST))


def add_timestamp(path: Path, timestamper: TimeStamper | None, digest: str) -> None:
    """Renew: fresh validation data of the last document timestamp, and a new one over it, in place.

    What stands before that timestamp was proved by it and is not asked about again: signers'
    certificates have long ended. ``digest`` names the hash. Raises one of ``FAILURES``.
    """
    run(_extend(path, timestamper, lambda signatures: signatures[-1:], digest))


def trouble_of(error: Exception) -> Trouble:
    """What one of ``FAILURES`` means for the file that waits."""
    if isinstance(error, TokenRefusedError):
        return error.trouble
    if isinstance(error, RevokedError):
        return Trouble.REVOKED
    if isinstance(error, ExpiredError):
        return Trouble.EXPIRED
    if isinstance(error, ValidationError):
        return Trouble.NO_ANSWER
    return Trouble.NO_CHAIN if isinstance(error, PathError) else Trouble.BROKEN


def first_end(path: Path) -> datetime | None:
    """When the first of the signers' certificates ends; None for a file that nobody signed."""
    with path.open("rb") as handle:
        signatures = PdfFileReader(handle).embedded_signatures
        return min((each.signer_cert.not_valid_after for each in signatures), default=None)


def last_stamp(path: Path) -> Stamp | None:
    """The document timestamp the file ends with; None when it has none or something follows it."""
    with path.open("rb") as handle:
        signatures = PdfFileReader(handle).embedded_signatures
        last = signatures[-1] if signatures else None
        if last is None or last.sig_object.get("/Type") != "/DocTimeStamp":
            return None
        if sum(int(each) for each in list(last.byte_range)[-2:]) != path.stat().st_size:
            return None
        return _stamp(last)


def _stamp(signature: EmbeddedPdfSignature) -> Stamp:
    info = signature.signer_info
    facts = signature.signed_data["encap_content_info"]["content"].parsed
    mechanism = info["signature_algorithm"]
    certificate = signature.signer_cert
    methods = {
        facts["message_imprint"]["hash_algorithm"]["algorithm"].native,
        info["digest_algorithm"]["algorithm"].native,
        mechanism.signature_algo,
        mechanism["algorithm"].native,
        f"{certificate.public_key.algorithm}{certificate.public_key.bit_size}",
        *([certificate.signature_algo, certificate.hash_algo] if certificate.hash_algo else []),
    }
    ends = certificate.not_valid_after
    return Stamp(facts["gen_time"].native, ends, frozenset(str(each).lower() for each in methods))


async def _extend(path: Path, timestamper: TimeStamper | None, chosen: Chosen, digest: str) -> None:
    if timestamper is None:
        raise TokenRefusedError(Trouble.NO_TSA, "no time-stamping authority is configured")
    probe = await timestamper.async_dummy_response(digest)
    signers, others = _certificates(path, probe, chosen)
    used = [each.certificate for each in signers]
    context = trust.collecting_context(_unique([*used, *others]))
    try:
        paths = [await _path(each, context) for each in signers]
        with path.open("r+b") as handle:
            writer = IncrementalPdfFileWriter(handle)
            DocumentSecurityStore.supply_dss_in_writer(writer, None, paths=paths, validation_context=context)
            stamper = PdfTimeStamper(timestamper, invis_settings=INVISIBLE)
            await stamper.async_timestamp_pdf(
                writer, digest, context, validation_paths=list(paths), in_place=True, dss_settings=BEFORE
            )
    finally:
        await context.aclose()


async def _path(signer: Signer, context: ValidationContext) -> ValidationPath:
    """Raises RevokedError, unless the certificate was revoked after its own timestamp only."""
    try:
        return await CertificateValidator(
            signer.certificate, validation_context=context
        ).async_validate_path()
    except RevokedError as error:
        if signer.stamped is None or error.revocation_dt <= signer.stamped:
            raise
        # Before that moment it was in force; the answer that says so goes into the file all the same.
        then = ValidationContext(
            trust_roots=trust.anchors(),
            other_certs=list(context.certificate_registry),
            moment=signer.stamped,
        )
        return await CertificateValidator(signer.certificate, validation_context=then).async_validate_path()


def _certificates(
    path: Path, probe: cms.ContentInfo, chosen: Chosen
) -> tuple[list[Signer], list[x509.Certificate]]:
    """(the certificates that signed or stamped, all others that came along)."""
    with path.open("rb") as handle:
        signatures = chosen(PdfFileReader(handle).embedded_signatures)
        used = [Signer(each.signer_cert, _stamped(each)) for each in signatures]
        along = [cert for each in signatures for cert in each.other_embedded_certs]
        tokens = [token for each in signatures for token in _timestamps(each)]
    found = [extract_certificate_info(token) for token in [*tokens, probe["content"]]]
    stamps = [Signer(each.signer_cert) for each in found]
    along += [cert for each in found for cert in each.other_certs]
    by_certificate = {each.certificate.sha256: each for each in reversed([*used, *stamps])}
    return list(reversed(by_certificate.values())), _unique(along)


def _stamped(signature: EmbeddedPdfSignature) -> datetime | None:
    """The earliest moment a timestamp of the signature names; the token itself was checked when it came."""
    times = [each["encap_content_info"]["content"].parsed["gen_time"] for each in _timestamps(signature)]
    return min((time.native for time in times), default=None)


def _timestamps(signature: EmbeddedPdfSignature) -> list[cms.SignedData]:
    return list(extract_tst_data_iter(signature.signer_info, signed=False))


def _unique(certificates: list[x509.Certificate]) -> list[x509.Certificate]:
    return list({each.sha256: each for each in certificates}.values())
