"""One parent starts and stops all parts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

# Each part writes its process id and starts a program of its own, which writes its id too.
PARENT = """
import os, subprocess, sys, time
from pathlib import Path
from ecabinet.operations.processes import Part, Supervisor

def part(name):
    def work():
        helper = subprocess.Popen(["sleep", "600"])
        with Path(sys.argv[1], name).open("a") as out:
            out.write(f"{os.getpid()} {helper.pid}\\n")
        time.sleep(600)
    return Part(name, work)

supervisor = Supervisor()
supervisor.listen()
if sys.argv[2] == "first":
    sys.exit(supervisor.first("one", part("one").work))
supervisor.run([part("one"), part("two")])
"""


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


def pids(path: Path) -> list[int]:
    """Of every start, the part and its helper."""
    lines = path.read_text() if path.exists() else ""
    return [
        int(word) for line in lines.splitlines(keepends=True) if line.endswith("\n") for word in line.split()
    ]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")")[-1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def start(folder: Path, how: str = "run") -> tuple[subprocess.Popen[bytes], Path, Path]:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(folder), how])
    one, two = folder / "one", folder / "two"
    wait_until(lambda: bool(pids(one) and (pids(two) or how == "first")))
    return parent, one, two


def left(*paths: Path) -> list[int]:
    return [pid for path in paths for pid in pids(path) if alive(pid)]


def test_every_way_to_stop_stops_every_part_and_what_it_started(tmp_path: Path) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        folder = tmp_path / number.name
        folder.mkdir()
        parent, one, two = start(folder)
        parent.send_signal(number)
        assert parent.wait(60) == 0
        assert left(one, two) == []


def test_a_killed_part_is_started_again(tmp_path: Path) -> None:
    parent, one, two = start(tmp_path)
    part, helper = pids(one)
    os.kill(part, signal.SIGKILL)
    wait_until(lambda: len(pids(one)) == 4)
    assert not alive(helper)
    assert len(pids(two)) == 2
    parent.send_signal(signal.SIGINT)
    assert parent.wait(60) == 0
    assert left(one, two) == []


def test_no_part_outlives_a_killed_parent(tmp_path: Path) -> None:
    parent, one, two = start(tmp_path)
    parent.kill()
    parent.wait(60)
    try:
        wait_until(lambda: not alive(pids(one)[0]) and not alive(pids(two)[0]))
    finally:
        for helper in left(one, two):
            os.kill(helper, signal.SIGKILL)


def test_work_done_before_the_parts_is_stopped_too(tmp_path: Path) -> None:
    parent, one, _two = start(tmp_path, "first")
    parent.terminate()
    assert parent.wait(60) == 128 + signal.SIGTERM
    assert left(one) == []
