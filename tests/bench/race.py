"""50 votes against 50 closes: closing is one instant. ``runs``: races on each database."""

from __future__ import annotations

from typing import Any

from tests.bench import Row
from tests.bench._loads import databases, run

RUNS = 500


def rows(runs: int = RUNS) -> list[Row]:
    return [_row(name, run("race", runs, **site)) for name, site in databases()]


def _row(database: str, outcome: dict[str, Any]) -> Row:
    told = (
        "50 votes × 50 closes, {database}: {runs} runs, {acknowledged} ballots acknowledged, "
        "{refused} refused, {closes} closes, {seconds:.0f} s"
    ).format(database=database, **outcome)
    for violation in outcome["violations"][:10]:
        told += f"\n    {violation}"
    wrong = len(outcome["violations"])
    return Row(told, wrong, "violations", "limit", 0, "none", wrong == 0)
