"""Server processes killed under load: no acknowledged ballot lost, none doubled. ``runs``: kills."""

from __future__ import annotations

from typing import Any

from tests.bench import Row
from tests.bench._loads import databases, run

KILLS = 1000
BALLOTS_PER_KILL = 100


def rows(runs: int = KILLS) -> list[Row]:
    return [_row(name, run("kill", runs, runs * BALLOTS_PER_KILL, **site)) for name, site in databases()]


def _row(database: str, outcome: dict[str, Any]) -> Row:
    told = (
        "lost, doubled or miscounted ballots, {database}: {kills} kills, {offered} ballots offered in "
        "{polls} polls, {acknowledged} acknowledged, {refused} after the close, {unanswered} sent again, "
        "{seconds:.0f} s"
    ).format(database=database, **outcome)
    for violation in outcome["violations"][:10]:
        told += f"\n    {violation}"
    wrong = len(outcome["violations"])
    return Row(told, wrong, "violations", "limit", 0, "none", wrong == 0)
