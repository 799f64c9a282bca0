"""Whether a file is another one with renewed archive timestamps behind it, and nothing else."""

from __future__ import annotations

from pathlib import Path

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel, SuspiciousModification
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing.validation.judgement import is_timestamp


def only_timestamps_follow(path: Path, length: int) -> bool:
    """The first ``length`` bytes end with a signature or timestamp over all of them; behind it stand document
    timestamps and validation data only. Whether these are trusted is asked of ``validate``.
    """
    with path.open("rb") as handle:
        signatures = list(PdfFileReader(handle).embedded_signatures)
        before = [each for each in signatures if _end(each) <= length]
        after = [each for each in signatures if _end(each) > length]
        if not before or not after or not all(map(is_timestamp, after)):
            return False
        last = max(before, key=_end)
        return _end(last) == length and _adds_proof_only(last)


def _end(signature: EmbeddedPdfSignature) -> int:
    return sum(int(each) for each in list(signature.byte_range)[-2:])


def _adds_proof_only(signature: EmbeddedPdfSignature) -> bool:
    signature.compute_integrity_info(skip_diff=True)  # it must know its coverage first
    found = signature.evaluate_modifications(DEFAULT_DIFF_POLICY)
    allowed = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES)
    return not isinstance(found, SuspiciousModification) and found.modification_level in allowed
