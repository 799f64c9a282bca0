from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> None:
    """Every test has its own ledger key."""
    settings.KEYS_DIR = tmp_path / "keys"
