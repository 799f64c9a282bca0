"""One parent starts and stops all parts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

PARENT = """
import sys
from ecabinet.operations.processes import Child, Supervisor
code = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\\\n'); time.sleep(600)"
Supervisor([Child(n, [sys.executable, "-c", code, f"{sys.argv[1]}/{n}"]) for n in ("one", "two")]).run()
"""


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


def pids(path: Path) -> list[int]:
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"


def start(folder: Path) -> tuple[subprocess.Popen[bytes], Path, Path]:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(folder)])
    one, two = folder / "one", folder / "two"
    wait_until(lambda: bool(pids(one) and pids(two)))
    return parent, one, two


def test_sigterm_stops_every_part(tmp_path: Path) -> None:
    parent, one, two = start(tmp_path)
    parent.terminate()
    assert parent.wait(20) == 0
    assert not alive(pids(one)[0])
    assert not alive(pids(two)[0])


def test_a_killed_part_is_started_again(tmp_path: Path) -> None:
    parent, one, two = start(tmp_path)
    os.kill(pids(one)[0], signal.SIGKILL)
    wait_until(lambda: len(pids(one)) == 2)
    assert len(pids(two)) == 1
    parent.send_signal(signal.SIGINT)
    assert parent.wait(20) == 0
    assert not alive(pids(one)[1])


def test_no_part_outlives_a_killed_parent(tmp_path: Path) -> None:
    parent, one, two = start(tmp_path)
    parent.kill()
    parent.wait(20)
    wait_until(lambda: not alive(pids(one)[0]) and not alive(pids(two)[0]))
