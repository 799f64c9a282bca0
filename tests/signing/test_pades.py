"""A sealed decision: levels, last byte, other people's validators."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel, SuspiciousModification
from pyhanko.sign.validation import ades

from ecabinet.common import blobs
from ecabinet.common.errors import Denied, DomainError, WrongState
from signing import actions, trust
from signing.actions import SignedFile
from signing.enums import Level
from signing.validation import Role, Verdict, validate
from signing.validation.judgement import File
from tests.signing.conftest import Signers

LIMIT = 60  # seconds for another program


def test_sealed_is_lta_and_ends_with_its_timestamp(sealed: SignedFile, sealed_path: Path) -> None:
    assert (sealed.level, sealed.timestamp_pending) == (Level.LTA, False)
    report = validate(sealed_path)
    assert report.verdict == Verdict.GENUINE
    assert (report.level, report.bytes_after, report.pages) == ("B-LTA", 0, 1)
    assert [each.role for each in report.signatures] == [Role.PERSON, Role.SEAL, Role.TIMESTAMP]
    assert [each.signer for each in report.signatures[:2]] == ["Trần Quốc Khải", "Chính phủ"]
    last = report.signatures[-1]
    assert last.covers == report.size == sealed_path.stat().st_size


async def test_a_long_term_validator_passes_both_signatures(sealed_path: Path) -> None:
    with sealed_path.open("rb") as handle:
        reader = PdfFileReader(handle)
        file = File(reader, sealed_path.stat().st_size, trust.anchors())
        for signature in reader.embedded_signatures[:2]:
            spec = ades.PdfSignatureValidationSpec(file.spec)
            result = await ades.ades_lta_validation(signature, spec)
            assert result.ades_subindic == AdESPassed.OK
            assert result.oldest_evidence_record_timestamp is not None


def test_the_seal_changes_nothing_for_the_person(signed: SignedFile, sealed_path: Path) -> None:
    before = blobs.path_of(signed.sha256).read_bytes()
    assert sealed_path.read_bytes().startswith(before)
    person = validate(sealed_path).signatures[0]
    assert person.intact
    assert person.allowed


def levels(path: Path) -> list[ModificationLevel]:
    """What came after each signature of the file, by pyHanko's difference analysis."""
    found = []
    with path.open("rb") as handle:
        for each in PdfFileReader(handle).embedded_signatures:
            each.compute_integrity_info(skip_diff=True)
            result = each.evaluate_modifications(DEFAULT_DIFF_POLICY)
            assert not isinstance(result, SuspiciousModification)
            found.append(result.modification_level)
    return found


def test_nothing_but_the_seal_and_proof_follows_the_persons_signature(
    signed: SignedFile, sealed_path: Path
) -> None:
    """A further signature is form filling by its name; behind the seal there is proof only."""
    assert levels(blobs.path_of(signed.sha256)) == [ModificationLevel.NONE]
    assert levels(sealed_path) == [
        ModificationLevel.FORM_FILLING,
        ModificationLevel.LTA_UPDATES,
        ModificationLevel.NONE,
    ]


def test_claims_and_structure_remain(sealed_path: Path) -> None:
    with pikepdf.open(sealed_path) as pdf:
        xmp = pdf.Root.Metadata.read_bytes().decode()
        widgets = [each for each in pdf.pages[0].Annots if each.get("/FT") == "/Sig"]
        assert pdf.pages[0].Tabs == pikepdf.Name.S
        assert "StructParent" in repr(widgets[0].keys())
        assert str(widgets[0].TU) == "Chữ ký của Trần Quốc Khải"
        assert pdf.Root.Perms.DocMDP.Reference[0].TransformParams.P == 2
    for claim in ("pdfuaid:part", "1"), ("pdfaid:part", "3"), ("pdfaid:conformance", "A"):
        assert re.search('{}(="|>){}["<]'.format(*claim), xmp), claim  # as an attribute or an element


@pytest.mark.poppler
def test_pdfsig_finds_both_signatures_valid(sealed_path: Path) -> None:
    said = subprocess.run(
        ["pdfsig", "-nocert", str(sealed_path)], capture_output=True, text=True, timeout=LIMIT, check=False
    ).stdout
    assert said.count("Signature is Valid") == 2
    assert "invalid" not in said.lower()
    assert said.count("ETSI.CAdES.detached") == 2
    assert "Total document signed" in said


@pytest.mark.verapdf
def test_an_independent_checker_passes_pdf_a_and_pdf_ua(sealed_path: Path) -> None:
    root = Path(settings.BASE_DIR)
    said = subprocess.run(
        [str(root / "bin/verapdf"), str(sealed_path)],
        capture_output=True, text=True, timeout=LIMIT, check=False, env=os.environ,
    )  # fmt: skip
    assert said.returncode == 0, said.stdout
    assert said.stdout.count("PASS") == 2


def test_without_a_timestamp_authority_it_waits_and_is_completed(
    signers: Signers, unsigned: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "TSA_URL", "http://127.0.0.1:9/tsa")  # the discard port: nobody there
    signed = actions.sign_pdf(actor=signers.person, sha256=unsigned, certificate=signers.own)
    sealed = actions.seal_pdf(actor=signers.person, sha256=signed.sha256, certificate=signers.seal)
    assert (sealed.level, sealed.timestamp_pending) == (Level.B, True)
    monkeypatch.setattr(settings, "TSA_URL", "")
    completed = actions.complete_timestamp(actor=None, sha256=sealed.sha256)
    assert (completed.level, completed.timestamp_pending) == (Level.LTA, False)
    report = validate(blobs.path_of(completed.sha256))
    assert (report.verdict, report.level) == (Verdict.GENUINE, "B-LTA")


def test_nobody_signs_with_anothers_certificate(signers: Signers, unsigned: str) -> None:
    other = type(signers.person).objects.create_user("other@example.vn", full_name="Other")
    with pytest.raises(Denied):
        actions.sign_pdf(actor=other, sha256=unsigned, certificate=signers.own)
    with pytest.raises(Denied):
        actions.sign_pdf(actor=signers.person, sha256=unsigned, certificate=signers.seal)
    with pytest.raises(Denied):
        actions.seal_pdf(actor=None, sha256=unsigned, certificate=signers.own)


def test_a_disabled_certificate_makes_no_new_signature(signers: Signers, unsigned: str) -> None:
    disabled = actions.disable_certificate(actor=None, certificate_id=signers.own.pk)
    with pytest.raises(WrongState) as refusal:
        actions.sign_pdf(actor=signers.person, sha256=unsigned, certificate=disabled)
    assert refusal.value.code == "certificate_not_active"


def test_a_revoked_certificate_does_not_undo_what_was_sealed(signers: Signers, sealed_path: Path) -> None:
    actions.revoke_demo_certificate(actor=None, certificate_id=signers.own.pk)
    assert validate(sealed_path).verdict == Verdict.GENUINE


def test_a_file_without_a_field_is_refused_and_kept(signers: Signers) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    path = Path(settings.BLOB_DIR).parent / "plain.pdf"
    pdf.save(path)
    sha256 = blobs.put_file(path)[0]
    with pytest.raises(DomainError) as refusal:
        actions.sign_pdf(actor=signers.person, sha256=sha256, certificate=signers.own)
    assert refusal.value.code == "not_signable"
    assert blobs.get(sha256) == path.read_bytes()


def test_detached_signature_over_a_manifest(signers: Signers) -> None:
    from asn1crypto import cms
    from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

    der = actions.sign_bytes(certificate=signers.seal, data=b'{"versions":[]}')
    signed = cms.ContentInfo.load(der, strict=True)["content"]
    assert signed["encap_content_info"]["content"].native is None
    assert list(extract_tst_data_iter(signed["signer_infos"][0], signed=False))
