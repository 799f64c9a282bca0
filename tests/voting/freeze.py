"""``python -m tests.voting.freeze NAME`` keeps what this version of the rules decides, for ever.

Each file under ``frozen/`` was written by the version it is named after and is never written again: what
a poll froze years ago must be read and decided by every later version to the same bytes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.voting.generated import Case, cases
from voting.rules import Mandate, Rule, Vote, decide, fixed_base, is_tie_for_chair

FOLDER = Path(__file__).parent / "frozen"
SEED, NUMBER, LARGEST = 20_190_513, 120, 12


def line(case: Case) -> str:
    """One poll as it would be frozen, and all that the rules say about it."""
    rule, electorate, ballots = case
    return json.dumps(
        {
            "rule": rule.as_data(),
            "electorate": [[m.key, m.weight, m.is_chair, m.entitlement] for m in electorate],
            "ballots": [[vote.mandate, vote.choice] for vote in ballots],
            "verdict": decide(rule, electorate, ballots).as_data(),
            "base": fixed_base(rule, electorate),
            "waits_for_chair": is_tie_for_chair(rule, electorate, ballots),
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def thawed(data: Mapping[str, Any]) -> Case:
    """The case of a line, read as a stored poll is read."""
    electorate = [Mandate(*row) for row in data["electorate"]]
    return Case(Rule.from_data(data["rule"]), electorate, [Vote(*row) for row in data["ballots"]])


def write(name: str) -> None:
    path = FOLDER / f"{name}.jsonl"
    if path.exists():
        raise SystemExit(f"{path.name} is frozen; choose the name of the new version.")
    small = (case for case in cases(SEED, NUMBER * 2) if len(case.electorate) <= LARGEST)
    lines = [line(case) for case, _number in zip(small, range(NUMBER), strict=False)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(sys.argv[1])
