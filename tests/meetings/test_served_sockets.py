"""Sockets of a real server, daphne and uvicorn: who gets one, who loses it, and when Redis goes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.browser.site import environment
from tests.services import ROOT, free_port


def load(folder: Path, with_redis: int, **settings: str) -> Any:
    site = environment(folder, free_port(), **settings)
    command = [sys.executable, "-m", "tests.load", "sockets", str(folder), str(with_redis)]
    done = subprocess.run(command, env=site, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_who_gets_a_socket_and_who_loses_it(server: str, tmp_path: Path) -> None:
    told = load(tmp_path, 0, ECABINET_SERVER=server)
    assert told["statuses"] == {"same": 101, "evil": 403, "absent": 403}
    slow = told["closes"].pop("slow")
    assert told["closes"] == {
        "nobody": 4401,
        "stranger": 4403,
        "signed out": 4401,
        "locked": 4401,
        "dismissed": 4403,
    }
    # The quick screen got every frame; the slow one was let go with what fitted into the buffers.
    assert told["reader"]
    assert told["slow_bytes"] < told["sent_bytes"]
    assert slow in (4409, None)  # None: cut off before it had read as far as the word


@pytest.mark.redis
@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_redis_goes_and_comes_and_all_screens_show_the_same(server: str, tmp_path: Path) -> None:
    url = f"redis://127.0.0.1:{free_port()}/0"
    assert load(tmp_path, 1, ECABINET_SERVER=server, ECABINET_REDIS_URL=url)["healed"] == [0, 0, 0]
