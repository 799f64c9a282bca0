"""One decision of 2,000 pages: six visible signatures by plain pyHanko, against one signature and one seal.

The six are what a register of signer, organisation, number, day, month and year asked for; ours shows all
of them in the page that the person signs, and the agency seals it once. Both ways use the same demo
authority (P-256), once bare (B-B) and once so that each signature can be checked for decades: plain
pyHanko brings each of the six to B-LTA, we stamp both of ours and bring the file to B-LTA at its end.
"Analysed" is the full check: digests, chains and what changed after each signature. "Verified again" is how
a site checks a file of its own: what its own steps added is known by its bytes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench import Row

if TYPE_CHECKING:
    from asn1crypto import x509
    from cryptography.hazmat.primitives.asymmetric import ec

PAGES, BYTES_A_PAGE = 2000, 23_500
SIX = ("Signer", "Organisation", "Number", "Day", "Month", "Year")
A4 = (595, 842)


@dataclass(frozen=True)
class Keys:
    """A signer of the demo authority: certificate first, then its issuer."""

    key: ec.EllipticCurvePrivateKey
    chain: list[x509.Certificate]


def rows(runs: int = 3) -> list[Row]:
    """``runs``: how often each verification is timed; the middle one counts."""
    import django

    with tempfile.TemporaryDirectory(prefix="ecabinet-bench-") as folder:
        os.environ["ECABINET_DATA_DIR"] = folder
        django.setup()
        return _rows(Path(folder), runs)


def _rows(folder: Path, runs: int) -> list[Row]:
    paper, person, agency = folder / "paper.pdf", _keys("Trần Quốc Khải"), _keys("Chính phủ")
    _write_paper(paper)
    six, six_long = folder / "six.pdf", folder / "six-long.pdf"
    _six_signatures(paper, six, person, longterm=False)
    six_made = _timed(lambda: _six_signatures(paper, six_long, person, longterm=True))
    ours, steps = folder / "ours.pdf", [paper]
    _signature_and_seal(paper, ours, person, agency, stamped=False)
    start = time.perf_counter()
    steps += _signature_and_seal(paper, folder / "long.pdf", person, agency, stamped=True)
    steps.append(_to_lta(steps[-1]))
    ours_made = time.perf_counter() - start
    pairs = {"B-B": (ours, six), "B-LTA": (steps[-1], six_long)}
    return [
        *_sizes(paper.stat().st_size, pairs),
        *_checks(pairs, steps, runs),
        _row(f"{PAGES:,} pages, B-LTA: made", "s", (ours_made, six_made)),
    ]


def _sizes(size: int, pairs: dict[str, tuple[Path, Path]]) -> Iterator[Row]:
    for level, files in pairs.items():
        ours, six = (path.stat().st_size - size for path in files)
        what = f"{PAGES:,} pages, {size / 1e6:.0f} MB, {level}: bytes added"
        yield _row(what, "B", (ours, six), "under a third", 1 / 3)


def _checks(pairs: dict[str, tuple[Path, Path]], steps: list[Path], runs: int) -> Iterator[Row]:
    for level, (ours, six) in pairs.items():
        taken = _middle(ours, runs), _middle(six, runs)
        yield _row(f"{PAGES:,} pages, {level}: analysed", "s", taken)
    again = _own_again(steps, runs)
    if again is not None:
        what = f"{PAGES:,} pages, B-LTA: verified again"
        yield _row(what, "s", (again, taken[1]), "under a twentieth", 1 / 20)


def _own_again(steps: list[Path], runs: int) -> float | None:
    """Seconds to check our own file, every step of which is known; None where that way is not built in."""
    if find_spec("signing.validation.stored") is None:
        return None
    version = import_module("signing.validation.stored").StoredVersion
    facts = [(hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size) for path in steps]
    known = {now[0]: version(*now, *before) for before, now in pairwise(facts)}
    return _middle(steps[-1], runs, known=known.get)


def _row(what: str, unit: str, values: tuple[float, float], goal: str = "", most: float = 0.0) -> Row:
    """``values``: ours, and that of the six signatures; ``most`` is what their ratio must stay under."""
    met = not goal or values[0] / values[1] < most
    return Row(what, values[0], unit, "six visible signatures", values[1], goal or "none named", met)


def _timed(work: Any) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _middle(path: Path, runs: int, **how: Any) -> float:
    """Seconds of a validation against the demo's roots; it must find every signature whole."""
    from signing.validation import validate

    times = []
    for _run in range(runs):
        start = time.perf_counter()
        report = validate(path, **how)
        times.append(time.perf_counter() - start)
        if not all(each.intact and each.allowed for each in report.signatures):
            raise AssertionError(f"{path.name}: {report.reasons}")
    return sorted(times)[len(times) // 2]


def _write_paper(path: Path) -> None:
    """Pages that no packing makes smaller, tagged, with one prepared field on the last page."""
    import pikepdf
    from pikepdf import Array, Dictionary, Name

    from signing.prepare import add_signature_field

    with pikepdf.new() as pdf:
        for _page in range(PAGES):
            page = pdf.add_blank_page(page_size=A4)
            noise = pdf.make_stream(os.urandom(BYTES_A_PAGE))
            noise.Type, noise.Subtype = Name.XObject, Name.Image
            noise.Width, noise.Height, noise.BitsPerComponent = BYTES_A_PAGE // 100, 100, 8
            noise.ColorSpace = Name.DeviceGray
            page.Resources = Dictionary(XObject=Dictionary(I=noise))
            page.Contents = pdf.make_stream(b"q 400 0 0 600 90 120 cm /I Do Q")
        tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        part = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=tree, K=Array([])))
        tree.K, tree.ParentTree = part, pdf.make_indirect(Dictionary(Nums=Array([])))
        pdf.Root.StructTreeRoot, pdf.Root.MarkInfo = tree, Dictionary(Marked=True)
        pdf.save(path)
    box = (220.0, 60.0, 390.0, 128.0)
    path.write_bytes(add_signature_field(path.read_bytes(), page=PAGES - 1, box=box, tooltip="Signature"))


def _keys(name: str) -> Keys:
    from asn1crypto import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    from signing.authority import demo_authority
    from signing.authority.identities import new_key, subject_name

    key, authority = new_key(), demo_authority()
    issued = authority.issue_signer(key.public_key(), subject_name(name))
    return Keys(key, [x509.Certificate.load(issued.public_bytes(Encoding.DER)), authority.root_asn1])


def _six_signatures(paper: Path, path: Path, keys: Keys, *, longterm: bool) -> None:
    """As a plain pyHanko program does it: ``SimpleSigner``, a visible text field for each fact, in memory."""
    from asn1crypto.keys import PrivateKeyInfo
    from cryptography.hazmat.primitives import serialization
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    der = keys.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    store = SimpleCertificateStore.from_certs(keys.chain)
    signer = signers.SimpleSigner(keys.chain[0], PrivateKeyInfo.load(der), store)
    data = paper.read_bytes()
    for place, name in enumerate(SIX):
        options, stamper = _longterm(keys) if longterm else ({}, None)
        out = signers.sign_pdf(
            IncrementalPdfFileWriter(BytesIO(data)),
            signers.PdfSignatureMetadata(field_name=name, subfilter=fields.SigSeedSubFilter.PADES, **options),
            signer=signer,
            timestamper=stamper,
            new_field_spec=fields.SigFieldSpec(
                name, on_page=0, box=(60, 700 - 90 * place, 260, 770 - 90 * place)
            ),
        )
        data = out.getvalue()
    path.write_bytes(data)


def _longterm(keys: Keys) -> tuple[dict[str, Any], Any]:
    from asn1crypto import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    from signing import trust
    from signing.authority import demo_authority

    authority = demo_authority()
    stamping = x509.Certificate.load(authority.tsa_certificate.public_bytes(Encoding.DER))
    context = trust.collecting_context([*keys.chain, stamping])
    options = {"embed_validation_info": True, "use_pades_lta": True, "validation_context": context}
    return options, authority.timestamper


def _signature_and_seal(paper: Path, path: Path, person: Keys, agency: Keys, *, stamped: bool) -> list[Path]:
    """The file after the person's signature, and ``path``: after the seal."""
    from signing.pades.appearance import handwriting
    from signing.pades.deferred import SignatureField
    from signing.prepare import PERSON_FIELD, SEAL_FIELD

    signed = path.with_suffix(".signed")
    field = SignatureField(PERSON_FIELD, handwriting("Trần Quốc Khải"))
    _sign(copied(paper, signed), field, person, stamped=stamped)
    _sign(copied(signed, path), SignatureField(SEAL_FIELD), agency, stamped=stamped)
    return [signed, path]


def copied(source: Path, target: Path) -> Path:
    return Path(shutil.copyfile(source, target))


def _sign(path: Path, field: Any, keys: Keys, *, stamped: bool) -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    from ecabinet.common import clock
    from signing import trust
    from signing.pades import deferred

    prepared = deferred.prepare(
        path, field, keys.chain, moment=clock.now(), token_bytes=trust.token_bytes() if stamped else 0
    )
    raw = keys.key.sign(prepared.attributes, ec.ECDSA(hashes.SHA256()))
    deferred.embed(path, prepared, raw, keys.chain, trust.timestamper() if stamped else None)


def _to_lta(path: Path) -> Path:
    from signing import trust
    from signing.pades.longterm import seal_for_decades

    sealed = copied(path, path.with_suffix(".sealed"))
    seal_for_decades(sealed, trust.timestamper())
    return sealed
