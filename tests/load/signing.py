"""One gesture over a tray: the time from the gesture to the last dossier settled, without timestamps.

``ahead`` 1: the files were prepared while they waited; 0: preparing them is part of the time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import inf
from pathlib import Path

from ecabinet.accounts.gestures import DemoGesture
from signing import actions, pool
from signing.actions import entries
from signing.enums import EntryState
from signing.models import SigningSession
from signing.queries import unprepared
from tests.load import trays


@dataclass
class Outcome:
    signed: int
    seconds: float


def measure(folder: Path, dossiers: int, ahead: int) -> Outcome:
    pool.warm()  # as in the worker that does it
    tray = trays.fill(dossiers)
    entries.authority.away_until = inf
    while ahead and unprepared().exists():  # a batch at a time, as the ticker has it done
        actions.prepare_waiting()
    session, seconds = signed(tray)
    return Outcome(session.entries.filter(state=EntryState.SIGNED).count(), seconds)


def signed(tray: trays.Tray) -> tuple[SigningSession, float]:
    began = time.perf_counter()
    session = actions.open_session(actor=tray.signer, request_ids=tray.requests)
    actions.prepare_session(session.pk)
    actions.confirm_session(actor=tray.signer, session_id=session.pk, gesture=DemoGesture())
    actions.finish_session(session.pk)
    return session, time.perf_counter() - began
