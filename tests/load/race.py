"""Votes against closes, again and again, each run judged by the history checker."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.voting.conftest import people
from tests.voting.history import violations
from tests.voting.racing import VOTERS, race

VOTES = CLOSES = 50


@dataclass
class Outcome:
    runs: int = 0
    acknowledged: int = 0
    refused: int = 0
    closes: int = 0
    seconds: float = 0.0
    violations: list[str] = field(default_factory=list)


def measure(folder: Path, runs: int) -> Outcome:
    outcome, started, users = Outcome(), time.monotonic(), people(VOTERS)
    for number in range(runs):
        poll, history = race(votes=VOTES, closes=CLOSES, after=number % (VOTES - 5), users=users)
        accepted = sum(cast.code is None for cast in history.casts)
        outcome.runs += 1
        outcome.acknowledged += accepted
        outcome.refused += len(history.casts) - accepted
        outcome.closes += len(history.closes)
        outcome.violations += violations(poll, history)
    outcome.seconds = time.monotonic() - started
    return outcome
