"""The separate files a signed document names by their hashes. Needs no database and no network."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pikepdf

# The attachment of a signed document for machines, and its list of appendices.
OUTCOME_NAME, APPENDICES = "outcome.json", "appendices"


@dataclass(frozen=True)
class Listed:
    """One appendix as the signed document names it."""

    number: int
    title: str
    sha256: str


def listed_in(path: Path) -> tuple[Listed, ...]:
    """The appendices the PDF at ``path`` lists; none where it has no such list or cannot be read."""
    try:
        with pikepdf.open(path) as document:
            outcome = json.loads(document.attachments[OUTCOME_NAME].get_file().read_bytes())
        rows = outcome.get(APPENDICES, [])
        return tuple(Listed(int(row["number"]), str(row["title"]), str(row["sha256"])) for row in rows)
    except (pikepdf.PdfError, OSError, ValueError, KeyError, TypeError, AttributeError):
        return ()
