"""Checking a file: genuine, changed, unknown or unsigned, and why. Works without database or network."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from asn1crypto import x509
from pyhanko.pdf_utils.crypt import AuthStatus, StandardSecurityHandler
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing import trust as trust_settings
from signing.loop import run
from signing.validation import container
from signing.validation import der as der_rules
from signing.validation.digests import fill_digests
from signing.validation.judgement import File
from signing.validation.report import Reason, Role, SignatureReport, ValidationReport, Verdict
from signing.validation.signatures import examine
from signing.validation.stored import Known, ours_from

# The report says it in words; the library's tracebacks would only frighten.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

logger = logging.getLogger(__name__)

CHANGED_CODES = {"digest", "bytes_after", "padding", "container", "objects", "coverage", "structure", "token"}
MARK = b"/ByteRange"
# A form with signature fields (ISO 32000-2 table 224): the file was made to be signed.
PREPARED = re.compile(rb"/SigFlags|/FT\s*/Sig\b")
# Readers look for the end in the last 1,024 bytes (ISO 32000-1, annex H.3 note 18); behind it, pyHanko steps
# back byte by byte, which a long tail of blanks turns into minutes.
TAIL = 4096
# The start of an object: what comes after the end of a revision and is no mere blank or comment.
OBJECT = re.compile(rb"\d+\s+\d+\s+obj\b")
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Scan:
    """What the plain bytes of a file say, readable as a PDF or not."""

    sha256: str
    marks: int  # how often a signature's byte range is written in it
    prepared: bool  # it has fields for signatures
    head: bytes
    ended: bool  # the mark of the end stands where readers look for it

    @property
    def for_signatures(self) -> bool:
        return self.prepared or self.marks > 0


def validate(
    path: Path, *, trust: Sequence[x509.Certificate] | None = None, known: Known | None = None
) -> ValidationReport:
    """The report on the file at ``path``, which is only read.

    ``trust`` are the trusted roots (default: the site's, from its trust folder). ``known`` finds files of
    our own: what we ourselves added to one is not searched for changes again, everything else is checked
    as ever. Never raises for what is in the file: a file that breaks the reader is reported, as changed if
    it bears signatures or has fields for them (a signed file cut before its first signature still has
    those).
    """
    roots = trust_settings.anchors() if trust is None else list(trust)
    scan = _scan(path)
    size = path.stat().st_size
    if b"%PDF-" not in scan.head and not scan.for_signatures:
        return ValidationReport(Verdict.UNSIGNED, (Reason("not_pdf"),), (), scan.sha256, size, 0, 0)
    try:
        if not scan.ended:
            raise ValueError("no end where readers look for it")
        ours = ours_from(path, scan.sha256, size, known) if known else None
        return run(_validate(path, roots, scan, ours))
    except Exception as error:  # noqa: BLE001 - a damaged file can fail a parser in any way
        logger.info("a file broke the reader: %r", error)
        verdict = Verdict.CHANGED if scan.for_signatures else Verdict.UNSIGNED
        reason = Reason("structure" if scan.for_signatures else "unreadable")
        return ValidationReport(verdict, (reason,), (), scan.sha256, size, 0, 0)


async def _validate(
    path: Path, roots: list[x509.Certificate], scan: Scan, ours: int | None
) -> ValidationReport:
    with path.open("rb") as handle:
        reader = PdfFileReader(handle)
        if _is_locked(reader):
            locked = Verdict.UNKNOWN if scan.for_signatures else Verdict.UNSIGNED
            return ValidationReport(
                locked, (Reason("encrypted"),), (), scan.sha256, path.stat().st_size, 0, 0
            )
        file = File(reader, path.stat().st_size, roots, ours)
        embedded = list(reader.embedded_signatures)
        fill_digests(handle, embedded)
        examined = [await examine(each, file) for each in embedded]
        reports = tuple(report for report, _findings in examined)
        bad = [finding for _report, findings in examined for finding in findings]
        if len(embedded) != scan.marks or (scan.prepared and not embedded and _is_cut(handle, reader)):
            bad.append(Reason("structure"))
        after, ending = _ending(handle, embedded, file)
        bad += ending
        pages = int(reader.root["/Pages"]["/Count"])
    reasons = bad or _good(reports)
    return ValidationReport(
        _verdict(reports, bad), tuple(reasons), reports, scan.sha256, file.size, pages, after
    )


def _is_locked(reader: PdfFileReader) -> bool:
    """By a password that is not empty, or for the holders of certain certificates."""
    if not reader.encrypted:
        return False
    by_password = isinstance(reader.security_handler, StandardSecurityHandler)
    return not by_password or reader.decrypt("").status == AuthStatus.FAILED


def _scan(path: Path) -> Scan:
    digest, marks, prepared, tail, head = hashlib.sha256(), 0, False, b"", b""
    with path.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            head = head or chunk[:1024]
            digest.update(chunk)
            window = tail + chunk
            marks += window.count(MARK, max(0, len(tail) - len(MARK) + 1))
            prepared = prepared or _is_prepared(window)
            tail = window[-TAIL:]
    return Scan(digest.hexdigest(), marks, prepared, head, ended=b"%%EOF" in tail)


def _is_prepared(window: bytes) -> bool:
    """The plain words are looked for first: ten times as fast as the expression."""
    return b"/Sig" in window and PREPARED.search(window) is not None


def _is_cut(handle: IO[bytes], reader: PdfFileReader) -> bool:
    """The file breaks off in its last revision, or in one begun after it: perhaps a signature's."""
    handle.seek(reader.last_startxref or 0)
    _table, end, rest = handle.read().partition(b"%%EOF")
    return not end or OBJECT.search(rest) is not None


def _ending(handle: IO[bytes], embedded: list[EmbeddedPdfSignature], file: File) -> tuple[int, list[Reason]]:
    """How many bytes follow the last covered one, and what is wrong with the last signature's place."""
    if not embedded:
        return file.size, []
    last = max(embedded, key=lambda each: each.byte_range[2] + each.byte_range[3])
    _zero, start, resume, length = (int(each) for each in last.byte_range)
    after = file.size - resume - length
    handle.seek(start)
    place = handle.read(resume - start)
    found = [Reason("bytes_after", {"count": after})] if after else []
    return after, [*found, *_place_findings(place, file)]


def _place_findings(place: bytes, file: File) -> list[Reason]:
    try:
        raw = bytes.fromhex(place[1:-1].decode("ascii"))
        der = raw[: der_rules.outer_length(raw)]
        if not container.place_is_exact(place, der):
            return [Reason("padding")]
        known = [*file.roots, *file.stored_knowledge.known_certs] if file.roots else []
        return [] if container.is_exact(der, known=known) else [Reason("container")]
    except (ValueError, TypeError, KeyError) as error:
        logger.info("the last signature's place is broken: %r", error)
        return [Reason("padding")]


def _verdict(reports: tuple[SignatureReport, ...], bad: list[Reason]) -> Verdict:
    if any(reason.code in CHANGED_CODES for reason in bad):
        return Verdict.CHANGED
    if not any(each.role != Role.TIMESTAMP for each in reports):
        return Verdict.UNSIGNED
    return Verdict.UNKNOWN if bad else Verdict.GENUINE


def _good(reports: tuple[SignatureReport, ...]) -> list[Reason]:
    if not any(each.role != Role.TIMESTAMP for each in reports):
        return [Reason("unsigned")]
    reasons = [Reason("intact"), Reason("trusted")]
    last = reports[-1]
    if last.role == Role.TIMESTAMP and last.time:
        reasons.append(Reason("longterm", {"time": last.time.isoformat()}))
    else:
        reasons.append(Reason("timestamp_pending"))
    return [*reasons, Reason("demo")] if any(each.demo for each in reports) else reasons
