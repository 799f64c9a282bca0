"""What a sheet of a roll call must hold before it counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

# Answers that are no choice of the ballot: where the mandate stood.
ABSENT, RECUSED, SILENT = "absent", "recused", "silent"
STANDINGS = (ABSENT, RECUSED, SILENT)


def fault_of_answers(
    answers: Mapping[int, str], members: Collection[int], choices: Collection[str]
) -> str | None:
    """``roll_incomplete`` unless each member has one answer, ``unknown_answer`` for a word not offered."""
    if set(answers) != set(members):
        return "roll_incomplete"
    allowed = {*choices, *STANDINGS}
    return None if all(answer in allowed for answer in answers.values()) else "unknown_answer"


def held_in_sitting(held_at: datetime, started_at: datetime | None, ended_at: datetime) -> bool:
    """``ended_at`` is the adjournment, or now while the meeting sits."""
    return started_at is not None and started_at <= held_at <= ended_at
