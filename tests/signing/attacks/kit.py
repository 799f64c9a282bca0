"""Files to attack: one sealed by our own pipeline, one signed by plain pyHanko under another root."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pikepdf
from asn1crypto import keys as asn1_keys
from asn1crypto import ocsp
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, SimpleSigner
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from ecabinet.common import clock
from signing.authority import identities
from signing.authority.demo import DemoAuthority
from signing.authority.identities import Identity
from signing.loop import run
from signing.pades import deferred
from signing.pades.deferred import DIGEST, INVISIBLE, SignatureField
from signing.trust import PLENTY
from signing.validation import ValidationReport, validate
from signing.validation.limited import Limits, examine

TEXT = b"BT /F1 24 Tf 60 700 Td (Approved: 1,000 dong) Tj ET "
OVERLAY = b"/Cover Do"


@lru_cache(maxsize=1)
def unsigned() -> bytes:
    """Prepared by an attacker: a covered sum, a form field, a note, a second catalog in hiding."""
    with pikepdf.new() as pdf:
        for number in (1, 2):
            pdf.add_blank_page(page_size=(595, 842))
            pdf.pages[-1].Contents = pdf.make_stream(TEXT + OVERLAY if number == 1 else TEXT)
        font = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
        )
        cover = _form_stream(pdf, b"1 g 60 690 300 40 re f")
        resources = pikepdf.Dictionary(
            Font=pikepdf.Dictionary(F1=font), XObject=pikepdf.Dictionary(Cover=cover)
        )
        for page in pdf.pages:
            page.Resources = resources
        _add_form(pdf, font)
        pdf.Root.PieceInfo = pikepdf.Dictionary(Hidden=_hidden_catalog(pdf, resources))
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
        return out.getvalue()


def _form_stream(pdf: pikepdf.Pdf, content: bytes) -> pikepdf.Object:
    stream = pdf.make_stream(content)
    stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    stream.BBox = pikepdf.Array([0, 0, 595, 842])
    return stream


def _add_form(pdf: pikepdf.Pdf, font: pikepdf.Object) -> None:
    place = pikepdf.Array([60, 600, 300, 630])
    amount = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Tx,
            T="amount",
            V="1,000",
            DA="/F1 12 Tf 0 g",
            Rect=place,
            F=4,
            AP=pikepdf.Dictionary(N=_form_stream(pdf, b"BT (1,000) Tj ET")),
        )
    )
    note = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Text,
            Contents="a note",
            Rect=pikepdf.Array([10, 10, 30, 30]),
        )
    )
    pdf.pages[0].Annots = pikepdf.Array([amount, note])
    fonts = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    pdf.Root.AcroForm = pikepdf.Dictionary(
        Fields=pikepdf.Array([amount]), DR=fonts, DA="/F1 12 Tf 0 g", SigFlags=0
    )


def _hidden_catalog(pdf: pikepdf.Pdf, resources: pikepdf.Dictionary) -> pikepdf.Object:
    page = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Page, MediaBox=pikepdf.Array([0, 0, 595, 842]), Resources=resources
        )
    )
    page.Contents = pdf.make_stream(b"BT /F1 24 Tf 60 700 Td (Approved: 1,000,000 dong) Tj ET")
    pages = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Pages, Kids=pikepdf.Array([page]), Count=1)
    )
    page.Parent = pages
    return pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Catalog, Pages=pages))


@dataclass(frozen=True)
class Kit:
    """Signs under one authority. ``own``: as our pipeline does, certified; else as plain pyHanko does."""

    folder: Path
    own: bool

    @cached_property
    def authority(self) -> DemoAuthority:
        return DemoAuthority(self.folder)

    @cached_property
    def person(self) -> Identity:
        return self.identity(identities.subject_name("Trần Quốc Khải"))

    @cached_property
    def organisation(self) -> Identity:
        return self.identity(identities.subject_name("Chính phủ", organisation="Chính phủ"))

    def identity(self, name: Any) -> Identity:
        key = identities.new_key()
        return Identity(key, self.authority.issue_signer(key.public_key(), name))

    def sign(self, data: bytes, field: str, who: Identity | None = None, **options: Any) -> bytes:
        """One signature with its timestamp, invisible unless ``box`` is given."""
        signer = who or self.person
        return self._sign_own(data, field, signer) if self.own else self.plain(data, field, signer, **options)

    def _sign_own(self, data: bytes, field: str, who: Identity) -> bytes:
        chain = [as_asn1(who)]

        def put(path: Path) -> None:
            ready = deferred.prepare(
                path, SignatureField(field), chain, moment=clock.now(), token_bytes=PLENTY
            )
            raw = who.key.sign(ready.attributes, ec.ECDSA(hashes.SHA256()))
            deferred.embed(path, ready, raw, chain, self.authority.timestamper)

        return in_place(data, put)

    def plain(
        self,
        data: bytes,
        field: str,
        who: Identity,
        *,
        certify: MDPPerm | None = None,
        box: tuple[int, int, int, int] | None = None,
        digest: str = DIGEST,
    ) -> bytes:
        """By pyHanko alone, as any other product might."""
        metadata = PdfSignatureMetadata(
            field_name=field,
            md_algorithm=digest,
            subfilter=SigSeedSubFilter.PADES,
            certify=certify is not None,
            docmdp_permissions=certify or MDPPerm.FILL_FORMS,
        )
        spec = SigFieldSpec(field, box=box, on_page=0)
        style = TextStampStyle(stamp_text="signed", background_opacity=1)
        signer = PdfSigner(
            metadata,
            simple(who),
            timestamper=self.authority.timestamper,
            new_field_spec=spec,
            stamp_style=style,
        )

        def put(path: Path) -> None:
            with path.open("r+b") as handle:
                writer = IncrementalPdfFileWriter(handle)
                run(signer.async_sign_pdf(writer, in_place=True, bytes_reserved=2 * PLENTY))

        return in_place(data, put)

    def answered(self, data: bytes) -> bytes:
        """With an answer on every certificate that signs here."""

        def put(writer: IncrementalPdfFileWriter) -> None:
            asked = [self.person.certificate, self.organisation.certificate, self.authority.tsa_certificate]
            answers = [ocsp.OCSPResponse.load(self.authority.ocsp_response(each)) for each in asked]
            DocumentSecurityStore.supply_dss_in_writer(writer, None, ocsps=answers)

        return edited(data, put)

    def stamped(self, data: bytes) -> bytes:
        """Ending with a document timestamp: anybody can get one from a public authority."""
        stamper = PdfTimeStamper(self.authority.timestamper, invis_settings=INVISIBLE)

        def put(path: Path) -> None:
            with path.open("r+b") as handle:
                writer = IncrementalPdfFileWriter(handle)
                run(stamper.async_timestamp_pdf(writer, DIGEST, in_place=True))

        return in_place(data, put)

    def signed(self, data: bytes) -> bytes:
        """Signed by a person, with answers and a document timestamp at the end."""
        return self.stamped(self.answered(self.sign(data, "Signature")))

    @cached_property
    def target(self) -> bytes:
        """Signed, sealed, answered, stamped: the genuine file that attacks begin with."""
        twice = self.sign(self.sign(unsigned(), "Signature"), "Seal", self.organisation)
        return self.stamped(self.answered(twice))

    def check(self, data: bytes, *, limits: Limits | None = None) -> ValidationReport:
        """What the house says; with ``limits`` from the process in which it looks at strangers' files."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "attacked.pdf"
            path.write_bytes(data)
            roots = [self.authority.root_asn1]
            return examine(path, limits=limits, trust=roots) if limits else validate(path, trust=roots)


def as_asn1(identity: Identity) -> asn1.Certificate:
    return asn1.Certificate.load(identity.certificate.public_bytes(Encoding.DER))


def simple(who: Identity) -> SimpleSigner:
    pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    key = asn1_keys.PrivateKeyInfo.load(who.key.private_bytes(Encoding.DER, pkcs8, plain))
    return SimpleSigner(signing_cert=as_asn1(who), signing_key=key, cert_registry=SimpleCertificateStore())


def in_place(data: bytes, change: Callable[[Path], None]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.pdf"
        path.write_bytes(data)
        change(path)
        return path.read_bytes()


def edited(data: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """``data`` with one more revision, written by pyHanko."""
    stream = io.BytesIO(data)
    writer = IncrementalPdfFileWriter(stream, strict=False)
    change(writer)
    writer.write_in_place()
    return stream.getvalue()


def reader(data: bytes) -> PdfFileReader:
    return PdfFileReader(io.BytesIO(data))
