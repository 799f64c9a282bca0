"""What the ledger's proof says of a file. Needs no database and no network."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from archive.rules import LedgerState
from ecabinet.common.blobs import CHUNK
from ecabinet.ledger.rules import notes, proofs

END_OF_FILE = b"%%EOF"
DEPOSITED, RENEWED = "record.deposited", "record.renewed"  # acts of the ledger
MOST_REVISIONS = 1_000  # a file that ends more often than this was made to keep us busy
LINE_ENDS = (b"", b"\r\n", b"\n", b"\r")


@dataclass(frozen=True)
class LedgerEvidence:
    """``entry`` is the sealed entry as data, empty until it is proved to stand in the ledger."""

    state: LedgerState
    why: str = ""  # for BAD: what did not hold, in English, for experts
    index: int = 0
    size: int = 0
    origin: str = ""
    entry: Mapping[str, Any] = field(default_factory=dict)
    outside: str = ""  # "", agrees, conflicts, other_size: against a checkpoint kept outside

    @property
    def reference(self) -> str:
        details = self.entry.get("details")
        return str(details.get("reference", "")) if isinstance(details, dict) else ""

    @property
    def digest(self) -> str:
        return str(self.entry.get("digest", ""))


def read_evidence(
    digest: str, proof: str, verifiers: Sequence[notes.Verifier], checkpoints: Iterable[str] = ()
) -> LedgerEvidence:
    """Hold the file's digest against its proof; ``checkpoints`` were kept outside. Never raises."""
    if not proof:
        return LedgerEvidence(LedgerState.NONE)
    if not verifiers:
        return LedgerEvidence(LedgerState.NO_KEY)
    try:
        return _checked(digest, proofs.parse_proof(proof), verifiers, checkpoints)
    except notes.NoteError as error:
        return LedgerEvidence(LedgerState.BAD, why=str(error))


def _checked(
    digest: str, proof: proofs.InclusionProof, verifiers: Sequence[notes.Verifier], checkpoints: Iterable[str]
) -> LedgerEvidence:
    head = proof.verify(verifiers)
    entry = _entry(proof.entry)
    outside = _compare(head, [notes.open_checkpoint(note, verifiers) for note in checkpoints])
    state = LedgerState.PROVED if digest in _proved(entry) else LedgerState.OTHER_FILE
    if outside == "conflicts":
        state = LedgerState.BAD
    return LedgerEvidence(state, "", proof.index, head.size, head.origin, entry, outside)


def _entry(body: bytes) -> dict[str, Any]:
    try:
        entry = json.loads(body)
    except ValueError:
        raise notes.NoteError("the entry cannot be read") from None
    if not isinstance(entry, dict) or entry.get("act") not in (DEPOSITED, RENEWED) or not entry.get("digest"):
        raise notes.NoteError("the entry is not that of a deposit")
    return entry


def _proved(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """What the entry is about; that of a renewal names the original and the version before it too."""
    details = entry.get("details")
    if entry["act"] != RENEWED or not isinstance(details, dict):
        return (str(entry["digest"]),)
    return (str(entry["digest"]), str(details.get("original", "")), str(details.get("before", "")))


def _compare(head: notes.Head, outside: Sequence[notes.Head]) -> str:
    """Heads of one size must have one root; heads of different sizes cannot be compared by themselves."""
    if not outside:
        return ""
    same_size = [other for other in outside if other.size == head.size and other.origin == head.origin]
    if not same_size:
        return "other_size"
    return "agrees" if all(other.root == head.root for other in same_size) else "conflicts"


def file_digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as source:
        while piece := source.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def revision_digests(path: Path) -> dict[str, int]:
    """Digest → length for every beginning of the file that ends like a PDF.

    Whoever adds to a PDF leaves the original as its beginning, so one of these is the original's digest;
    the first thousand are enough for that.
    """
    data, digest, done = path.read_bytes(), sha256(), 0
    found: dict[str, int] = {}
    at = data.find(END_OF_FILE)
    while at >= 0 and len(found) < MOST_REVISIONS:
        end = at + len(END_OF_FILE)
        for line_end in LINE_ENDS:
            if data.startswith(line_end, end):
                stop = end + len(line_end)
                if stop > done:
                    digest.update(memoryview(data)[done:stop])
                    done = stop
                    found[digest.hexdigest()] = stop
        at = data.find(END_OF_FILE, end)
    return found
