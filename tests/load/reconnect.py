"""All screens come back at the same moment: the time until the last shows the newest state."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from tests.load import peers
from tests.load.fanout import Way, cpu_of
from tests.load.hall import Hall, fill
from tests.load.screens import Screens, handshake
from tests.load.servers import apart, more_files, serving

MEMBERS = 27
SHOWS_STATE = b'{"type":"state"'


@dataclass
class Outcome:
    once: Way


def measure(folder: Path, screens: int, peer: int) -> Outcome:
    """With ``peer`` each screen's first state is drawn up for it alone."""
    hall = fill(folder, MEMBERS, screens)
    if peer:
        peers.snapshot_for_each_client()
    with serving() as house:
        return Outcome(apart(lambda: _storm(hall, house.port, house.pids())))


def _storm(hall: Hall, port: int, pids: list[int]) -> Way:
    more_files()
    path = f"/ws/meetings/{hall.meeting}/?audience=observer"
    hellos = [handshake(path, port, session) for session in hall.guests]
    first = Screens(port, hellos[:1])  # the server has answered once before
    first.connect()
    first.wait(lambda screen: screen.newest.startswith(SHOWS_STATE))
    screens = Screens(port, hellos)
    before, began = cpu_of(pids), time.monotonic()
    screens.connect(at_once=len(hellos))
    last, missing = screens.wait(lambda screen: screen.newest.startswith(SHOWS_STATE))
    cpu = (cpu_of(pids) - before) / len(hellos)
    return Way(len(hellos), last - began, cpu, missing)
