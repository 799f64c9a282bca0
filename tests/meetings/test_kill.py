"""Servers killed under load; ``bin/bench kill`` is the long form."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.site import environment
from tests.services import ROOT, free_port


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_killed_servers_lose_and_double_no_ballot(server: str, tmp_path: Path) -> None:
    site = environment(tmp_path, free_port(), ECABINET_SERVER=server, ECABINET_STEP_UP_SECONDS="86400")
    command = [sys.executable, "-m", "tests.load", "kill", str(tmp_path), "10", "1000"]
    done = subprocess.run(command, env=site, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    outcome = json.loads(done.stdout.splitlines()[-1])
    assert (outcome["violations"], outcome["kills"], outcome["offered"]) == ([], 10, 1000)
    assert outcome["acknowledged"] > 900
    assert outcome["unanswered"] > 0
