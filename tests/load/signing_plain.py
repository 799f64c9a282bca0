"""The peer: pyHanko's own signer in a loop, as its documentation shows it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf

from tests.load import trays

PASSWORD = b"plain"


@dataclass
class Outcome:
    signed: int
    seconds: float


def measure(folder: Path, dossiers: int) -> Outcome:
    _user, key, certificate = trays.minister()
    own = certificate.certificates()[0]
    from cryptography import x509

    issued = x509.load_der_x509_certificate(own.dump())
    store = folder / "key.p12"
    sealed = BestAvailableEncryption(PASSWORD)
    store.write_bytes(pkcs12.serialize_key_and_certificates(b"key", key, issued, None, sealed))
    files = [folder / f"{number}.pdf" for number in range(dossiers)]
    for path, data in zip(files, trays.variants(trays.two_pages(), dossiers), strict=True):
        path.write_bytes(data)
    signer = SimpleSigner.load_pkcs12(str(store), passphrase=PASSWORD)
    assert signer is not None
    meta = PdfSignatureMetadata(field_name="Signature", subfilter=SigSeedSubFilter.PADES)
    began = time.perf_counter()
    for path in files:
        with path.open("rb") as source, path.with_suffix(".signed.pdf").open("wb") as target:
            sign_pdf(IncrementalPdfFileWriter(source), meta, signer=signer, output=target)
    return Outcome(dossiers, time.perf_counter() - began)
