"""What the pages of a foreign file show, as far as the eye and the text can tell."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WORKER = Path(__file__).with_name("pages_worker.py")
WALL_SECONDS = 20  # somebody waits for the answer


@dataclass(frozen=True)
class Pages:
    """``changed`` counts from 1 and holds pages that are new or gone too; ``same`` is how many are alike."""

    changed: tuple[int, ...]
    same: int


def pages(original: Path, other: Path) -> Pages | None:
    """Compare page by page; None when a file cannot be opened or is too heavy."""
    found = _ask("compare", original, other)
    return Pages(tuple(found["changed"]), found["same"]) if found else None


def printed_codes(path: Path) -> list[str]:
    """The codes in verify addresses that stand on the pages; none when the file cannot be opened."""
    found = _ask("codes", path)
    return list(found["codes"]) if found else []


def _ask(mode: str, *files: Path) -> dict[str, Any] | None:
    command = [sys.executable, "-I", str(WORKER), mode, *(str(path.resolve()) for path in files)]
    try:
        answer = subprocess.run(command, capture_output=True, timeout=WALL_SECONDS, check=True)
        found: dict[str, Any] = json.loads(answer.stdout)
    except (subprocess.SubprocessError, ValueError):
        return None
    return found
