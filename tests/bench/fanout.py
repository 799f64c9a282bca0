"""One frame to many screens, beside nginx with nchan and beside a group of Channels. ``runs``: screens."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from typing import Any

from tests import services
from tests.bench import Row
from tests.bench._loads import run
from tests.load import nchan

SCREENS = (1000, 5000)
CPU_GAIN = 3.0
NCHAN = "nginx with nchan"
GROUP = "Channels pubsub group_send"


def rows(runs: int = 0) -> list[Row]:
    """Without Redis or nchan their rows are left out, and a line says so."""
    with ExitStack() as stack:
        settings = {}
        if shutil.which("redis-server"):
            settings["ECABINET_REDIS_URL"] = stack.enter_context(services.redis())
        found = []
        for server in ("daphne", "uvicorn"):
            for screens in (runs,) if runs else SCREENS:
                outcome = run("fanout", screens, ECABINET_SERVER=server, **settings)
                found += _rows(server, screens, outcome)
    return found


def _goal(server: str, screens: int) -> float:
    """How many times as long as nchan it may take."""
    return 3.0 if server == "uvicorn" and screens >= 5000 else 8.0


def _rows(server: str, screens: int, outcome: dict[str, Any]) -> list[Row]:
    own, channels, other = outcome["hub"], outcome["channels"], outcome["nchan"]
    size = outcome["frame_bytes"] / 1024
    what = f"{screens} screens, last one updated, {server}, frame of {size:.0f} kB"
    rows = [Row(f"screens without the frame, {server}", own["missing"], "of 7 rounds", "limit", 0, "none",
                own["missing"] == 0)]  # fmt: skip
    if other:
        most = _goal(server, screens)
        met = own["seconds"] <= most * other["seconds"] and not own["missing"]
        rows.append(Row(what, own["seconds"] * 1e3, "ms", NCHAN, other["seconds"] * 1e3, f"≤ {most:g}×", met))
    else:
        print(nchan.MISSING)
    if channels:
        told = f"{GROUP} (missing: {channels['missing']})"
        cpu, peer = own["cpu"] * 1e6, channels["cpu"] * 1e6
        rows.append(
            Row(
                what,
                own["seconds"] * 1e3,
                "ms",
                told,
                channels["seconds"] * 1e3,
                "shorter",
                own["seconds"] < channels["seconds"],
            )
        )
        rows.append(
            Row(
                f"CPU a message, {screens} screens, {server}",
                cpu,
                "µs",
                told,
                peer,
                "a third or less",
                peer >= CPU_GAIN * cpu,
            )
        )
    return rows
