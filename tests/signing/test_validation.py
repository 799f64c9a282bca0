"""Any byte changed or added is found, and the report says what happened."""

from __future__ import annotations

import random
import re
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils import translation
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from ecabinet.common import blobs, clock
from signing import trust
from signing.actions import SignedFile
from signing.validation import Verdict, validate


def verdict_of(data: bytes, folder: Path) -> Verdict:
    path = folder / "probe.pdf"
    path.write_bytes(data)
    return validate(path, trust=trust.anchors()).verdict


def last_place(path: Path) -> tuple[int, int]:
    """Where the last signature's hexadecimal stands, brackets included."""
    with path.open("rb") as handle:
        _zero, start, resume, _length = PdfFileReader(handle).embedded_signatures[-1].byte_range
    return int(start), int(resume)


def flipped(data: bytes, offset: int, mask: int) -> bytes:
    return data[:offset] + bytes([data[offset] ^ mask]) + data[offset + 1 :]


def test_sixty_flipped_bytes_anywhere_are_found(sealed_path: Path, tmp_path: Path) -> None:
    data, chance = sealed_path.read_bytes(), random.Random(20261123)  # noqa: S311 - a repeatable choice
    missed = [
        (offset, mask)
        for offset, mask in ((chance.randrange(len(data)), 1 << chance.randrange(8)) for _ in range(60))
        if verdict_of(flipped(data, offset, mask), tmp_path) != Verdict.CHANGED
    ]
    assert missed == []


def test_the_last_timestamps_own_place_is_guarded(sealed_path: Path, tmp_path: Path) -> None:
    """No digest covers these bytes: digits, padding, brackets, and the letter case of a digit."""
    data, chance = sealed_path.read_bytes(), random.Random(7)  # noqa: S311 - a repeatable choice
    start, end = last_place(sealed_path)
    used = start + 1 + len(data[start + 1 : end - 1].rstrip(b"0"))
    digits = [chance.randrange(start + 1, used) for _ in range(30)]
    padding = [used + 3, (used + end) // 2, end - 2]
    edges = [start, end - 1]
    missed = []
    for offset in [*digits, *padding, *edges]:
        new = b"3" if data[offset : offset + 1] != b"3" else b"4"
        if verdict_of(data[:offset] + new + data[offset + 1 :], tmp_path) != Verdict.CHANGED:
            missed.append(offset)
    letter = next(each for each in range(start, end) if chr(data[each]).isalpha())
    if verdict_of(flipped(data, letter, 0x20), tmp_path) != Verdict.CHANGED:
        missed.append(letter)
    assert missed == []


@pytest.mark.parametrize("tail", [b"\n", b" ", b"\x00", b"%%EOF\n", b"% harmless comment\n" * 40])
def test_appended_bytes_are_found(sealed_path: Path, tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "longer.pdf"
    path.write_bytes(sealed_path.read_bytes() + tail)
    report = validate(path)
    assert report.verdict == Verdict.CHANGED


def test_a_long_tail_of_blanks_is_found_without_stepping_through_it(
    sealed_path: Path, tmp_path: Path
) -> None:
    path = tmp_path / "padded.pdf"
    path.write_bytes(sealed_path.read_bytes() + b"\0" * 60_000_000)
    report = validate(path)
    assert (report.verdict, [reason.code for reason in report.reasons]) == (Verdict.CHANGED, ["structure"])


def test_a_cut_file_is_changed(sealed_path: Path, tmp_path: Path) -> None:
    data = sealed_path.read_bytes()
    assert verdict_of(data[:-1], tmp_path) == Verdict.CHANGED
    assert verdict_of(data[: len(data) // 2], tmp_path) == Verdict.CHANGED


def test_wherever_it_is_cut_inside_a_revision_it_is_changed(
    sealed_path: Path, unsigned: str, tmp_path: Path
) -> None:
    """In the printed part, shortly after it (a reader finds the unsigned document), at both signatures."""
    data, original = sealed_path.read_bytes(), len(blobs.get(unsigned))
    ends = [match.end() for match in re.finditer(rb"%%EOF\n", data)]
    places = [1024, original // 2, original - 20, original - 3, original + 40, original + 400]
    places += [end + shift for end in ends[1:] for shift in (-40, -8, -3)]
    places += [end + shift for end in ends[1:-1] for shift in (40, 400, 3000)]
    assert [place for place in places if verdict_of(data[:place], tmp_path) != Verdict.CHANGED] == []


def test_a_page_altered_by_an_increment_is_changed(sealed_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "covered.pdf"
    path.write_bytes(sealed_path.read_bytes())
    with path.open("r+b") as handle:
        writer = IncrementalPdfFileWriter(handle)
        page = writer.root["/Pages"]["/Kids"][0]
        from pyhanko.pdf_utils import generic

        page["/Rotate"] = generic.NumberObject(180)
        writer.update_container(page)
        writer.write_in_place()
    report = validate(path)
    assert report.verdict == Verdict.CHANGED
    assert {reason.code for reason in report.reasons} >= {"bytes_after", "objects"}
    assert report.bytes_after == path.stat().st_size - sealed_path.stat().st_size


def test_without_the_authoritys_certificate_it_is_unknown(sealed_path: Path) -> None:
    report = validate(sealed_path, trust=[])
    assert report.verdict == Verdict.UNKNOWN
    assert {reason.code for reason in report.reasons} == {"signer_unknown"}


def test_a_personal_signature_alone_is_intact_but_waits_for_its_revocation_answer(signed: SignedFile) -> None:
    report = validate(blobs.path_of(signed.sha256))
    assert report.verdict == Verdict.UNKNOWN
    assert [reason.code for reason in report.reasons] == ["revocation_unknown"]
    assert report.level == "B-T"


def test_unsigned_and_foreign_files(unsigned: str, tmp_path: Path) -> None:
    report = validate(blobs.path_of(unsigned))
    assert (report.verdict, [each.code for each in report.reasons]) == (Verdict.UNSIGNED, ["unsigned"])
    text = tmp_path / "letter.txt"
    text.write_text("Kính gửi")
    assert [each.code for each in validate(text).reasons] == ["not_pdf"]
    torn = tmp_path / "torn.pdf"
    torn.write_bytes(b"%PDF-1.7\nnothing")
    assert validate(torn).verdict == Verdict.UNSIGNED


@pytest.mark.parametrize(("password", "code"), [("", "unsigned"), ("secret", "encrypted")])
def test_a_locked_file_is_named(tmp_path: Path, password: str, code: str) -> None:
    path = tmp_path / "locked.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path, encryption=pikepdf.Encryption(owner="owner", user=password))
    report = validate(path)
    assert (report.verdict, [each.code for each in report.reasons]) == (Verdict.UNSIGNED, [code])


def test_a_file_locked_for_certificates_is_named(tmp_path: Path) -> None:
    key, name = rsa.generate_private_key(65537, 2048), x509.Name([])
    now = clock.now()
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    usage = x509.KeyUsage(*(bit == 2 for bit in range(9)))  # key encipherment only
    signed = builder.add_extension(usage, critical=True).sign(key, hashes.SHA256())
    holder = signed.public_bytes(Encoding.DER)
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(tmp_path / "open.pdf")
    path = tmp_path / "locked.pdf"
    with (tmp_path / "open.pdf").open("rb") as source, path.open("wb") as target:
        writer = copy_into_new_writer(PdfFileReader(source))
        writer.encrypt_pubkey([asn1_x509.Certificate.load(holder)])
        writer.write(target)
    assert [each.code for each in validate(path).reasons] == ["encrypted"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_finding_has_a_sentence(sealed_path: Path, language: str) -> None:
    with translation.override(language):
        sentences = validate(sealed_path).sentences
    assert len(sentences) == 4
    assert all(sentence.endswith(".") for sentence in sentences)


def test_the_report_is_plain_data(sealed_path: Path) -> None:
    import json

    data = json.loads(json.dumps(validate(sealed_path).as_data()))
    assert data["verdict"] == "genuine"
    assert data["signatures"][0]["role"] == "person"
