"""What exactly is voted on: the words that are frozen into a poll, and the hash over them.

``basis`` is what a poll's hash is over, as plain data: the draft's SHA-256 alone, or with an amendment's
words, with the amendments adopted before (their hashes, in order), with the options between which is chosen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ecabinet.common.canonical import canonical_json

MAX_OPTIONS = 8
MAX_OPTION = 200  # characters
MAX_CLAUSE = 120
MAX_AMENDMENT = 4_000


@dataclass(frozen=True)
class Option:
    """One of the answers between which is chosen."""

    text: str
    text_en: str = ""


@dataclass(frozen=True)
class Amendment:
    """New words for one clause of the draft."""

    clause: str  # as it is called: "Khoản 2 Điều 3"
    text: str
    text_en: str = ""


def motion_basis(draft: str, adopted: Sequence[str] = ()) -> dict[str, Any]:
    """The text as distributed, with the hashes of the amendments adopted before, in their order."""
    return {"draft": draft, "amendments": list(adopted)} if adopted else {"draft": draft}


def amendment_basis(draft: str, amendment: Amendment) -> dict[str, Any]:
    return {"draft": draft, "amendment": asdict(amendment)}


def options_basis(draft: str, options: Sequence[Option]) -> dict[str, Any]:
    return {"draft": draft, "options": [asdict(option) for option in options]}


def basis_digest(basis: Mapping[str, Any]) -> str:
    """SHA-256 in hex: the draft's own where nothing else is voted on, so that it is found by its file."""
    if set(basis) == {"draft"}:
        return str(basis["draft"])
    return hashlib.sha256(canonical_json(dict(basis))).hexdigest()


def amendment_of(basis: Mapping[str, Any]) -> Amendment | None:
    return Amendment(**basis["amendment"]) if "amendment" in basis else None


def options_of(basis: Mapping[str, Any]) -> tuple[Option, ...]:
    return tuple(Option(**row) for row in basis.get("options", ()))
