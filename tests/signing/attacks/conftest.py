from __future__ import annotations

import pytest

from tests.signing.attacks.kit import Kit

KITS: dict[str, Kit] = {}


@pytest.fixture(params=["own", "foreign"])
def kit(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Kit:
    """Both ways of signing, each made once: keys and targets take a while."""
    name = str(request.param)
    if name not in KITS:
        KITS[name] = Kit(tmp_path_factory.mktemp(f"authority-{name}"), own=name == "own")
    return KITS[name]
