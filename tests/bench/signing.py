"""Two hundred dossiers with one gesture, beside a plain pyHanko loop; a large file. ``runs``: dossiers."""

from __future__ import annotations

from typing import Any

from tests.bench import Row
from tests.bench._loads import run

DOSSIERS = 200
PREPARED_SECONDS, UNPREPARED_SECONDS, LONGTERM_SECONDS = 1.0, 3.0, 60.0
GAIN = 20.0
LARGE_SECONDS, LARGE_MEGABYTES, AGAIN_SECONDS = 0.3, 100.0, 0.5
# The peer takes minutes for all of them: it signs a part, and its rate is compared.
PEER_PART = 10


def rows(runs: int = DOSSIERS) -> list[Row]:
    return [*_many(runs), *_large()]


def _many(dossiers: int) -> list[Row]:
    cold, ahead = run("signing", dossiers, 0), run("signing", dossiers, 1)
    lasting, peer = run("signing_longterm", dossiers), run("signing_plain", max(2, dossiers // PEER_PART))
    what = f"{dossiers} two-page dossiers, RSA-3072"
    rate, plain = cold["signed"] / cold["seconds"], peer["signed"] / peer["seconds"]
    return [
        _within(f"{what}, B-B after the gesture, prepared", ahead, dossiers, PREPARED_SECONDS),
        _within(f"{what}, B-B after the gesture, nothing prepared", cold, dossiers, UNPREPARED_SECONDS),
        Row(
            f"{what}, nothing prepared, a second",
            rate,
            "/s",
            f"a plain pyHanko loop over {peer['signed']} of them",
            plain,
            f"{GAIN:g} times as many",
            rate >= GAIN * plain,
        ),
        _within(f"{what} to B-LTA in the background", lasting, dossiers, LONGTERM_SECONDS),
    ]


def _within(what: str, outcome: dict[str, Any], wanted: int, limit: float) -> Row:
    in_time = outcome["signed"] == wanted and outcome["seconds"] <= limit
    told = f"{what} ({outcome['signed']} signed)"
    return Row(told, outcome["seconds"], "s", "limit", limit, f"within {limit:g} s", in_time)


def _large() -> list[Row]:
    large = run("signing_large")
    what = f"one file of {large['pages']} pages, {large['megabytes']:.0f} MB"
    figures = (
        (f"{what}: signed", large["seconds"], "s", LARGE_SECONDS),
        (f"{what}: most memory taken for it", large["memory"], "MB", LARGE_MEGABYTES),
        (f"{what}: own file checked again", large["again"], "s", AGAIN_SECONDS),
    )
    return [
        Row(name, value, unit, "limit", limit, f"at most {limit:g} {unit}", value <= limit)
        for name, value, unit, limit in figures
    ]
