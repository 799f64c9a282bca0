"""What a voter gets in the hand: proof of one ballot, the same again on every retry."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

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


def ballot_digest(
    *, poll_id: int, mandate: str, revision: int, choice: str, comment: str, key: str, cast_at: datetime
) -> str:
    """SHA-256 in hex over the canonical JSON of the ballot; the client's random key hides the choice."""
    body = {
        "cast_at": cast_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "choice": choice,
        "comment": comment,
        "key": key,
        "mandate": mandate,
        "poll": poll_id,
        "revision": revision,
    }
    return hashlib.sha256(canonical_json(body)).hexdigest()
