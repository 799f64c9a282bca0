"""One PDF signature in three steps that may lie minutes and machines apart.

``prepare`` puts the placeholder in and gives the signed attributes; anyone with the key signs their
bytes; ``embed`` completes the file. Files are changed in place on disk, never held in memory.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from asn1crypto import cms, x509
from django.utils.translation import gettext_lazy as _
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import ExternalSigner, PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from ecabinet.common.errors import DomainError
from ecabinet.common.pdf import render_stamp
from signing.loop import run
from signing.pades.appearance import HEIGHT, WIDTH

logger = logging.getLogger(__name__)

DIGEST = "sha256"
CHUNK = 1024 * 1024
PATTERN = hashlib.sha256(b"any document").digest()
SPARE = 256  # bytes kept beyond what a signature is known to take
# Outside the page: PDF/UA lets an untagged widget stand only there, PDF/A forbids hiding it.
INVISIBLE = InvisSigSettings(set_print_flag=True, box_out_of_bounds=True)


@dataclass(frozen=True)
class SignatureField:
    """Where and how a signature stands in the document.

    ``drawing`` (SVG) shows in the visible field ``name``, which must exist; without it the signature
    is invisible and its field is made.
    """

    name: str
    drawing: str = ""
    reason: str = ""
    location: str = ""


@dataclass(frozen=True)
class Prepared:
    """What must be kept between the steps: digest, placeholder offsets, and the bytes to sign."""

    digest: bytes
    start: int
    end: int
    attributes: bytes


def prepare(
    path: Path,
    field: SignatureField,
    chain: list[x509.Certificate],
    *,
    moment: datetime,
    token_bytes: int,
    appearance: bytes = b"",
) -> Prepared:
    """Append a signature placeholder to the file at ``path``; ``chain`` begins with the signer.

    ``token_bytes`` is the room for a timestamp in the signature (``trust.token_bytes``), 0 for none;
    ``appearance`` is the field's drawing as ``drawn`` gives it, made here when it is not given.

    Raises DomainError ``not_signable`` when the file or its field does not take a signature.
    """
    try:
        reserved = 2 * (_container_bytes(tuple(each.dump() for each in chain)) + token_bytes + SPARE)
        work = _prepare(path, field, chain, moment=moment, reserved=reserved, appearance=appearance)
        digest, start, end = run(work)
        return Prepared(digest, start, end, _attributes(chain[0], digest))
    except (SigningError, PdfError) as error:
        logger.warning("a file does not take a signature: %s", error)
        message = _("This file cannot take a signature. Ask the secretariat to produce it again.")
        raise DomainError("not_signable", message, 422) from error


async def _prepare(
    path: Path,
    field: SignatureField,
    chain: list[x509.Certificate],
    *,
    moment: datetime,
    reserved: int,
    appearance: bytes,
) -> tuple[bytes, int, int]:
    """(digest, start and end of the placeholder)"""
    signer = _external(chain, None)
    with path.open("r+b") as handle:
        writer = IncrementalPdfFileWriter(handle)
        first = not writer.prev.embedded_signatures
        pdf_signer = PdfSigner(
            _metadata(field, certify=first),
            signer=signer,
            stamp_style=_style(field, appearance),
            new_field_spec=None
            if field.drawing
            else SigFieldSpec(field.name, invis_sig_settings=INVISIBLE, readable_field_name=field.name),
        )
        session = pdf_signer.init_signing_session(writer, existing_fields_only=bool(field.drawing))
        session.system_time = moment
        document = session.prepare_tbs_document(validation_info=None, bytes_reserved=reserved)
        digest, _out = document.digest_tbs_document(in_place=True)
    return digest.document_digest, digest.reserved_region_start, digest.reserved_region_end


def _attributes(certificate: x509.Certificate, digest: bytes) -> bytes:
    """The signed attributes, DER. Of one signer's documents only the digest in them differs."""
    before, after = _around_the_digest(certificate.dump())
    return before + digest + after


@lru_cache(maxsize=64)
def _around_the_digest(certificate: bytes) -> tuple[bytes, bytes]:
    signer = _external([x509.Certificate.load(certificate)], None)
    attributes: bytes = run(signer.signed_attrs(PATTERN, DIGEST, use_pades=True)).dump()
    before, _pattern, after = attributes.partition(PATTERN)
    return before, after


@lru_cache(maxsize=64)
def _container_bytes(chain: tuple[bytes, ...]) -> int:
    """How long a signature container of this signer is, without a timestamp."""
    certificates = [x509.Certificate.load(each) for each in chain]
    signer = _external(certificates, bytes(_signature_bytes(certificates[0])))
    attributes = cms.CMSAttributes.load(_attributes(certificates[0], PATTERN))
    return len(run(_container(signer, attributes, None))[0])


def _signature_bytes(certificate: x509.Certificate) -> int:
    """The longest raw signature of that key: RSA as long as the key, ECDSA two such numbers in DER."""
    length = int(certificate.public_key.byte_size)
    return length if certificate.public_key.algorithm == "rsa" else 2 * length + 16


def is_unchanged(path: Path, prepared: Prepared) -> bool:
    """The file at ``path`` is, outside the placeholder, the one whose digest was prepared."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        left = prepared.start
        while left and (chunk := handle.read(min(left, CHUNK))):
            digest.update(chunk)
            left -= len(chunk)
        handle.seek(prepared.end)
        while chunk := handle.read(CHUNK):
            digest.update(chunk)
    return digest.digest() == prepared.digest


def embed(
    path: Path,
    prepared: Prepared,
    signature: bytes,
    chain: list[x509.Certificate],
    timestamper: TimeStamper | None,
) -> bool:
    """Write the finished signature into its placeholder; True when it carries a timestamp.

    When the time-stamping authority does not answer, the signature goes in without (B-B). Raises
    DomainError ``signature_too_large`` when the placeholder is too small; the file is then unchanged.
    """
    signer = _external(chain, signature)
    attributes = cms.CMSAttributes.load(prepared.attributes)
    content, stamped = run(_container(signer, attributes, timestamper))
    region = PreparedByteRangeDigest(prepared.digest, prepared.start, prepared.end)
    try:
        with path.open("r+b") as handle:
            region.fill_with_cms(handle, content)
    except SigningError as error:
        message = _("The signature is larger than the place kept for it. The document is unchanged.")
        raise DomainError("signature_too_large", message, 500) from error
    return stamped


async def _container(
    signer: ExternalSigner, attributes: cms.CMSAttributes, timestamper: TimeStamper | None
) -> tuple[bytes, bool]:
    try:
        content = await signer.async_sign_prescribed_attributes(DIGEST, attributes, timestamper=timestamper)
        return content.dump(), timestamper is not None
    except OSError as error:  # TimestampRequestError is one
        logger.warning("no timestamp: %s", error)
        plain = await signer.async_sign_prescribed_attributes(DIGEST, attributes)
        return plain.dump(), False


@lru_cache(maxsize=64)
def drawn(drawing: str) -> bytes:
    """A drawing (SVG) as the page that appears in a field, PDF."""
    return render_stamp(drawing, width=WIDTH, height=HEIGHT)


def _external(chain: list[x509.Certificate], signature: bytes | None) -> ExternalSigner:
    registry = SimpleCertificateStore()
    registry.register_multiple(chain)
    return ExternalSigner(signing_cert=chain[0], cert_registry=registry, signature_value=signature)


def _metadata(field: SignatureField, *, certify: bool) -> PdfSignatureMetadata:
    return PdfSignatureMetadata(
        field_name=field.name,
        md_algorithm=DIGEST,
        reason=field.reason or None,
        location=field.location or None,
        subfilter=SigSeedSubFilter.PADES,
        certify=certify,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )


def _style(field: SignatureField, appearance: bytes) -> StaticStampStyle:
    if not field.drawing:
        return StaticStampStyle(border_width=0)
    middle = AxisAlignment.ALIGN_MID
    filling = SimpleBoxLayoutRule(x_align=middle, y_align=middle, margins=Margins.uniform(0))
    drawing = Drawing(appearance or drawn(field.drawing))
    return StaticStampStyle(background=drawing, border_width=0, background_layout=filling)


class Drawing(PdfContent):
    """The only page of a PDF in memory, as pyHanko's ``ImportedPdfPage`` is for a file."""

    def __init__(self, page: bytes) -> None:
        self._page = page
        super().__init__()

    def render(self) -> bytes:
        writer = self._ensure_writer
        drawn = writer.import_page_as_xobject(PdfFileReader(BytesIO(self._page)))
        self.resources.xobject["/Drawing"] = drawn
        left, bottom, right, top = drawn.get_object()["/BBox"]
        self.box = BoxConstraints(width=right - left, height=top - bottom)
        return b"/Drawing Do"
