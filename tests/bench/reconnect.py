"""All screens come back at once, beside a server that draws up each one's state alone. ``runs``: screens."""

from __future__ import annotations

from typing import Any

from tests.bench import Row
from tests.bench._loads import run

SCREENS = 1000
LIMIT_SECONDS = 2.5
GAIN = 2.0
PEER = "a snapshot for each client"


ENDED_SECONDS = 5.0


def rows(runs: int = SCREENS) -> list[Row]:
    return [row for server in ("daphne", "uvicorn") for row in [*_rows(server, runs), *_ended(server)]]


def _ended(server: str) -> list[Row]:
    """How long an open socket outlives the access of its person."""
    took = run("sockets", 0, ECABINET_SERVER=server)["ended_seconds"]
    return [
        Row(
            f"{how} to closed socket, {server}",
            seconds,
            "s",
            "limit",
            ENDED_SECONDS,
            "at most 5 s",
            seconds <= ENDED_SECONDS,
        )
        for how, seconds in took.items()
    ]


def _rows(server: str, screens: int) -> list[Row]:
    own = run("reconnect", screens, 0, ECABINET_SERVER=server)["once"]
    peer = run("reconnect", screens, 1, ECABINET_SERVER=server)["once"]
    what = f"{screens} reconnects at once, last one shows the state, {server} (missing: {own['missing']})"
    in_time = own["seconds"] <= LIMIT_SECONDS and not own["missing"]
    return [
        Row(what, own["seconds"], "s", "limit", LIMIT_SECONDS, "at most 2.5 s, none missing", in_time),
        _beside(what, own, peer),
    ]


def _beside(what: str, own: dict[str, Any], peer: dict[str, Any]) -> Row:
    told = f"{PEER} (missing: {peer['missing']})"
    met = peer["seconds"] >= GAIN * own["seconds"]
    return Row(what, own["seconds"], "s", told, peer["seconds"], "half of it or less", met)
