"""What a voter gets in the hand: proof of one ballot, the same again on every retry."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from ecabinet.common.canonical import canonical_json

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no letter that reads like a digit


@dataclass(frozen=True)
class Receipt:
    """``code`` is eight signs derived from ``digest``; ``digest`` stands in the ledger."""

    poll_id: int
    mandate: str
    choice: str
    revision: int
    cast_at: datetime
    digest: str

    @property
    def code(self) -> str:
        """Like ``7F3A 92KD``: 40 bits of the digest."""
        number = int(self.digest[:10], 16)
        signs = "".join(_ALPHABET[number >> shift & 31] for shift in range(35, -5, -5))
        return f"{signs[:4]} {signs[4:]}"


class CastBallot(Protocol):
    """What a receipt is about."""

    poll_id: int
    revision: int
    choice: str
    comment: str
    key: str
    cast_at: datetime


def ballot_body(ballot: CastBallot, mandate: str) -> dict[str, object]:
    """What is hashed into a receipt; the client's random key hides the choice from who guesses."""
    return {
        "cast_at": ballot.cast_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "choice": ballot.choice,
        "comment": ballot.comment,
        "key": ballot.key,
        "mandate": mandate,
        "poll": ballot.poll_id,
        "revision": ballot.revision,
    }


def ballot_digest(ballot: CastBallot, mandate: str) -> str:
    """SHA-256 in hex over the canonical JSON of the ballot."""
    return hashlib.sha256(canonical_json(ballot_body(ballot, mandate))).hexdigest()
