"""The proof that an entry stands in the ledger: ``c2sp.org/tlog-proof@v1``.

The entry's bytes travel in the proof's ``extra`` line, so that one small text beside a file is
all that a verifier needs beside the log's public key. They are believed only because their
leaf hash leads to the signed root.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass

from ecabinet.ledger.rules import merkle, notes

MAGIC = "c2sp.org/tlog-proof@v1"
MAX_PROOF = 300_000  # characters: a 64 kB entry in base64, 63 hashes, a note


@dataclass(frozen=True)
class InclusionProof:
    """``entry``: the leaf as bytes; ``hashes``: from its sibling up; ``checkpoint``: a signed note."""

    index: int
    entry: bytes
    hashes: tuple[bytes, ...]
    checkpoint: str

    def text(self) -> str:
        extra = [f"extra {base64.b64encode(self.entry).decode()}"] if self.entry else []
        hashes = [base64.b64encode(hash_).decode() for hash_ in self.hashes]
        return "\n".join([MAGIC, *extra, f"index {self.index}", *hashes, "", self.checkpoint])

    def verify(self, verifiers: Iterable[notes.Verifier]) -> notes.Head:
        """The signed head the entry stands under. Raises NoteError when anything does not fit."""
        head = notes.open_checkpoint(self.checkpoint, verifiers)
        leaf = merkle.leaf_hash(self.entry)
        if not merkle.verify_inclusion(leaf, self.index, head.size, self.hashes, head.root):
            raise notes.NoteError("the entry does not lead to the signed root")
        return head


def parse_proof(text: str) -> InclusionProof:
    """The proof in a text, not yet verified. Raises NoteError when the text has another form."""
    front, separator, checkpoint = text.partition("\n\n")
    lines = front.split("\n")
    if len(text) > MAX_PROOF or not separator or lines.pop(0) != MAGIC:
        raise notes.NoteError("not a tlog-proof@v1")
    entry = notes.decode(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else b""
    if not lines or not lines[0].startswith("index "):
        raise notes.NoteError("not a tlog-proof@v1: no index")
    index = notes.parse_number(lines.pop(0)[6:])
    hashes = tuple(notes.decode(line) for line in lines)
    if any(len(hash_) != merkle.HASH_SIZE for hash_ in hashes) or len(hashes) > 63:
        raise notes.NoteError("not a tlog-proof@v1: a hash has another length")
    return InclusionProof(index, entry, hashes, checkpoint)
