"""Ballots offered within a second, beside one commit and one broadcast for each. ``runs``: ballots."""

from __future__ import annotations

from typing import Any

from tests.bench import Row
from tests.bench._loads import databases, run

BALLOTS = 5000
LIMIT_SECONDS = 4.0
GAIN = 5.0
# The peer takes minutes for all of them: it is offered a part, in the same hall, and its rate is compared.
PEER_PART = 20


def rows(runs: int = BALLOTS) -> list[Row]:
    return [row for name, site in databases() for row in _rows(name, site, runs)]


def _rows(database: str, site: dict[str, str], offered: int) -> list[Row]:
    own = run("ballots", offered, offered, 0, **site)
    part = max(20, offered // PEER_PART)
    peer = run("ballots", offered, part, 1, **site)
    what = f"{offered} ballots offered in 1 s, last one acknowledged, {database} ({_counts(own)})"
    in_time = _whole(own) and own["seconds"] <= LIMIT_SECONDS
    faster = _rate(own) >= GAIN * _rate(peer)
    beside = f"one commit and one broadcast each, {part} offered ({_counts(peer)})"
    return [
        Row(what, own["seconds"], "s", "limit", LIMIT_SECONDS, "all acknowledged in 4 s", in_time),
        Row(
            f"ballots a second, {database}", _rate(own), "/s", beside, _rate(peer), "5 times as many", faster
        ),
    ]


def _rate(outcome: dict[str, Any]) -> float:
    return float(outcome["acknowledged"] / outcome["seconds"])


def _whole(outcome: dict[str, Any]) -> bool:
    return bool(outcome["acknowledged"] == outcome["stored"] == outcome["offered"])


def _counts(outcome: dict[str, Any]) -> str:
    told = f"{outcome['acknowledged']} acknowledged, {outcome['stored']} stored"
    return f"{told}; refused: {outcome['refused']}" if outcome["refused"] else told
