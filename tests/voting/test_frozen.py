"""What an older version froze, this version reads and decides to the same bytes."""

from __future__ import annotations

import json

import pytest

from tests.voting.freeze import FOLDER, line, thawed

FILES = sorted(FOLDER.glob("*.jsonl"))


@pytest.mark.parametrize("name", [path.name for path in FILES])
def test_frozen_polls_replay_identically(name: str) -> None:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    assert [line(thawed(json.loads(row))) for row in lines] == lines


def test_there_is_something_to_replay() -> None:
    lines = [row for path in FILES for row in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) >= 120
    assert len({json.loads(row)["verdict"]["reason"] for row in lines}) >= 9
