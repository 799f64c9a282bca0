"""From B-T to B-LTA: everything needed to check the file for decades, then one last timestamp.

The validation data go in before the timestamp and no VRI entry is written, so the file ends with
its timestamp and not one byte after it is uncovered.
"""

from __future__ import annotations

from pathlib import Path

from asn1crypto import cms, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.signers.pdf_signer import TimestampDSSContentSettings
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.path import ValidationPath

from signing import trust
from signing.loop import run
from signing.pades.deferred import DIGEST, INVISIBLE

BEFORE = TimestampDSSContentSettings(include_vri=False, update_before_ts=True)


def seal_for_decades(path: Path, timestamper: TimeStamper) -> None:
    """Add validation data of every signature in the file, and a document timestamp, in place.

    Also renews: called again later it adds fresh data and a new timestamp. Raises OSError when the
    time-stamping authority does not answer (the file is then unusable: work on a copy), and
    pyHanko's validation errors when a certificate has no valid path or no revocation answer.
    """
    run(_extend(path, timestamper))


async def _extend(path: Path, timestamper: TimeStamper) -> None:
    probe = await timestamper.async_dummy_response(DIGEST)
    signers, others = _certificates(path, probe)
    context = trust.collecting_context({each.sha256: each for each in [*signers, *others]}.values())
    try:
        paths = [await _path(each, context) for each in signers]
        with path.open("r+b") as handle:
            writer = IncrementalPdfFileWriter(handle)
            DocumentSecurityStore.supply_dss_in_writer(writer, None, paths=paths, validation_context=context)
            stamper = PdfTimeStamper(timestamper, invis_settings=INVISIBLE)
            await stamper.async_timestamp_pdf(
                writer, DIGEST, context, validation_paths=list(paths), in_place=True, dss_settings=BEFORE
            )
    finally:
        await context.aclose()


async def _path(certificate: x509.Certificate, context: ValidationContext) -> ValidationPath:
    validator = CertificateValidator(certificate, validation_context=context)
    return await validator.async_validate_path()


def _certificates(
    path: Path, probe: cms.ContentInfo
) -> tuple[list[x509.Certificate], list[x509.Certificate]]:
    """(the certificates that signed or stamped, all others that came along)."""
    with path.open("rb") as handle:
        signatures = PdfFileReader(handle).embedded_signatures
        used = [each.signer_cert for each in signatures]
        along = [cert for each in signatures for cert in each.other_embedded_certs]
        tokens = [token for each in signatures for token in _timestamps(each)]
    found = [extract_certificate_info(token) for token in [*tokens, probe["content"]]]
    stamps = [each.signer_cert for each in found]
    along += [cert for each in found for cert in each.other_certs]
    return _unique([*used, *stamps]), _unique(along)


def _timestamps(signature: EmbeddedPdfSignature) -> list[cms.SignedData]:
    return list(extract_tst_data_iter(signature.signer_info, signed=False))


def _unique(certificates: list[x509.Certificate]) -> list[x509.Certificate]:
    return list({each.sha256: each for each in certificates}.values())
