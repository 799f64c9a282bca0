"""``docs/security-signing.md`` names the test of every attack, and every test it names is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.signing.attacks import cms, heavy, later, raw

ROOT = Path(__file__).resolve().parents[3]
LIST = (ROOT / "docs" / "security-signing.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`(tests/\S+::\S+)`", LIST))


def test_every_test_named_is_there() -> None:
    files = sorted({each.split("::")[0] for each in NAMED})
    command = [sys.executable, "-m", "pytest", "-o", "addopts=", "--collect-only", "-q", *files]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    assert NAMED - set(found.stdout.splitlines()) == set()


def test_every_attack_is_named() -> None:
    attacks = {*later.ATTACKS, *raw.ATTACKS, *raw.ENTRIES, *cms.ATTACKS, *heavy.ATTACKS}
    named = {part for each in NAMED for part in re.split(r"[\[\]-]", each)}
    assert attacks - named == set()
