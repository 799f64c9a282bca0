"""The package of a record can be checked by someone who has nothing else."""

from __future__ import annotations

import os
import zipfile
from hashlib import sha256
from xml.etree import ElementTree as ET

import pytest

from archive import actions, packages, tasks
from archive.models import Record
from archive.rules import EventSpec, FileSpec
from ecabinet.common import blobs
from ecabinet.common.errors import DomainError, WrongState
from ecabinet.ledger.rules import notes, proofs
from tests.archive.conftest import Deposit, pdf

PREMIS = "{http://www.loc.gov/premis/v3}"


@pytest.fixture
def sealed(deposit: Deposit) -> Record:
    record = deposit(
        files=[FileSpec("data/versions/1.pdf", "version", blobs.put_bytes(pdf("draft")))],
        events=[
            EventSpec(
                "digital signature generation", "2026-11-26T15:02:11+07:00", "PAdES B-LTA", "Trần Quốc Khải"
            )
        ],
    )
    actions.seal_deposits()
    record.refresh_from_db()
    return record


def members(record: Record) -> dict[str, bytes]:
    with zipfile.ZipFile(packages.build_bag(record)) as bag:
        assert bag.testzip() is None
        return {name.removeprefix("36-NQ-CP/"): bag.read(name) for name in bag.namelist()}


def test_every_manifest_holds(sealed: Record) -> None:
    files = members(sealed)
    assert files["bagit.txt"] == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    listed: set[str] = set()
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        for line in files[manifest].decode().splitlines():
            digest, path = line.split("  ")
            assert sha256(files[path]).hexdigest() == digest
            listed.add(path)
    assert listed == set(files) - {"tagmanifest-sha256.txt"}
    payload = [path for path in files if path.startswith("data/")]
    size = sum(len(files[path]) for path in payload)
    assert f"Payload-Oxum: {size}.2\n".encode() in files["bag-info.txt"]


def test_the_proof_inside_proves_the_original_inside(sealed: Record) -> None:
    files = members(sealed)
    proof = proofs.parse_proof(files["ledger/36-NQ-CP.pdf.tlog-proof"].decode())
    proof.verify([notes.parse_vkey(files["ledger/vkey"].decode())])
    assert proof.entry == files["ledger/entry.json"]
    assert proof.checkpoint.encode() == files["ledger/checkpoint"]
    assert sha256(files["data/36-NQ-CP.pdf"]).hexdigest().encode() in proof.entry


def test_premis_tells_what_happened(sealed: Record) -> None:
    root = ET.fromstring(members(sealed)["metadata/premis.xml"])  # noqa: S314  written by ourselves
    assert [node.text for node in root.iter(f"{PREMIS}eventType")] == [
        "digital signature generation",
        "ingestion",
    ]
    assert [node.text for node in root.iter(f"{PREMIS}agentName")] == ["Trần Quốc Khải", "Chính phủ"]
    assert len(root.findall(f"{PREMIS}object")) == 2


def test_the_same_record_gives_the_same_bytes(sealed: Record) -> None:
    path = packages.build_bag(sealed)
    first = path.read_bytes()
    path.unlink()
    assert packages.build_bag(sealed).read_bytes() == first


def test_no_package_before_the_ledger_has_sealed_it(deposit: Deposit) -> None:
    with pytest.raises(WrongState):
        packages.build_bag(deposit())


def test_a_damaged_file_is_not_handed_out(sealed: Record) -> None:
    path = blobs.path_of(sealed.sha256)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b"%")
    with pytest.raises(DomainError) as refusal:
        packages.build_bag(sealed)
    assert refusal.value.code == "file_damaged"
    assert list((path.parents[3] / "packages").iterdir()) == []


def test_old_packages_are_cleared(sealed: Record) -> None:
    path = packages.build_bag(sealed)
    tasks.tick()
    assert path.exists()
    os.utime(path, (0, 0))
    tasks.tick()
    assert not path.exists()
