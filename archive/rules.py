"""Pure functions and frozen values: no Django, no clock, no database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ecabinet.common.folding import unaccented

# Law on Archives 33/2024: for ever, or from 2 to 70 years after the year the work ends.
RETENTION_YEARS = range(2, 71)
SEGMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")


@dataclass(frozen=True, slots=True)
class FileSpec:
    """A stored file for a record's package; ``path`` is its place in the bag, under ``data/``."""

    path: str
    role: str
    sha256: str
    media_type: str = "application/pdf"
    title: str = ""


@dataclass(frozen=True, slots=True)
class EventSpec:
    """Something that happened to the main file before its deposit, in PREMIS terms.

    ``type`` is a term of the PREMIS event type vocabulary (``digital signature generation``),
    ``at`` an ISO 8601 time with offset, ``agent`` who did it.
    """

    type: str
    at: str
    detail: str = ""
    agent: str = ""

    def as_data(self) -> dict[str, str]:
        return {"type": self.type, "at": self.at, "detail": self.detail, "agent": self.agent}


def safe_name(text: str) -> str:
    """Latin letters, digits and hyphens only: ``36/NQ-CP`` → ``36-NQ-CP``, ``12/QĐ-TTg`` → ``12-QD-TTg``."""
    return re.sub(r"[^A-Za-z0-9]+", "-", unaccented(text)).strip("-") or "record"


def is_bag_path(path: str) -> bool:
    """Under ``data/``, relative, plain characters: no file system and no zip reader can be led astray."""
    first, *rest = path.split("/")
    return first == "data" and bool(rest) and len(path) <= 240 and all(SEGMENT.match(part) for part in rest)


def retention_fits(until: int | None, issued_on: date) -> bool:
    """None keeps for ever; otherwise a year that the law allows, counted from the year of issue."""
    return until is None or until - issued_on.year in RETENTION_YEARS


def duplicates(paths: Sequence[str]) -> list[str]:
    """Paths that two files claim, capitals not told apart: some file systems do not either."""
    lowered = [path.lower() for path in paths]
    return [path for at, path in enumerate(paths) if lowered[at] in lowered[:at]]


class Verdict(StrEnum):
    """What a check says of a file."""

    GENUINE = "genuine"
    CHANGED = "changed"
    UNKNOWN = "unknown"


class LedgerState(StrEnum):
    """What the ledger says of a file, as far as it was asked."""

    NONE = "none"  # no proof at hand
    PROVED = "proved"  # the proof is good and is that of this very file
    RENEWED = "renewed"  # the proof is that of this file's beginning; only archive timestamps follow it
    OTHER_FILE = "other_file"  # the proof is good and is that of a file with another content
    BAD = "bad"  # the proof does not hold
    NO_KEY = "no_key"  # nothing to check the proof with


def judge(signed: str, ledger: LedgerState, *, is_original: bool | None) -> Verdict:
    """One answer from three witnesses: the signatures, the ledger, the archive's own copy.

    ``signed`` is genuine, changed, unknown or unsigned; ``is_original`` tells whether the file is, byte for
    byte, the one the archive keeps under the number or code in question, None when nobody could say.
    Whoever has seen a change decides; a proof that does not hold leaves it open; otherwise one
    good witness is enough.
    """
    if signed == Verdict.CHANGED or ledger == LedgerState.OTHER_FILE or is_original is False:
        return Verdict.CHANGED
    if ledger == LedgerState.BAD:
        return Verdict.UNKNOWN
    if signed == Verdict.GENUINE or ledger in (LedgerState.PROVED, LedgerState.RENEWED) or is_original:
        return Verdict.GENUINE
    return Verdict.UNKNOWN
