"""Where the ledger holds a ballot: the voter's own proof that it was counted as it was cast."""

from __future__ import annotations

from dataclasses import dataclass

from ecabinet.common.canonical import canonical_json
from ecabinet.ledger import queries as ledger
from ecabinet.ledger.models import Checkpoint, LedgerEntry
from voting.models import Ballot
from voting.queries import receipt_of
from voting.receipts import ballot_body


@dataclass(frozen=True)
class Place:
    """``index``: of the entry in the ledger; ``size``: of the tree under the newest signed head."""

    index: int
    size: int

    @property
    def number(self) -> int:
        """As people count: the first entry is number 1."""
        return self.index + 1


def place_of(ballot: Ballot, head: Checkpoint | None = None) -> Place | None:
    """None until the sequencer has placed the ballot and a signed head (the newest unless told) covers it."""
    entry, head = _entry(ballot), head or ledger.latest_checkpoint()
    if entry is None or entry.index is None or head is None or head.size <= entry.index:
        return None
    return Place(entry.index, head.size)


def proof_file(ballot: Ballot) -> bytes:
    """The ballot, word for word as it was hashed, and the ledger's proof of that hash, as JSON.

    Raises WrongState ``not_sequenced`` while the ledger has not sealed it.
    """
    entry, receipt = _entry(ballot), receipt_of(ballot, ballot.elector.mandate)
    if entry is None:
        raise LookupError(f"no ledger entry for ballot {ballot.pk}")
    return canonical_json({
        "format": "ecabinet-ballot-receipt/1",
        "ballot": ballot_body(ballot, ballot.elector.mandate),
        "digest": receipt.digest,
        "receipt": receipt.code,
        "proof": ledger.inclusion_proof(entry),
    })  # fmt: skip


def _entry(ballot: Ballot) -> LedgerEntry | None:
    """The entry that carries the ballot's digest; where the ballot does not name it, by looking."""
    if ballot.ledger_entry is not None:
        return ballot.ledger_entry
    digest = receipt_of(ballot, ballot.elector.mandate).digest.encode()
    rows = LedgerEntry.objects.filter(act="ballot.cast", subject=f"poll:{ballot.poll_id}")
    return next((row for row in rows.iterator() if digest in bytes(row.body)), None)
