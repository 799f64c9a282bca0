"""Is this file what was signed and sealed? Answered from the file, its proof and public keys alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from asn1crypto import x509

from archive import compare
from archive.evidence import LedgerEvidence, file_digest, read_evidence, revision_digests
from archive.rules import LedgerState, Verdict, judge
from ecabinet.ledger.rules.notes import Verifier
from signing.validation import validate
from signing.validation.renewed import only_timestamps_follow
from signing.validation.report import ValidationReport
from signing.validation.report import Verdict as Signed


@dataclass(frozen=True)
class Original:
    """The file the archive keeps; ``path`` only where its pages may be compared."""

    reference: str
    sha256: str
    path: Path | None = None
    appendix: str = ""  # its title, where the file is named by its digest in the signed one of this number
    renewals: tuple[str, ...] = ()  # digests of the versions with renewed archive timestamps


@dataclass(frozen=True)
class Verification:
    """The answer and what it rests on. ``findings`` puts it in words (``archive.findings``)."""

    verdict: Verdict
    sha256: str
    size: int
    report: ValidationReport
    ledger: LedgerEvidence
    original: Original | None = None
    added: int = 0  # bytes that follow the unchanged original
    renewed: bool = False  # nothing but archive timestamps follows the unchanged original
    changed_pages: tuple[int, ...] = ()
    same_pages: int = 0

    @property
    def reference(self) -> str:
        """The number of the sealed record this file is, or was made from; empty when unknown."""
        return self.original.reference if self.original else self.ledger.reference

    def as_data(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "verdict": self.verdict.value,
            "reference": self.reference,
            "sha256": self.sha256,
            "size": self.size,
            "added_bytes": self.added,
            "renewed": self.renewed,
            "changed_pages": list(self.changed_pages),
            "signatures": self.report.as_data(),
            "ledger": {
                "state": self.ledger.state.value,
                "why": self.ledger.why,
                "origin": self.ledger.origin,
                "index": self.ledger.index,
                "size": self.ledger.size,
                "checkpoint": self.ledger.outside,
                "entry": dict(self.ledger.entry),
            },
        }


@dataclass(frozen=True)
class Trust:
    """Whom to believe: ledger keys, signed heads kept outside, root certificates (None: the site's)."""

    verifiers: Sequence[Verifier] = ()
    checkpoints: Sequence[str] = ()
    certificates: Sequence[x509.Certificate] | None = None


def verify_file(
    path: Path,
    *,
    proof: str = "",
    trust: Trust | None = None,
    original: Original | None = None,
    report: ValidationReport | None = None,
) -> Verification:
    """Check the file at ``path``; never raises for what the file contains.

    ``proof`` is its tlog-proof, ``original`` what an archive keeps under the number or code in question,
    ``report`` what is known already about the signatures of this content: they are not checked here then.
    """
    trust = trust or Trust()
    digest = file_digest(path)
    if report is None or report.sha256 != digest:
        report = validate(path, trust=trust.certificates)
    evidence = read_evidence(digest, proof, trust.verifiers, trust.checkpoints)
    expected = original.sha256 if original else evidence.digest
    differs = bool(expected) and expected != digest
    renewed = differs and _is_renewal(path, expected, report)
    if renewed and evidence.state == LedgerState.OTHER_FILE:
        evidence = replace(evidence, state=LedgerState.RENEWED)
    kept = renewed or (original is not None and digest in (original.sha256, *original.renewals))
    is_original = kept if original else None
    changed = differs and not kept
    pages = compare.pages(original.path, path) if changed and original and original.path else None
    return Verification(
        verdict=judge(report.verdict, evidence.state, is_original=is_original),
        sha256=digest,
        size=path.stat().st_size,
        report=report,
        ledger=evidence,
        original=original,
        added=_added(path, expected) if changed else 0,
        renewed=renewed or (kept and original is not None and digest != original.sha256),
        changed_pages=pages.changed if pages else (),
        same_pages=pages.same if pages else 0,
    )


def _is_renewal(path: Path, original: str, report: ValidationReport) -> bool:
    """The file begins with the original and is genuine, and only archive timestamps were put behind it."""
    if report.verdict != Signed.GENUINE:
        return False
    length = revision_digests(path).get(original, 0)
    return length > 0 and only_timestamps_follow(path, length)


def _added(path: Path, original: str) -> int:
    """How many bytes follow the original at the beginning of the file; 0 when it does not begin so."""
    length = revision_digests(path).get(original, 0)
    return path.stat().st_size - length if length else 0
