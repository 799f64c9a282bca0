"""What ``bin/setup`` hands on to the command it becomes."""

from __future__ import annotations

import subprocess
import sys

from tests.services import ROOT

HANDED_ON = """
import runpy, signal
runpy.run_path("bin/setup")["listen"]()
for number in (signal.SIGHUP, signal.SIGTERM):
    if signal.getsignal(number) is signal.SIG_IGN:
        print(number.name)
"""


def ignored(shell: str) -> str:
    """Signals that are still ignored once setup listens."""
    command = ["sh", "-c", f'{shell} exec "$0" -c "$1"', sys.executable, HANDED_ON]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def test_a_closed_terminal_stops_it_unless_nohup_was_asked_for() -> None:
    assert ignored("") == ""
    assert ignored("trap '' HUP;") == "SIGHUP"
