"""Which pages of a changed file differ from the original, as far as the eye and the text can tell."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

WORKER = Path(__file__).with_name("compare_worker.py")
WALL_SECONDS = 60


@dataclass(frozen=True)
class Pages:
    """``changed`` counts from 1 and holds pages that are new or gone too; ``same`` is how many are alike."""

    changed: tuple[int, ...]
    same: int


def pages(original: Path, other: Path) -> Pages | None:
    """Compare page by page in a process of its own; None when the file cannot be opened or is too heavy."""
    command = [sys.executable, "-I", str(WORKER), str(original), str(other)]
    try:
        answer = subprocess.run(command, capture_output=True, timeout=WALL_SECONDS, check=True)
        found = json.loads(answer.stdout)
    except (subprocess.SubprocessError, ValueError):
        return None
    return Pages(tuple(found["changed"]), found["same"])
