"""A signed tray brought from B-T to B-LTA, file by file, by what the queue does."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from signing import actions, pool
from signing.enums import Level
from tests.load import trays
from tests.load.signing import signed


@dataclass
class Outcome:
    signed: int
    seconds: float


def measure(folder: Path, dossiers: int) -> Outcome:
    pool.warm()
    session, _seconds = signed(trays.fill(dossiers))
    files = list(session.entries.values_list("request__signed_sha256", flat=True))
    began = time.perf_counter()
    done = [actions.complete_timestamp(actor=None, sha256=each) for each in files]
    seconds = time.perf_counter() - began
    return Outcome(sum(each.level == Level.LTA for each in done), seconds)
