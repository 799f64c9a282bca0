"""A record as a package anyone can keep and check: BagIt 1.0 (RFC 8493) with PREMIS 3, in one zip."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from archive.models import Record, RecordFile, RecordVersion
from archive.premis import premis_xml
from archive.rules import safe_name
from ecabinet.common import blobs
from ecabinet.common.errors import DomainError, WrongState
from ecabinet.ledger import queries as ledger
from ecabinet.ledger.rules.proofs import parse_proof

RENEWED = "renewed"  # folder of the original with its renewed archive timestamps
KEPT_FOR = 24 * 3600  # seconds a built package stays for the next one who asks
README = """\
This package is a record of the archive, in the BagIt form (RFC 8493).

data/                  the signed original and the files that belong to it
data/renewed/          the original with renewed archive timestamps behind it, once there are any
metadata/premis.xml    what happened to them (PREMIS 3)
ledger/entry.json      the ledger entry of the deposit, its exact bytes
ledger/*.tlog-proof    proof that the entry stands in the ledger (c2sp.org/tlog-proof)
ledger/checkpoint      the signed head the proof leads to (c2sp.org/tlog-checkpoint)
ledger/vkey            the public key of the ledger; compare it with the one the site publishes

To check the original without a network:
  ecabinet verify data/{name} --proof ledger/{name}.tlog-proof --vkey ledger/vkey
"""


@dataclass(frozen=True)
class Payload:
    """A file under ``data/``."""

    path: str
    sha256: str
    size: int
    media_type: str = "application/pdf"


def payloads(record: Record) -> list[Payload]:
    """The record's files: the signed original, with its renewed archive timestamps, then the others."""
    main = blobs.path_of(record.sha256)
    newest = record.newest
    rows: Iterator[RecordFile] = iter(record.files.order_by("path"))
    return [
        Payload(f"data/{record.file_name}", record.sha256, main.stat().st_size),
        *([Payload(f"data/{RENEWED}/{record.file_name}", newest.sha256, newest.size)] if newest else []),
        *(Payload(row.path, row.sha256, row.size, row.media_type) for row in rows),
    ]


def build_bag(record: Record) -> Path:
    """The path of the record's package. The same record gives the same bytes.

    Raises WrongState ``not_sequenced`` while the ledger has not sealed the deposit, DomainError
    ``file_damaged`` when a stored file is not what was deposited.
    """
    if not record.proof:
        message = _("The ledger has not sealed this record yet. Try again in a minute.")
        raise WrongState("not_sequenced", message)
    folder = _folder()
    target = folder / f"{record.sha256}-{sha256(_state(record).encode()).hexdigest()[:16]}.zip"
    if not target.exists():
        with NamedTemporaryFile(dir=folder, prefix=".building-", delete=False) as building:
            temporary = Path(building.name)
            try:
                _write_bag(record, building)
                temporary.replace(target)
            finally:
                temporary.unlink(missing_ok=True)
    return target


def _state(record: Record) -> str:
    """What decides the bytes of the package beside the record itself."""
    newest = record.newest
    return record.proof + (newest.sha256 + newest.proof if newest else "")


def clear_old() -> None:
    """Remove packages that were built more than a day ago: they can be built again."""
    before = time.time() - KEPT_FOR
    for path in _folder().iterdir():
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def _folder() -> Path:
    folder = Path(settings.DATA_DIR) / "packages"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _write_bag(record: Record, out: IO[bytes]) -> None:
    files, top = payloads(record), safe_name(record.reference)
    tags = _tags(record, files)
    tags["tagmanifest-sha256.txt"] = _manifest(
        (path, sha256(data).hexdigest()) for path, data in tags.items()
    )
    moment = record.deposited_at.timetuple()[:6]
    with zipfile.ZipFile(out, "w") as bag:
        for path, data in tags.items():
            bag.writestr(_member(f"{top}/{path}", moment), data)
        for file in files:
            with bag.open(
                _member(f"{top}/{file.path}", moment), "w", force_zip64=file.size > 1 << 31
            ) as member:
                _copy(file, member)


def _member(path: str, moment: tuple[int, ...]) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(path, (max(moment[0], 1980), *moment[1:]))  # type: ignore[arg-type]  # six numbers
    member.external_attr = 0o644 << 16
    member.create_system = 3  # the same bytes on every system
    return member


def _copy(file: Payload, member: IO[bytes]) -> None:
    digest = sha256()
    with blobs.path_of(file.sha256).open("rb") as source:
        while piece := source.read(blobs.CHUNK):
            digest.update(piece)
            member.write(piece)
    if digest.hexdigest() != file.sha256:
        message = _("The stored file %(path)s is damaged. Put it back from the backup.") % {"path": file.path}
        raise DomainError("file_damaged", message, 500)


def _tags(record: Record, files: list[Payload]) -> dict[str, bytes]:
    proof, newest = parse_proof(record.proof), record.newest
    renewed = f"ledger/{RENEWED}/{record.file_name}.tlog-proof"
    return {
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": _bag_info(record, files),
        "README.txt": README.format(name=record.file_name).encode(),
        "metadata/record.json": _record_json(record),
        "metadata/premis.xml": premis_xml(record, files),
        "ledger/entry.json": proof.entry,
        f"ledger/{record.file_name}.tlog-proof": record.proof.encode(),
        **({renewed: newest.proof.encode()} if newest and newest.proof else {}),
        "ledger/checkpoint": proof.checkpoint.encode(),
        "ledger/vkey": f"{ledger.vkey()}\n".encode(),
        "manifest-sha256.txt": _manifest((file.path, file.sha256) for file in files),
    }


def _manifest(lines: Iterator[tuple[str, str]]) -> bytes:
    return "".join(f"{digest}  {path}\n" for path, digest in lines).encode()


def _bag_info(record: Record, files: list[Payload]) -> bytes:
    octets = sum(file.size for file in files)
    lines = {
        "Source-Organization": record.agency_name,
        "Bagging-Date": record.deposited_at.date().isoformat(),
        "External-Identifier": record.reference,
        "External-Description": record.title,
        "Internal-Sender-Identifier": f"urn:sha256:{record.sha256}",
        "Payload-Oxum": f"{octets}.{len(files)}",
    }
    return "".join(f"{name}: {' '.join(value.split())}\n" for name, value in lines.items()).encode()


def _version(row: RecordVersion) -> dict[str, object]:
    """Each version begins with the one before, so the newest file holds them all."""
    at = row.stamped_at.isoformat() if row.stamped_at else ""
    return {"number": row.number, "sha256": row.sha256, "size": row.size, "timestamp": at}


def _record_json(record: Record) -> bytes:
    facts = {
        "reference": record.reference,
        "title": record.title,
        "title_en": record.title_en,
        "kind": record.kind,
        "agency": record.agency_name,
        "signer": record.signer_name,
        "signer_office": record.signer_office,
        "issued_on": record.issued_on.isoformat(),
        "pages": record.pages,
        "sha256": record.sha256,
        "verify_code": record.verify_code,
        "retention_until": record.retention_until,
        "deposited_at": record.deposited_at.isoformat(),
        "renewals": [_version(row) for row in record.versions.filter(number__gt=0)],
    }
    return json.dumps(facts, ensure_ascii=False, indent=2).encode() + b"\n"
