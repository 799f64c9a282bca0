"""The technical report: what each verdict rests on, in ETSI's words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ecabinet.common import blobs
from signing.actions import SignedFile
from signing.validation import detail as detailed
from signing.validation import validate


@pytest.fixture
def data(sealed_path: Path) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(validate(sealed_path).as_data()))
    return plain


def test_a_person_a_seal_and_a_timestamp_each_passed(data: dict[str, Any]) -> None:
    details = [each["detail"] for each in data["signatures"]]
    assert [each["main_indication"] for each in details] == ["TOTAL-PASSED"] * 3
    assert [each["sub_indication"] for each in details] == [None] * 3
    proofs = [each["proof_of_existence"] for each in details]
    assert proofs == ["signature-time-stamp", "signature-time-stamp", "document-time-stamp"]
    assert data["policy"].startswith("urn:ecabinet:validation:")


def test_a_signature_is_accounted_for(data: dict[str, Any], sealed_path: Path) -> None:
    person = data["signatures"][0]
    detail = person["detail"]
    assert detail["best_signature_time"] == person["time"]
    signer, root = detail["certificate_chain"]
    assert (signer["serial"], signer["issuer"]) == (person["serial"], root["subject"])
    answer = detail["revocation"][0]
    assert (answer["type"], answer["status"], answer["serial"]) == ("OCSP", "good", signer["serial"])
    assert answer["produced_at"]
    assert [each["type"] for each in detail["timestamps"]] == ["signature-time-stamp", "document-time-stamp"]
    zero, start, resume, length = detail["scope"]["byte_range"]
    assert (zero, detail["scope"]["covered_bytes"]) == (0, start + length)
    assert person["covers"] == resume + length < sealed_path.stat().st_size


def test_what_is_not_answered_is_indeterminate(signed: SignedFile) -> None:
    detail = validate(blobs.path_of(signed.sha256)).signatures[0].detail
    assert (detail["main_indication"], detail["sub_indication"]) == ("INDETERMINATE", "TRY_LATER")
    assert detail["revocation"] == []


def test_an_altered_file_failed(sealed_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "altered.pdf"
    content = sealed_path.read_bytes()
    path.write_bytes(content.replace(b"/Producer", b"/Xroducer", 1))
    assert path.read_bytes() != content
    details = [each.detail for each in validate(path).signatures]
    assert {each["main_indication"] for each in details} == {"TOTAL-FAILED"}
    assert {each["sub_indication"] for each in details} == {"HASH_FAILURE"}


def test_what_cannot_be_accounted_for_does_not_change_the_verdict(
    sealed_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise ValueError("a certificate nobody can write down")

    monkeypatch.setattr(detailed, "_certificate", broken)
    report = validate(sealed_path)
    assert (report.verdict, report.signatures[0].detail["incomplete"]) == ("genuine", True)
